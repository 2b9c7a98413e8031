import type { Socket } from 'node:net';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DetailedSession } from '../../src/model/activity.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import { connectActions, details, terminate } from '../support/database-actions.ts';
import { BOT_ROLES } from '../support/database-source.ts';
import { connectClient, SERVER_KINDS } from '../support/postgres.ts';

/** A client that asked for more than it takes: its session is active, and waits for it. */
const MUCH = "select repeat('x', 10000) from generate_series(1, 20000)";

describe.each(SERVER_KINDS)('terminate an active session: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let actions: DatabaseActions;
  let client: Client;
  let answered: Promise<unknown>;
  const one = async (): Promise<DetailedSession> => {
    const session = (await details(actions)).find(({ user }) => user === 'site');
    if (session === undefined) throw new Error('site has no session');
    return session;
  };
  const socket = (): Socket => (client as unknown as { connection: { stream: Socket } }).connection.stream;

  beforeAll(async () => {
    server = await startPostgres({ binaries, roles: [...BOT_ROLES, { name: 'site', password: 'site' }] });
    actions = await connectActions(server);
    client = await connectClient({ ...server.superuser, user: 'site', password: 'site' });
    answered = client.query(MUCH).then(
      () => 'all of it',
      () => 'ended',
    );
    socket().pause();
    await vi.waitFor(async () => expect((await one()).waitEvent).toBe('ClientWrite'), { timeout: 10_000 });
  });
  afterAll(async () => {
    await client.end().catch(() => {});
    await actions.close();
    await server.close();
  });

  it.each([
    ['another wait than was shown', { waitEvent: 'ClientRead' }],
    ['none that was shown', { waitEvent: null }],
    ['another statement than was shown', { stateChange: '2020-12-11 13:24:00.000001+00' }],
    ['another state than was shown', { state: 'idle' }],
  ] as const)('spares it for %s', async (_, parts) => {
    expect(await terminate(actions, [{ ...(await one()), ...parts }])).toEqual(['used']);
    const { waitEvent: _left, ...without } = await one();
    expect(await terminate(actions, [without])).toEqual(['used']);
  });

  it('ends it while it waits for its client as it was shown to', async () => {
    const shown = await one();
    expect(shown).toMatchObject({ state: 'active', waitEventType: 'Client' });
    expect(await terminate(actions, [shown])).toEqual(['terminated']);
    socket().resume();
    expect(await answered).toBe('ended');
  });
});
