/** A refusal as the API server words it; the HTTP edge turns it into a `Status`. */
export class StatusError extends Error {
  readonly code: number;
  /** As in `NotFound`, `AlreadyExists`, `Conflict`; both of the last are 409: clients must read it. Empty where the server gives none. */
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** What its `Status` carries beside: a 410 of a list, a token to go on with. */
  readonly metadata: Readonly<Record<string, unknown>>;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: Readonly<Record<string, unknown>>,
    metadata: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.metadata = metadata;
  }
}
