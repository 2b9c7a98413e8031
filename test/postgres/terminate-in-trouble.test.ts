import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPlayer, type Player } from '../../sandbox/players/create-player.ts';
import { type RunningPostgres, startPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import { connectActions, details } from '../support/database-actions.ts';
import { BOT_ROLES } from '../support/database-source.ts';
import { createMovableClock, type MovableClock } from '../support/movable-clock.ts';
import { SERVER_KINDS } from '../support/postgres.ts';
import { type PostgresProxy, startPostgresProxy } from '../support/postgres-proxy.ts';

/** The text by which the statement that signals is known on the wire. */
const SIGNAL = 'pg_terminate_backend';

describe.each(SERVER_KINDS)('terminate, the connection lost in the middle: $label', ({ binaries }) => {
  let server: RunningPostgres;
  let proxy: PostgresProxy;
  let site: Player;
  let clock: MovableClock;
  let actions: DatabaseActions;
  /** Sees the server whatever becomes of the other's connection. */
  let onlooker: DatabaseActions;
  beforeAll(async () => {
    server = await startPostgres({ binaries, roles: [...BOT_ROLES, { name: 'site', password: 'site' }] });
    onlooker = await connectActions(server);
  });
  beforeEach(async () => {
    proxy = await startPostgresProxy(server);
    clock = createMovableClock();
    actions = await connectActions(server, { clock, connection: { port: proxy.port } });
    const login = { ...server.superuser, user: 'site', password: 'site' };
    site = createPlayer({ ...login, name: 'site', applicationName: 'web', localAddress: '127.10.0.1' });
    await site.open(3);
  });
  afterEach(async () => {
    await actions.close();
    await proxy.close();
    await site.terminateAll();
    await expect.poll(shown).toEqual([]);
  });
  afterAll(async () => {
    await onlooker.close();
    await server.close();
  });
  const shown = async () => (await details(onlooker)).filter(({ user }) => user === 'site');

  it('reads on a new connection what the unanswered statement has done', async () => {
    proxy.cutAt = { text: SIGNAL, passOn: true };
    const { fates } = await actions.terminate(await shown());
    expect(fates.map(({ fate }) => fate)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(fates[0]?.reason).toMatch(/^gone; whether Breakwater ended it is not known: the connection broke/);
    expect(await shown()).toEqual([]);
  });

  it('signals nobody anew when the statement never arrived: they are still there', async () => {
    proxy.cutAt = { text: SIGNAL, passOn: false };
    const report = actions.terminate(await shown());
    await expect.poll(() => actions.readObstacle(), { timeout: 10_000 }).toBeNull();
    await pass(report, clock);
    const { fates } = await report;
    expect(fates.map(({ fate }) => fate)).toEqual(['failed', 'failed', 'failed']);
    expect(fates[0]?.reason).toMatch(/^no answer came, and it is still there: /);
    expect(await shown()).toHaveLength(3);
  });

  it('knows nothing of any when no new connection is made in time', async () => {
    proxy.cutAt = { text: SIGNAL, passOn: true };
    proxy.closed = true;
    const report = actions.terminate(await shown());
    await pass(report, clock);
    const { fates } = await report;
    expect(fates.map(({ fate }) => fate)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(fates[0]?.reason).toMatch(/^the connection broke without a word/);
  });
});

/** Lets time pass, quickly, until it is done. */
async function pass(done: Promise<unknown>, clock: MovableClock): Promise<void> {
  let over = false;
  void done.then(() => {
    over = true;
  });
  await expect
    .poll(
      () => {
        clock.skip(500);
        return over;
      },
      { timeout: 15_000 },
    )
    .toBe(true);
}
