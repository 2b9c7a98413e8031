import { type Application, nameApplication } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import type { LocksReport } from '../model/locks-report.ts';
import { seen } from '../model/observed.ts';
import type { SessionGroup } from '../model/session-group.ts';
import { answerWithin, PERSON_WAITS_MS } from './answer-within.ts';
import type { WatchedDatabase } from './read-status.ts';

/** Who blocks whom in one database, read anew; a server that does not answer is told as such, with the last sample. */
export async function readLocks(database: WatchedDatabase, clock: Clock): Promise<LocksReport> {
  const { name, applications, actions } = database;
  const tree = await answerWithin(actions.readLockTree(), PERSON_WAITS_MS, clock);
  const sample = database.lastSample();
  return {
    database: name,
    at: clock.now(),
    tree,
    sample: sample.ok ? seen(describeSample(sample.value, applications), sample.at) : sample,
    configured: applications,
  };
}

function describeSample(groups: readonly SessionGroup[], applications: readonly Application[]) {
  const open = groups
    .flatMap((group) => (group.oldestTransactionMs === null ? [] : [{ group, ms: group.oldestTransactionMs }]))
    .sort((a, b) => b.ms - a.ms)[0];
  return {
    waiting: groups.reduce((sum, { lockWaits }) => sum + lockWaits, 0),
    oldest: open
      ? { application: nameApplication(open.group, applications), state: open.group.state, ms: open.ms }
      : null,
  };
}
