import type { Verdict } from '../model/admission.ts';
import type { TotalPoint } from '../model/forecast.ts';

/** What the canary's next knock hangs on. */
export interface CanarySituation {
  /** Of the newest probe; null where it has none. */
  readonly verdict: Verdict | null;
  /** It is the first good one after bad ones. */
  readonly toConfirm: boolean;
  /** Connections in the samples of the last `CANARY_LOOKS_BACK_MS`, oldest first; empty while they cannot be seen. */
  readonly totals: readonly TotalPoint[];
  /** Connections that ordinary roles can take; null while unknown. */
  readonly usable: number | null;
}

/** The canary's own clock: each probe is a connection that applications could have had. */
const ORDINARY_MS = 10_000;
/** While it would feed a storm (facts.md, PostgreSQL 4), or only say again what the counts say for nothing. */
const STAND_BACK_MS = 30_000;
/** One client is no storm, and the server's return is news. */
const RETURN_MS = 2_000;
/** Two good probes end an alert (product.md §4): the second need not wait for its turn. */
const CONFIRM_MS = 1_000;

export const CANARY_LOOKS_BACK_MS = 10_000;
/** From this share of the usable connections on a rise is a danger. */
const NEAR_FULL = 0.75;
/** Fewer more are no storm: the canary's own session is one. */
const SMALLEST_RISE = 3;

// `unreachable` among them: for milliseconds a crashing server cuts connections without a word.
const RETURNING: ReadonlySet<Verdict> = new Set([
  'starting',
  'crash-recovery',
  'shutting-down',
  'stopped',
  'frozen',
  'unreachable',
]);
const FULL: ReadonlySet<Verdict> = new Set(['only-reserved-left', 'completely-full']);

/** How long the canary rests after a probe, milliseconds; pure, and asked anew with every sample. */
export function decideCanaryInterval({ verdict, toConfirm, totals, usable }: CanarySituation): number {
  if (verdict === 'half-authenticated' || risesToTheLimit(totals, usable)) return STAND_BACK_MS;
  if (toConfirm) return CONFIRM_MS;
  if (verdict !== null && RETURNING.has(verdict)) return RETURN_MS;
  if (verdict !== null && FULL.has(verdict) && isFull(totals, usable)) return STAND_BACK_MS;
  return ORDINARY_MS;
}

/** As many more as in the last seconds would take the last usable connection. */
function risesToTheLimit(totals: readonly TotalPoint[], usable: number | null): boolean {
  const [first, last] = [totals[0], totals.at(-1)];
  if (first === undefined || last === undefined || usable === null) return false;
  const rise = last.total - first.total;
  return rise >= SMALLEST_RISE && last.total >= NEAR_FULL * usable && last.total + rise >= usable;
}

function isFull(totals: readonly TotalPoint[], usable: number | null): boolean {
  const last = totals.at(-1);
  return last !== undefined && usable !== null && last.total >= usable;
}
