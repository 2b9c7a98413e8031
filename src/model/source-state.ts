/** Whether the bot itself sees, or reaches, one thing that it lives by: PostgreSQL, Kubernetes, Discord, its journal. */
export interface SourceState {
  /** The watched database it belongs to; `breakwater` for what belongs to the bot. */
  readonly database: string;
  /** `postgres`, `kubernetes`, `discord`, `journal`. */
  readonly name: string;
  /** Null while it answers; else why it does not, for people. */
  readonly blind: { readonly since: number; readonly reason: string } | null;
}

/** What belongs to no watched database is filed under the bot's own name. */
export const OWN_SCOPE = 'breakwater';
