import type { Observed } from './observed.ts';

/** A web address that people use, as configured. */
export interface Service {
  readonly name: string;
  readonly url: string;
  /** The watched database without which it cannot work. */
  readonly dependsOn: string | undefined;
  /** What people lose when it fails, in their words. */
  readonly impact: string | undefined;
}

/** How one HTTP probe ended: `good` is any answer below 500. */
export type ProbeVerdict =
  | 'good'
  | 'server-error'
  | 'timeout'
  | 'refused'
  | 'name-unknown'
  | 'tls-failed'
  | 'cut'
  | 'unreachable';

export interface Probe {
  readonly verdict: ProbeVerdict;
  /** The HTTP status; null where none came. */
  readonly status: number | null;
  readonly tookMs: number;
  /** The fact in words, as in `answers 524: the CDN reached the server and got no answer in time`. Plain text. */
  readonly fact: string;
  /** When the certificate that was shown ends, epoch milliseconds; null for plain http or when none was seen. */
  readonly certificateExpiresAt: number | null;
}

/** A service with its newest probe. */
export interface ServiceState {
  readonly service: Service;
  readonly probe: Observed<Probe>;
  /** Good probes without a bad one between, the newest included. */
  readonly goodInARow: number;
}
