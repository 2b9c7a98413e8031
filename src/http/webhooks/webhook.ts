import type { ExternalAlert, ExternalSource } from '../../model/external-alert.ts';

/** One kind of sender: how its JSON is read, and what it understands as "later". */
export interface Webhook {
  readonly source: ExternalSource;
  /** The status that makes this sender try again when there is too much at once. */
  readonly busyStatus: 429 | 503;
  /** Reads a body that was parsed as JSON; never throws. */
  read(body: unknown, context: ReadContext): ReadAlerts;
}

export interface ReadContext {
  /** The names of the watched databases. */
  readonly databases: readonly string[];
  /** Epoch milliseconds: stands in for a start that is missing. */
  readonly now: number;
}

export type ReadAlerts =
  /** Handed on one batch after the other. */
  | {
      readonly ok: true;
      readonly batches: readonly (readonly ExternalAlert[])[];
      /** Alerts that the sender left out; nobody hears of them here. */
      readonly truncated: number;
    }
  /** `reason` says where and what, and quotes no value. */
  | { readonly ok: false; readonly fault: 'malformed' | 'too-many'; readonly reason: string };
