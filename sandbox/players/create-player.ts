import { setTimeout as sleep } from 'node:timers/promises';
import { openPlayerSession, type PlayerLogin, type PlayerSession } from './player-session.ts';

export interface PlayerOptions extends PlayerLogin {
  /** For the people who watch, as in `site-7f9c`. */
  readonly name: string;
  /** Called after a session was opened, refused or lost. */
  readonly onChange?: () => void;
}

/** How an attempt to open sessions ended. */
export interface Opened {
  readonly opened: number;
  readonly refused: number;
}

/**
 * One pod of an application as a population of real client sessions, all from its own address in 127/8. Being refused
 * (53300 and whatever else a server in trouble says) is counted and never thrown; a wrong login is thrown.
 */
export interface Player {
  readonly name: string;
  readonly localAddress: string;
  /** Sessions open now. */
  count(): number;
  /** Attempts refused so far. */
  refused(): number;
  /** Some at a time; near the server's limit even a refused attempt holds a slot for a moment, and may cost another its own. */
  open(n: number): Promise<Opened>;
  /** Opens `n` one after the other, `perSecond` of them each second, and never uses them; the signal stops it. */
  leak(n: number, perSecond: number, signal?: AbortSignal): Promise<Opened>;
  /** Begins a transaction in `n` idle sessions and leaves it open. */
  holdTransaction(n: number): Promise<void>;
  /** Runs a short statement in `n` idle sessions every `everyMs` milliseconds, until `idle` or the session's end. */
  runQueries(n: number, everyMs?: number): void;
  /** All sessions stop what they do; transactions are rolled back. */
  idle(): Promise<void>;
  /** Logs out `n` sessions, idle ones first; all of them without a number. */
  close(n?: number): Promise<void>;
  /** The application forgets its sessions as they are: their sockets stay open until terminateAll. */
  abandon(): void;
  /** The pod is killed: every socket closes, abandoned ones too, and what it was about to open stays closed. */
  terminateAll(): Promise<void>;
}

const OPEN_AT_ONCE = 8;

export function createPlayer({ name, onChange = () => {}, ...login }: PlayerOptions): Player {
  const sessions = new Set<PlayerSession>();
  let refusals = 0;
  let life = new AbortController();

  const openOne = async (alive: AbortSignal): Promise<boolean> => {
    if (alive.aborted) return false;
    try {
      const session: PlayerSession = await openPlayerSession(login, () => {
        sessions.delete(session);
        onChange();
      });
      sessions.add(session);
      onChange();
      if (alive.aborted) await session.destroy();
      return !alive.aborted;
    } catch (error) {
      if (isWrongLogin(error)) throw error;
      refusals += 1;
      onChange();
      return false;
    }
  };
  const select = (use: PlayerSession['use'], n: number) =>
    [...sessions].filter((session) => session.use === use).slice(0, n);
  const take = (n: number, use: PlayerSession['use']) => {
    const taken = select('idle', n);
    if (taken.length < n) throw new Error(`${name} has ${taken.length} idle sessions, not ${n}`);
    for (const session of taken) session.use = use;
    return taken;
  };

  return {
    name,
    localAddress: login.localAddress,
    count: () => sessions.size,
    refused: () => refusals,
    open: async (n) => {
      const alive = life.signal;
      let [begun, opened] = [0, 0];
      const openInTurn = async () => {
        while (begun < n) {
          begun += 1;
          if (await openOne(alive)) opened += 1;
        }
      };
      await Promise.all(Array.from({ length: OPEN_AT_ONCE }, openInTurn));
      return { opened, refused: n - opened };
    },
    leak: async (n, perSecond, signal) => {
      const alive = signal === undefined ? life.signal : AbortSignal.any([life.signal, signal]);
      const begunAt = performance.now();
      let opened = 0;
      for (let tried = 1; tried <= n; tried += 1) {
        if (await openOne(alive)) opened += 1;
        await pause(Math.max(0, begunAt + (tried * 1000) / perSecond - performance.now()), alive);
        if (alive.aborted) return { opened, refused: tried - opened };
      }
      return { opened, refused: n - opened };
    },
    holdTransaction: async (n) => {
      await Promise.all(take(n, 'transaction').map((session) => session.query('begin; select 1')));
    },
    runQueries: (n, everyMs = 50) => {
      for (const session of take(n, 'queries')) void queryOnAndOn(session, everyMs);
    },
    idle: async () => {
      const held = select('transaction', sessions.size);
      for (const session of sessions) if (session.use !== 'abandoned') session.use = 'idle';
      await Promise.allSettled(held.map((session) => session.query('rollback')));
    },
    close: async (n = sessions.size) => {
      const leaving = [...select('idle', n), ...select('queries', n), ...select('transaction', n)].slice(0, n);
      for (const session of leaving) session.use = 'idle';
      await Promise.allSettled(leaving.map((session) => session.end()));
    },
    abandon: () => {
      for (const session of sessions) session.use = 'abandoned';
    },
    terminateAll: async () => {
      life.abort();
      life = new AbortController();
      await Promise.all([...sessions].map((session) => session.destroy()));
    },
  };
}

async function queryOnAndOn(session: PlayerSession, everyMs: number): Promise<void> {
  while (session.use === 'queries') {
    try {
      await session.query('select 1');
    } catch {
      return; // Thrown out: its end is counted elsewhere.
    }
    await pause(everyMs);
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** SQLSTATE class 28 and 3D: a mistake in the scenario, not a server in trouble. */
function isWrongLogin(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(28|3D)/.test(String(error.code));
}
