/** Something in the file that is not YAML, or not YAML that we take. */
export interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
  /** Whether what follows may have been read wrongly, so that a key that seems missing may only be unread. */
  readonly misleads: boolean;
}
