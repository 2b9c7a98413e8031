/**
 * An error whose text may be shown to the person who asked: what is wrong and what to do. Anything else that is thrown
 * becomes a reference id and a log line (architecture.md, rule 7). The text is plain; renderers escape it.
 */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
  /** The member who did what it tells of, by id, or a name at the terminal; null where it tells of nobody. */
  readonly doneBy: string | null;

  constructor(message: string, { doneBy = null, ...options }: ErrorOptions & { readonly doneBy?: string | null } = {}) {
    super(message, options);
    this.doneBy = doneBy;
  }
}
