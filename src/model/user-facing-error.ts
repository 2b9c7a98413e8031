/**
 * An error whose text may be shown to the person who asked: what is wrong and what to do. Anything else that is thrown
 * becomes a reference id and a log line (architecture.md, rule 7). The text is plain; renderers escape it.
 */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
  /** The member who did what it tells of, by id, or a name at the terminal; null where it tells of nobody. */
  readonly doneBy: string | null;
  /** The channel in which what it tells of is to be seen, by id; null where there is nothing to see. */
  readonly seenIn: string | null;

  constructor(message: string, { doneBy = null, seenIn = null, ...options }: ErrorOptions & Pointers = {}) {
    super(message, options);
    this.doneBy = doneBy;
    this.seenIn = seenIn;
  }
}

interface Pointers {
  readonly doneBy?: string | null;
  readonly seenIn?: string | null;
}
