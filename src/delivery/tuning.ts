/** The outbox's numbers; tests and campaigns shorten them. */
export interface Tuning {
  /** At most one edit of a message in this time (product.md §4). */
  readonly editEveryMs: number;
  readonly retryFirstMs: number;
  /** Short, so that what waited is out soon after Discord is back. */
  readonly retryMostMs: number;
  /** What Discord refused is asked again so seldom: only a person can change the answer. */
  readonly refusedRetryMs: number;
  /** Between two posts of a lane while the whole channel, or the token, is refused. */
  readonly deniedRetryMs: number;
  /** Discord remembers a nonce for minutes only (facts.md, Discord 3): an older uncertain post is looked up instead. */
  readonly trustNonceMs: number;
  /** A post that was given up may arrive so much later still: until then its absence from the channel proves nothing. */
  readonly lateMs: number;
  /** How far Discord's clock may be behind ours, for the look-up. */
  readonly clockSkewMs: number;
  /** What is over and waited so long unposted goes into a note; an outage so long has a note. */
  readonly staleAfterMs: number;
  /** More unposted warnings than this become one digest (product.md §4). */
  readonly digestBeyond: number;
  /** Discord takes about 5 posts and 5 edits per 5 s and channel: the normal lane leaves two of each to the critical one. */
  readonly budget: { readonly posts: number; readonly edits: number; readonly perMs: number };
  /** Refused for so long, a letter takes the fallback. */
  readonly fallbackAfterMs: number;
  /** After so many failures, with others delivered meanwhile, a post lets those behind it pass. */
  readonly stepAsideAfter: number;
  /** A post waits no longer than this for a journal that does not answer. */
  readonly journalPatienceMs: number;
  readonly compactEvery: number;
  /** Finished letters are remembered so long, so that late news of them is ignored. */
  readonly rememberMs: number;
}

export const TUNING: Tuning = {
  editEveryMs: 2_000,
  retryFirstMs: 500,
  retryMostMs: 5_000,
  refusedRetryMs: 30_000,
  deniedRetryMs: 5_000,
  trustNonceMs: 120_000,
  lateMs: 10_000,
  clockSkewMs: 60_000,
  staleAfterMs: 30_000,
  digestBeyond: 10,
  budget: { posts: 3, edits: 3, perMs: 5_000 },
  fallbackAfterMs: 10_000,
  stepAsideAfter: 8,
  journalPatienceMs: 2_000,
  compactEvery: 300,
  rememberMs: 24 * 3_600_000,
};
