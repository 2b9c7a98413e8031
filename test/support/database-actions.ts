import { setTimeout as delay } from 'node:timers/promises';
import type { RunningPostgres } from '../../sandbox/postgres/start-postgres.ts';
import type { DetailedSession } from '../../src/model/activity.ts';
import type { DatabaseActions } from '../../src/model/database-actions.ts';
import type { Connection } from '../../src/postgres/connect.ts';
import { createDatabaseActions, type DatabaseActionsOptions } from '../../src/postgres/create-database-actions.ts';
import { systemClock } from '../../src/time/system-clock.ts';
import { botLogin } from './database-source.ts';
import { createRecordedLog } from './recorded-log.ts';

/** The acting side of the bot, connected. */
export async function connectActions(
  server: RunningPostgres,
  options: Omit<Partial<DatabaseActionsOptions>, 'connection'> & { readonly connection?: Partial<Connection> } = {},
): Promise<DatabaseActions> {
  const actions = createDatabaseActions({
    canary: { user: 'canary', password: 'canary-secret' },
    log: createRecordedLog(),
    clock: systemClock,
    random: () => 1,
    ...options,
    connection: { ...botLogin(server), ...options.connection },
  });
  const begun = performance.now();
  while ((await actions.readObstacle())?.reason === 'the first connection is not made yet') {
    if (performance.now() - begun > 15_000) throw new Error('not connected');
    await delay(10);
  }
  return actions;
}

/** All that is seen, or the reason why nothing is. */
export async function details(actions: DatabaseActions): Promise<readonly DetailedSession[]> {
  const observed = await actions.readDetails();
  if (!observed.ok) throw new Error(observed.reason);
  return observed.value;
}

/** As `idle 3, terminated 2`: the fates in the targets' order. */
export async function terminate(
  actions: DatabaseActions,
  targets: readonly Parameters<DatabaseActions['terminate']>[0][number][],
): Promise<readonly string[]> {
  return (await actions.terminate(targets)).fates.map(({ fate }) => fate);
}
