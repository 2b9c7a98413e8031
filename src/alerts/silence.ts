import type { Alert } from './alert.ts';

/** Somebody asked for quiet, with an end (product.md §3). */
export interface Silence {
  readonly id: string;
  /** One alert by its key, this occurrence and the next ones; or whatever is about an application. */
  readonly about:
    | { readonly kind: 'alert'; readonly key: string }
    | { readonly kind: 'application'; readonly name: string };
  /** Discord's id of the member. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly until: number;
}

/** The silence that covers an alert and lasts longest; null for none. `aboutApplications`: ids of rules. Pure. */
export function findSilence(
  silences: readonly Silence[],
  alert: Pick<Alert, 'key' | 'rule' | 'subject'>,
  aboutApplications: ReadonlySet<string>,
  now: number,
): Silence | null {
  const covering = silences.filter((silence) => silence.until > now && covers(silence, alert, aboutApplications));
  return covering.reduce<Silence | null>((longest, each) => {
    return longest === null || each.until > longest.until ? each : longest;
  }, null);
}

/** A service, a standby or a source may be called as an application is, and is none: "the site is down" is heard. */
function covers(
  { about }: Silence,
  { key, rule, subject }: Pick<Alert, 'key' | 'rule' | 'subject'>,
  aboutApplications: ReadonlySet<string>,
): boolean {
  return about.kind === 'alert' ? about.key === key : about.name === subject && aboutApplications.has(rule);
}
