import type { Observed } from './observed.ts';

/** One thing that the bot may have to do in the cluster. */
export interface AccessQuestion {
  readonly verb: string;
  /** Empty: the core group. */
  readonly group: string;
  /** As in `pods` or `deployments/scale`. */
  readonly resource: string;
  /** Null: in every namespace, or a resource that has none. */
  readonly namespace: string | null;
  readonly name: string | null;
}

export interface AccessAnswer {
  readonly question: AccessQuestion;
  readonly allowed: boolean;
  /** The authoriser's words, where it has any. */
  readonly reason: string;
}

/** The port to SelfSubjectAccessReview: asks, and changes nothing. Nothing throws. */
export interface AccessReviews {
  review(questions: readonly AccessQuestion[]): Promise<Observed<readonly AccessAnswer[]>>;
}
