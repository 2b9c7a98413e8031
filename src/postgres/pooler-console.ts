import type { Clock } from '../model/clock.ts';
import type { Change } from '../model/cluster-changes.ts';
import type { PoolerConsole } from '../model/database-recovery.ts';
import { formatDuration } from '../model/duration.ts';
import { seen, unseen } from '../model/observed.ts';
import type { Connection } from './connect.ts';
import { describeHolders } from './describe-holders.ts';
import {
  type AdminConsole,
  openConsole,
  type PooledServer,
  readPooledServers,
  readWhetherPaused,
} from './pooler-admin.ts';
import type { QueryOutcome } from './query-within.ts';

export interface PoolerConsoleOptions {
  readonly clock: Clock;
  /** For the login, and for each answer but PAUSE's. */
  readonly answerMs: number;
}

/** How often a pause that somebody else began is looked at. */
const LOOK_MS = 500;

/**
 * PgBouncer as a way to hold clients: PAUSE without a name, so every pool of it, those of other servers too. Measured on 1.18: a PAUSE
 * that waits goes on when its console goes, and holds up newcomers, so that only RESUME ends it (facts.md, PostgreSQL 16); and no SHOW
 * tells of it before SHOW STATE came, so there the pooler's last word to this process stands for it.
 */
export function createPoolerConsole(
  connection: Omit<Connection, 'database'>,
  options: PoolerConsoleOptions,
): PoolerConsole {
  const { clock } = options;
  let lastWord: 'paused' | 'running' | null = null;
  const open = () => openConsole(connection, options);

  const pause = async (first: AdminConsole, second: AdminConsole, withinMs: number): Promise<Change> => {
    // Also the proof that RESUME has a way: nothing is begun that could not be ended.
    const before = await readPooledServers(second);
    if (!before.ok) return refused(`${before.reason}. PAUSE was not sent`);
    lastWord = null;
    const outcome = await first.ask('PAUSE', withinMs);
    const already = !outcome.ok && says(outcome, /already suspended\/paused/i);
    if (outcome.ok || (already && (await untilReleased(second, withinMs)))) {
      lastWord = 'paused';
      return { kind: 'done' };
    }
    if (!already && outcome.sqlState !== undefined) return refused(`${outcome.reason}. Nothing was paused`);
    return takeBack(second, before.value, withinMs);
  };

  /** Whether every server connection was released in time, by a PAUSE that was there before ours: a former life's, or somebody's. */
  const untilReleased = async (console: AdminConsole, withinMs: number): Promise<boolean> => {
    const until = clock.now() + withinMs;
    for (;;) {
      const servers = await readPooledServers(console);
      if (servers.ok && servers.value.length === 0) return (await readWhetherPaused(console)) !== 'no';
      if (!servers.ok || clock.now() >= until) return false;
      await clock.sleep(Math.min(LOOK_MS, until - clock.now()));
    }
  };

  /** Newcomers first: who held it up is asked afterwards. */
  const takeBack = async (second: AdminConsole, before: readonly PooledServer[], withinMs: number): Promise<Change> => {
    const resumed = await resume(second);
    const change = resumed.kind === 'unknown' ? await resumeAnew() : resumed;
    const late = `PgBouncer was not paused within ${formatDuration(withinMs)}`;
    if (change.kind !== 'done')
      return {
        kind: 'unknown',
        reason: `${late}, and RESUME was not confirmed: ${change.reason}. Clients may be waiting: run RESUME on its console`,
      };
    return refused(`${late}, so it was resumed. ${await describeHolders(second, before)}`);
  };

  const resume = async (console: AdminConsole): Promise<Change> => {
    lastWord = null;
    const outcome = await console.ask('RESUME');
    if (outcome.ok || says(outcome, /pooler is not paused\/suspended/i)) {
      lastWord = 'running';
      return { kind: 'done' };
    }
    if (outcome.sqlState !== undefined) return refused(outcome.reason);
    return { kind: 'unknown', reason: outcome.reason };
  };

  const resumeAnew = async (): Promise<Change> => {
    const console = await open();
    if (!console.ok) return refused(`${console.reason}. RESUME was not sent`);
    const change = await resume(console.value);
    console.value.end();
    return change;
  };

  return {
    async readPause() {
      const console = await open();
      if (!console.ok) return unseen(console.reason, clock.now());
      const [servers, state] = [await readPooledServers(console.value), await readWhetherPaused(console.value)];
      console.value.end();
      const now = clock.now();
      if (!servers.ok) return unseen(servers.reason, now);
      const isHeld = servers.value.length > 0;
      if (state === 'no') return seen('running', now);
      if (state === 'yes') return seen(isHeld ? 'pausing' : 'paused', now);
      if (lastWord === null) return unseen(UNTOLD, now);
      // A pause that was through has no server connection: who holds one now was let go on.
      return seen(isHeld ? 'running' : lastWord, now);
    },
    async pause(withinMs) {
      const consoles = await Promise.all([open(), open()]);
      const [first, second] = consoles;
      const change =
        first.ok && second.ok
          ? await pause(first.value, second.value, withinMs)
          : refused(`${first.ok ? (second.ok ? '' : second.reason) : first.reason}. PAUSE was not sent`);
      for (const console of consoles) if (console.ok) console.value.end();
      return change;
    },
    resume: resumeAnew,
  };
}

const UNTOLD = 'this PgBouncer does not tell whether it is paused, or about to be (no SHOW STATE)';

function says(outcome: Extract<QueryOutcome, { ok: false }>, words: RegExp): boolean {
  return outcome.sqlState !== undefined && words.test(outcome.reason);
}

function refused(reason: string): Change {
  return { kind: 'refused', reason };
}
