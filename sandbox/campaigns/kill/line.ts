/** What a life of the bot says of what it does, one JSON line each, at the moment of it. */
export type Line =
  | { readonly say: 'born' | 'ended' }
  /** Of a run that the parent knows of: what this life has found in the journal. */
  | {
      readonly say: 'remembers';
      readonly id: string;
      readonly hash: string | null;
      readonly kind: string | null;
      readonly interrupted: boolean;
      readonly outcome: unknown;
    }
  /** The clock was set forward. */
  | { readonly say: 'passes'; readonly ms: number }
  | { readonly say: 'proposed'; readonly id: string; readonly hash: string; readonly targets: readonly string[] }
  /** The preview stands in the channel. */
  | { readonly say: 'shown'; readonly id: string }
  | {
      readonly say: 'clicks';
      readonly id: string;
      readonly by: string;
      readonly wants: 'claim' | 'cancel';
      readonly forged: boolean;
    }
  | {
      readonly say: 'answered';
      readonly id: string;
      readonly by: string;
      readonly wants: 'claim' | 'cancel';
      /** Null: it is theirs. */
      readonly refused: string | null;
      readonly forged: boolean;
    }
  /** A session is ended: this is the act that must never be done twice, nor unasked. */
  | { readonly say: 'terminates'; readonly id: string; readonly target: string }
  | { readonly say: 'done'; readonly id: string; readonly terminated: number }
  /** What the recorder is told. */
  | { readonly say: 'recorded'; readonly id: string; readonly stage: string }
  /** A message of a former life loses its buttons. */
  | { readonly say: 'edited'; readonly id: string };

export interface Known {
  readonly id: string;
  readonly hash: string;
  /** Its buttons stand in the channel. */
  readonly shown: boolean;
}

/** What a life is given by the one who will kill it. */
export interface Birth {
  readonly path: string;
  readonly seed: number;
  /** How far the clock was set forward by the lives before. */
  readonly skewMs: number;
  readonly known: readonly Known[];
  /** The world: the sessions that are gone. */
  readonly gone: readonly string[];
  /** Clicks once on everything there is, and ends by itself. */
  readonly last: boolean;
}
