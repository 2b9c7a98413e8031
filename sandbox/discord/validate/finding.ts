/** One thing wrong with a request's body. */
export interface Finding {
  /** The rule's name in the table of ../validate, or `openapi`. */
  readonly rule: string;
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Discord's own code for it, as in `BASE_TYPE_MAX_LENGTH`. */
  readonly code: string;
}

/** A finding as recorded, with the request it was in. */
export interface Violation extends Finding {
  readonly at: number;
  readonly request: string;
}
