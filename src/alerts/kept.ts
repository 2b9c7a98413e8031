import type { Alert } from './alert.ts';
import type { Transition } from './lifecycle.ts';

/** Numbers of a living alert are written down at most this often: a restart may forget a minute of them. */
const NUMBERS_EVERY_MS = 60_000;

/**
 * Whether a transition is written down: every one but those that only bring newer numbers, of which the journal keeps
 * one a minute. Remembers in `kept` what it last let through.
 */
export function decideKept(
  { kind, alert }: Transition,
  kept: Map<string, { readonly alert: Alert; readonly at: number }>,
  now: number,
): boolean {
  const last = kept.get(alert.key);
  const keep =
    kind !== 'changed' ||
    last === undefined ||
    last.alert.blind?.since !== alert.blind?.since ||
    last.alert.severity !== alert.severity ||
    now - last.at >= NUMBERS_EVERY_MS;
  if (kind === 'resolved') kept.delete(alert.key);
  else if (keep) kept.set(alert.key, { alert, at: now });
  return keep;
}
