import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { BotStreams } from './bot-journal.ts';
import type { CheckTeller } from './delivery/tell-checks.ts';
import type { JournalEvent, StoredEvent } from './journal/journal.ts';
import { type CheckFinding, findingKey } from './model/check-finding.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';

/** Until the bot has logged in everywhere, and whoever started it has looked: nothing of this is urgent. */
const AFTER_MS = 60_000;
const VERSION = 1;
/** Alerts tell that something is away, while it is: it is no news of the configuration. */
const TOLD_BY_ALERTS: ReadonlySet<string> = new Set(['discord-reach', 'postgres-reach', 'kubernetes-reach']);

/** Which faults are known, as the stream `checks` keeps them: the newest event is all that counts. */
const knownSchema = z.object({ faults: z.array(z.string()) });

/** Looks once, some time after the start, and tells the faults that are new since the last look of any life of the bot. */
export function startChecks(options: {
  /** Looks at everything; see bot-check.ts. */
  readonly examine: () => Promise<readonly CheckFinding[]>;
  readonly teller: Pick<CheckTeller, 'tell'>;
  readonly streams: Pick<BotStreams, 'open'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly afterMs?: number;
}): { stop(): Promise<void> } {
  const { examine, teller, streams, clock, log, afterMs = AFTER_MS } = options;
  const stopping = new AbortController();

  async function lookOnce(): Promise<void> {
    await clock.sleep(afterMs, stopping.signal);
    if (stopping.signal.aborted) return;
    const stream = streams.open('checks');
    // Unread, what was told is unknown: told twice beats never told.
    const past = await stream.load().catch((): readonly StoredEvent[] => []);
    const findings = await examine();
    if (stopping.signal.aborted) return;
    const { faults, known, changed } = compare(findings, past);
    log.info({ faults: known.length, new: faults.length }, 'everything was checked: breakwater check shows it');
    // First the letter, which is durable by itself: after a crash in between it is the same one.
    if (faults.length > 0) teller.tell(faults, nameTelling(faults, past), clock.now());
    if (changed) await stream.write([{ type: 'looked', version: VERSION, at: clock.now(), data: { faults: known } }]);
  }

  const looking = lookOnce().catch((err: unknown) =>
    log.error({ err }, 'a fault of ours in checking; the bot goes on'),
  );
  return {
    async stop() {
      stopping.abort();
      await looking;
    },
  };
}

/**
 * What is new, and what is known from now on. A fault that could not be looked at this time is not mended: it is not told
 * again when it can be seen.
 */
function compare(findings: readonly CheckFinding[], past: readonly JournalEvent[]) {
  const before = fold(past);
  const faults = findings.filter(({ level, id }) => level === 'fault' && !TOLD_BY_ALERTS.has(id));
  const unseen = new Set(findings.filter(({ level }) => level === 'unknown').map(({ id }) => id));
  const now = faults.map(findingKey);
  const kept = before.filter((key) => !now.includes(key) && unseen.has(key.split(' · ')[0] ?? ''));
  const known = [...now, ...kept].toSorted();
  return {
    faults: faults.filter((finding) => !before.includes(findingKey(finding))),
    known,
    changed: known.join('\n') !== before.toSorted().join('\n'),
  };
}

function fold(past: readonly JournalEvent[]): readonly string[] {
  const newest = past.findLast(({ type, version }) => type === 'looked' && version === VERSION);
  return knownSchema.safeParse(newest?.data).data?.faults ?? [];
}

/** The same for the same faults after the same past; a fault that comes back later is told anew. */
function nameTelling(faults: readonly CheckFinding[], past: readonly StoredEvent[]): string {
  const text = faults.map(findingKey).join('\n');
  return `check.${past.at(-1)?.seq ?? 0}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
