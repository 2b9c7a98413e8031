/** A refusal as the API server words it; the HTTP edge turns it into a `Status`. */
export class StatusError extends Error {
  readonly code: number;
  /** As in `NotFound`, `AlreadyExists`, `Conflict`; both of the last are 409: clients must read it. */
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}
