import type { JournalEvent, Json, StoredEvent } from '../journal/journal.ts';
import type { Alert } from './alert.ts';
import type { Transition } from './lifecycle.ts';
import type { Silence } from './silence.ts';

/** Of the forms below; another version is kept in the journal and not acted on. */
const VERSION = 1;

/** A transition as the stream `alerts` keeps it: its kind, and the whole alert as it is from then on. */
export function eventOf({ kind, alert }: Transition, at: number): JournalEvent {
  // Plain data without functions or cycles: JSON keeps it whole.
  return { type: kind, version: VERSION, at, data: alert as unknown as Json };
}

/** What a restart must know: the living alerts by key, and the newest ones that are over, which may not have been told yet. */
export interface Remembered {
  readonly living: ReadonlyMap<string, Alert>;
  /** Oldest first. */
  readonly over: readonly Alert[];
}

/** Enough to turn every message green that an outage of days left behind. */
const OVER_KEPT = 500;

/** Folds the stream `alerts`. Pure. */
export function foldAlerts(events: readonly StoredEvent[]): Remembered {
  const living = new Map<string, Alert>();
  const over: Alert[] = [];
  for (const { version, data } of events) {
    if (version !== VERSION || !isAlert(data)) continue;
    const alert = data as unknown as Alert;
    if (alert.state === 'firing') living.set(alert.key, alert);
    else {
      living.delete(alert.key);
      if (alert.state === 'resolved') over.push(alert);
    }
  }
  return { living, over: over.slice(-OVER_KEPT) };
}

/** The stream `alerts` in short, for compaction: what a fold of all of it would remember. */
export function summariseAlerts({ living, over }: Remembered, at: number): readonly JournalEvent[] {
  return [...over, ...living.values()].map((alert) => ({
    type: 'kept',
    version: VERSION,
    at,
    data: alert as unknown as Json,
  }));
}

export function silencedEvent(silence: Silence): JournalEvent {
  return { type: 'silenced', version: VERSION, at: silence.at, data: silence as unknown as Json };
}

export function unsilencedEvent(id: string, by: string, at: number): JournalEvent {
  return { type: 'unsilenced', version: VERSION, at, data: { id, by } };
}

/** Folds the stream `silences`: those that have not ended by `now`. Pure. */
export function foldSilences(events: readonly StoredEvent[], now: number): readonly Silence[] {
  const silences = new Map<string, Silence>();
  for (const { type, version, data } of events) {
    if (version !== VERSION || !hasText(data, 'id')) continue;
    if (type === 'silenced') silences.set(data['id'], data as unknown as Silence);
    else if (type === 'unsilenced') silences.delete(data['id']);
  }
  return [...silences.values()].filter(({ until }) => until > now);
}

function isAlert(data: Json): boolean {
  return hasText(data, 'id') && hasText(data, 'key') && hasText(data, 'state');
}

function hasText<K extends string>(data: Json, key: K): data is { readonly [key in K]: string } {
  return typeof data === 'object' && data !== null && key in data && typeof Reflect.get(data, key) === 'string';
}
