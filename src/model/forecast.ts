/** Connections in total at one moment. */
export interface TotalPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly total: number;
}

/** When the last usable connection will be taken, if things go on as they do. */
export type Forecast =
  | {
      readonly kind: 'exhausts';
      /** From now, milliseconds; 0 when it is full already. */
      readonly inMs: number;
      /** The rise it rests on. */
      readonly perMinute: number;
    }
  /** No rise that would ever fill it, or none that can be told from noise. */
  | { readonly kind: 'steady' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What lies behind the newest sample: for rules about change. */
export interface Trend {
  /** Oldest first, the newest sample last; gaps where nothing was seen. */
  readonly totals: readonly TotalPoint[];
  readonly forecast: Forecast;
  /** Who rose in the last minute, most first; where it was looked at. Only to say more, never to decide. */
  readonly growth?: readonly ApplicationGrowth[];
}

export interface ApplicationGrowth {
  readonly application: string;
  /** Sessions, more than none. */
  readonly by: number;
}
