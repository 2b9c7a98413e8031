import type { Alert, AlertBook, Post } from './alert.ts';
import type { Transition } from './lifecycle.ts';
import type { Inhibition } from './rule.ts';
import { findSilence, type Silence } from './silence.ts';

/** What decides whether an alert is told, beside its own state. */
export interface Attention {
  readonly silences: readonly Silence[];
  /** By rule id: its possible causes. */
  readonly inhibitions: ReadonlyMap<string, readonly Inhibition[]>;
  /** The ids of the rules whose subjects are applications. */
  readonly aboutApplications: ReadonlySet<string>;
}

/**
 * Who is kept quiet, and who is told anew: silences, causes that mute their symptoms, first messages, repeats and rises
 * in severity. Run after each step and on a clock, as silences end and repeats fall due by themselves. Pure.
 */
export function attendAlerts(
  book: AlertBook,
  { silences, inhibitions, aboutApplications }: Attention,
  now: number,
): { readonly book: AlertBook; readonly transitions: readonly Transition[] } {
  const next = new Map(book);
  const transitions: Transition[] = [];
  const causes = new Set<string>();
  for (const alert of book.values()) {
    if (alert.state !== 'firing') continue;
    const silence = findSilence(silences, alert, aboutApplications, now);
    const heard: Alert = {
      ...alert,
      silenced: silence && { by: silence.by, until: silence.until },
      muted: findCause(alert, book, inhibitions.get(alert.rule) ?? []) ?? linger(alert, now),
    };
    const post = decidePost(heard, now);
    const told: Alert = post === null ? heard : { ...heard, post, acknowledged: forget(heard, post) };
    next.set(alert.key, told);
    const kind = kindOf(alert, told);
    if (kind === null) continue;
    transitions.push({ kind, alert: told });
    // The cause shows which symptoms it mutes.
    if (alert.muted?.by !== told.muted?.by) for (const key of [alert.muted?.by, told.muted?.by]) causes.add(key ?? '');
  }
  for (const key of causes) {
    const cause = next.get(key);
    if (cause?.post && !transitions.some(({ alert }) => alert.key === key))
      transitions.push({ kind: 'changed', alert: cause });
  }
  return { book: next, transitions };
}

/**
 * The firing alert on the same database that this one is a symptom of. One that is about to fire holds its symptoms back,
 * but not anew while they linger: one that wavers and never fires would keep them quiet for ever, and nobody would be told.
 */
function findCause(alert: Alert, book: AlertBook, inhibitions: readonly Inhibition[]): Alert['muted'] {
  for (const { by, mutes } of inhibitions) {
    for (const cause of book.values()) {
      if (cause.rule !== by || cause.database !== alert.database || cause.key === alert.key) continue;
      const holdsBack = mutes === 'all' && alert.post === null && alert.muted?.endsAt === undefined;
      if (cause.state !== 'firing' && !(cause.state === 'pending' && holdsBack)) continue;
      if (speaksFor(cause, alert)) return { by: cause.key, mutes };
      if (cause.state === 'firing') return { by: cause.key, mutes: 'repeats', loud: true };
    }
  }
  return null;
}

/** A cause that pings nobody, as it is a warning or silenced, must not take the ping of a critical symptom. */
function speaksFor(cause: Alert, symptom: Alert): boolean {
  if (cause.silenced !== null) return false;
  return cause.severity === 'critical' || symptom.severity === 'warning';
}

/** A symptom that nobody was told of has so long to go by itself once its cause is over. */
const LINGER_MS = 15_000;

function linger({ muted, post }: Alert, now: number): Alert['muted'] {
  if (muted === null || muted.mutes !== 'all' || post !== null) return null;
  // Never longer than that, though the clock be set back.
  const endsAt = Math.min(muted.endsAt ?? Number.POSITIVE_INFINITY, now + LINGER_MS);
  return now < endsAt ? { ...muted, endsAt } : null;
}

/** The message to ask for now; null for none. */
function decidePost({ silenced, muted, post, severity, acknowledged, repeatMs }: Alert, now: number): Post | null {
  if (silenced !== null || muted?.mutes === 'all') return null;
  const pings = severity === 'critical' && (muted === null || muted.loud === true);
  const next = { number: (post?.number ?? 0) + 1, at: now, severity, pings };
  if (post === null) return next;
  if (post.severity === 'warning' && severity === 'critical') return next;
  const due = acknowledged === null && muted === null && now - post.at >= repeatMs;
  return due ? next : null;
}

/** Who acknowledged a warning has not acknowledged what it became. */
function forget({ acknowledged, post }: Alert, next: Post): Alert['acknowledged'] {
  return post !== null && post.severity !== next.severity ? null : acknowledged;
}

function kindOf(before: Alert, after: Alert): Transition['kind'] | null {
  if (before.post?.number !== after.post?.number) return 'posted';
  if (before.silenced?.until !== after.silenced?.until) return after.silenced === null ? 'unsilenced' : 'silenced';
  if (before.muted?.by !== after.muted?.by) return after.muted === null ? 'unmuted' : 'muted';
  return null;
}
