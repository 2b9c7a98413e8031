import { expect } from 'vitest';
import type { Login, RunningPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import { countSessions, type SessionGroup } from '../../src/model/session-group.ts';
import type { Connection } from '../../src/postgres/connect.ts';
import { createDatabaseSource, type DatabaseSourceOptions } from '../../src/postgres/create-database-source.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { createRecordedLog } from './recorded-log.ts';

/** The bot as product.md §5 wants it, short of reserved slots, and its canary; for the `roles` of startPostgres. */
export const BOT_ROLES = [
  { name: 'breakwater', password: 'bot-secret', memberOf: ['pg_monitor', 'pg_signal_backend'] },
  { name: 'canary', password: 'canary-secret' },
] as const;

/** A source that reconnects fast, so that tests need not wait. */
export function connectSource(
  server: RunningPostgres,
  options: Omit<Partial<DatabaseSourceOptions>, 'connection'> & { readonly connection?: Partial<Connection> } = {},
): { source: DatabaseSource; log: ReturnType<typeof createRecordedLog> } {
  const log = createRecordedLog();
  const source = createDatabaseSource({
    canary: { user: 'canary', password: 'canary-secret' },
    log,
    clock: systemClock,
    random: () => 1,
    timeouts: { connectMs: 2_000, probeMs: 5_000, statementMs: 2_000, queryMs: 3_000 },
    ...options,
    connection: { ...botLogin(server), ...options.connection },
  });
  return { source, log };
}

export function botLogin({ host, port }: RunningPostgres): Login {
  return { host, port, user: 'breakwater', password: 'bot-secret', database: 'postgres' };
}

/** Waits until a session is held. */
export async function untilHeld(source: DatabaseSource): Promise<void> {
  await expect.poll(() => source.server(), { timeout: 15_000 }).toMatchObject({ ok: true });
}

/** Waits until none is, and returns why. */
export async function untilLost(source: DatabaseSource): Promise<string> {
  await expect.poll(() => source.server().ok, { timeout: 15_000 }).toBe(false);
  const observed = source.server();
  return observed.ok ? '' : observed.reason;
}

/** The sample's groups; fails with the reason when there is none. */
export async function sample(source: DatabaseSource): Promise<readonly SessionGroup[]> {
  const observed = await source.readSessions();
  if (!observed.ok) throw new Error(observed.reason);
  return observed.value;
}

/** Waits until each user has so many sessions, and nobody else any: a refused one takes a moment to go. */
export async function expectCounts(source: DatabaseSource, counts: Record<string, number>): Promise<void> {
  await expect.poll(async () => countByUser(await sample(source)), { timeout: 5_000 }).toEqual(counts);
}

function countByUser(groups: readonly SessionGroup[]): Record<string, number> {
  const byUser = Object.groupBy(groups, ({ user }) => user ?? '');
  return Object.fromEntries(Object.entries(byUser).map(([user, ofUser = []]) => [user, countSessions(ofUser)]));
}
