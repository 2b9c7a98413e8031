import type { Severity } from './rule-options.ts';

export const EXTERNAL_SOURCES = ['alertmanager', 'grafana'] as const;
export type ExternalSource = (typeof EXTERNAL_SOURCES)[number];

/**
 * An alert that somebody else raised and sent here. All of its text is a stranger's: plain, of bounded length, to be
 * escaped where it is shown.
 */
export interface ExternalAlert {
  readonly source: ExternalSource;
  /** Tells it from all others of its source, from its first notification to its last. */
  readonly fingerprint: string;
  readonly name: string;
  readonly severity: Severity;
  /** False once it is over. */
  readonly firing: boolean;
  /** Epoch milliseconds. */
  readonly startsAt: number;
  /** Null while it fires. */
  readonly endsAt: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** May be empty. */
  readonly summary: string;
  /** May be empty. */
  readonly description: string;
  /** Where to look at it: an http(s) address, or null. */
  readonly url: string | null;
  /** The watched database that its labels name; null for none. */
  readonly database: string | null;
}
