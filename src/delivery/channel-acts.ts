/** Discord will not, and only a person can change that: a missing permission, a thread that cannot be. For people. */
interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

/** It may or may not have happened, and may be tried again, not before `retryAfterMs`. */
interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
  readonly retryAfterMs?: number;
}

export type ThreadStarted = { readonly kind: 'started'; readonly channelId: string } | Refused | Failed;
export type PinChanged = { readonly kind: 'done' } | Refused | Failed;

/** What the bot does in a channel besides posting. Each is idempotent; none throws. */
export interface ChannelActs {
  /**
   * A public thread from a message, whose id it then has: one that is there already is `started` too. `name`: at most 100
   * characters (facts.md, Discord 7).
   */
  startThread(channelId: string, messageId: string, name: string): Promise<ThreadStarted>;
  pin(channelId: string, messageId: string): Promise<PinChanged>;
  unpin(channelId: string, messageId: string): Promise<PinChanged>;
}
