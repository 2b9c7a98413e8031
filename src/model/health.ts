import { formatDuration } from './duration.ts';
import type { SourceState } from './source-state.ts';

/** Whether the bot can do its work, part by part, as plain data. */
export interface HealthReport {
  readonly parts: readonly HealthPart[];
}

export interface HealthPart {
  /** `gateway`, `delivery`, `journal`, `watch`. */
  readonly name: string;
  readonly ok: boolean;
  /** For people: the fact, and since when. Holds no secret. */
  readonly detail: string;
}

/** What readiness is decided from. Times are epoch milliseconds. */
export interface HealthFacts {
  readonly startedAt: number;
  readonly gateway: {
    /** The newest heartbeat that Discord acknowledged, on whichever connection; null before the first. */
    readonly acknowledgedAt: number | null;
  };
  /** Since when no message at all gets through to Discord, and since when some one does not; null while they do. */
  readonly delivery: { readonly silentSince: number | null; readonly failingSince: number | null };
  /** Why the journal takes no event, and since when; null while it does. */
  readonly journal: SourceState['blind'];
  /** When each watched database was last looked at, seen or not; null before the first look; how often it should be. */
  readonly databases: readonly { readonly name: string; readonly lookedAt: number | null; readonly everyMs: number }[];
}

/** Above these it is not ready. Discord asks for a heartbeat each 41 s: after 60 s one was missed (facts.md, Discord 4). */
export const READY_WITHIN_MS = { gatewaySilence: 60_000, deliveryFailure: 60_000, look: 60_000 } as const;

/**
 * Says of each part whether it works. A PostgreSQL that cannot be seen is no reason to be unready: telling that is the
 * bot's work (contract.md, fine print 8). Pure, `now` in epoch milliseconds.
 */
export function decideReadiness(facts: HealthFacts, now: number): HealthReport {
  return {
    parts: [judgeGateway(facts, now), judgeDelivery(facts, now), judgeJournal(facts, now), judgeWatch(facts, now)],
  };
}

/** Ready means that every part works. */
export function isReady({ parts }: HealthReport): boolean {
  return parts.every(({ ok }) => ok);
}

function judgeGateway({ gateway, startedAt }: HealthFacts, now: number): HealthPart {
  const { acknowledgedAt } = gateway;
  const name = 'gateway';
  if (acknowledgedAt === null) {
    return { name, ok: false, detail: `not connected to Discord since the start, ${describeSince(startedAt, now)}` };
  }
  const ok = now - acknowledgedAt <= READY_WITHIN_MS.gatewaySilence;
  const fact = ok ? 'Discord acknowledged a heartbeat' : 'Discord has acknowledged no heartbeat since';
  return { name, ok, detail: `${fact} ${describeSince(acknowledgedAt, now)}` };
}

function judgeDelivery({ delivery }: HealthFacts, now: number): HealthPart {
  const { silentSince, failingSince } = delivery;
  const name = 'delivery';
  if (failingSince === null) return { name, ok: true, detail: 'messages get through' };
  const ok = now - failingSince <= READY_WITHIN_MS.deliveryFailure;
  const detail =
    silentSince === null
      ? `others get through to Discord, but one message has not since ${describeSince(failingSince, now)}`
      : `no message has got through to Discord since ${describeSince(silentSince, now)}`;
  return { name, ok, detail };
}

function judgeJournal({ journal }: HealthFacts, now: number): HealthPart {
  const name = 'journal';
  if (journal === null) return { name, ok: true, detail: 'writable' };
  return { name, ok: false, detail: `not writable since ${describeSince(journal.since, now)}: ${journal.reason}` };
}

function judgeWatch({ databases, startedAt }: HealthFacts, now: number): HealthPart {
  const late = databases.filter(({ lookedAt, everyMs }) => {
    return lookedAt === null || now - lookedAt > Math.max(READY_WITHIN_MS.look, 3 * everyMs);
  });
  if (late.length === 0) return { name: 'watch', ok: true, detail: 'every database is looked at' };
  const details = late.map(({ name, lookedAt }) => `${name} not since ${describeSince(lookedAt ?? startedAt, now)}`);
  return { name: 'watch', ok: false, detail: `not looked at: ${details.join(', ')}` };
}

function describeSince(at: number, now: number): string {
  return `${new Date(at).toISOString()} (${formatDuration(Math.max(0, now - at))} ago)`;
}
