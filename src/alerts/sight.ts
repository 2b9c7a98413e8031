import type { ServerFacts } from '../model/server-facts.ts';
import type { ServerSignals } from '../model/server-signals.ts';
import type { SessionGroup } from '../model/session-group.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Standing } from './rule.ts';

/** What a rule about connections can see of a database, or why it sees nothing. */
export type Sight =
  | {
      readonly ok: true;
      readonly sessions: readonly SessionGroup[];
      readonly server: ServerFacts;
      /** False when sessions of other roles are hidden from the bot: what it counts is only the least there can be. */
      readonly whole: boolean;
    }
  | { readonly ok: false; readonly reason: string };

/** Both the sessions and the server's limits are needed to judge anything. */
export function lookAt({ sessions, server }: Snapshot): Sight {
  if (!sessions.ok) return { ok: false, reason: sessions.reason };
  if (!server.ok) return { ok: false, reason: server.reason };
  return { ok: true, sessions: sessions.value, server: server.value, whole: seesAll(server.value) };
}

/** What a rule about the slow signals can see. */
export type SignalSight =
  | { readonly ok: true; readonly signals: ServerSignals; readonly whole: boolean }
  | { readonly ok: false; readonly reason: string };

/** Signals outlive the connection they came over: without a server behind them they say nothing of now. */
export function lookAtSignals({ signals, server }: Pick<Snapshot, 'signals' | 'server'>): SignalSight {
  if (!signals.ok) return { ok: false, reason: signals.reason };
  if (!server.ok) return { ok: false, reason: server.reason };
  return { ok: true, signals: signals.value, whole: seesAll(server.value) };
}

function seesAll({ missingPrivileges }: ServerFacts): boolean {
  return !missingPrivileges.some(({ countsAreLow }) => countsAreLow);
}

/** Why a rule that counts too low does not know. */
export const HIDDEN = "sessions of other roles are hidden from the bot's role";

/** Too low a count can prove that a threshold is passed, never that it is not: unknown is not healthy (product.md §4). */
export function trustStanding(standing: Standing, { whole }: { readonly whole: boolean }): Standing {
  return whole || standing === 'firing' ? standing : 'unknown';
}

/** Says in a headline that the number is only the least there can be. */
export function atLeast(count: number, { whole }: { readonly whole: boolean }): string {
  return whole ? String(count) : `at least ${count}`;
}
