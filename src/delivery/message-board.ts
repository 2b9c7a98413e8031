import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { Message } from '../render/message.ts';
import { createDoorbell } from '../time/doorbell.ts';
import type { ChannelTransport, Delivered } from './transport.ts';

/** A living message's newest wish. `render` runs when it is sent, so that what is sent is the latest state. */
export interface Draft {
  readonly render: () => Promise<Message>;
  /** What the post leaves out for speed: sent as an edit right after it, unless something newer waits by then. */
  readonly complete?: () => Promise<Message>;
  /** Posted before others, and edited without waiting out the edit interval. */
  readonly urgent: boolean;
  /** The last state: forgotten once delivered. */
  readonly final: boolean;
}

/** At most one edit of a message in this time (product.md §4). */
const EDIT_INTERVAL_MS = 2_000;
const RETRY_MS = { first: 500, most: 30_000 } as const;

interface Entry {
  readonly key: string;
  readonly nonce: string;
  draft: Draft | null;
  messageId: string | null;
  /** A post of this may have arrived: a repeated post then leaves it standing, however new its own text is. */
  maybePosted: Draft | null;
  /** Somebody deleted the message in Discord: it stays away until its last state. */
  deleted: boolean;
  notBefore: number;
  failures: number;
}

/**
 * One message per key in one channel: posted once, then edited in place to its newest draft. In memory, in the order
 * of urgency, one request at a time; the journal makes it durable in a later step. A post of uncertain outcome is
 * repeated under the same nonce.
 */
export interface MessageBoard {
  put(key: string, draft: Draft): void;
  /** Messages that still wait to be sent. */
  waiting(): number;
  /** Ends the sending; resolves when the request under way is over. */
  stop(): Promise<void>;
}

export function createMessageBoard(options: {
  readonly transport: ChannelTransport;
  readonly clock: Clock;
  readonly log: Log;
  readonly newNonce: () => string;
}): MessageBoard {
  const { transport, clock, log, newNonce } = options;
  const entries = new Map<string, Entry>();
  const news = createDoorbell(clock);
  let stopped = false;

  async function keepSending(): Promise<void> {
    while (!stopped) {
      const { due, waitMs } = chooseDue([...entries.values()], clock.now());
      if (due === null) await news.wait(waitMs);
      else settle(due.entry, due.draft, await send(due.entry, due.draft));
    }
  }

  async function send({ messageId, nonce }: Entry, draft: Draft): Promise<Delivered> {
    try {
      const message = await draft.render();
      return messageId === null ? await transport.post(message, nonce) : await transport.edit(messageId, message);
    } catch (error) {
      // The edge of delivery: a fault in one message must not end the sending of all others.
      return { kind: 'failed', reason: `a fault of ours: ${String(error)}`, retryAfterMs: RETRY_MS.most };
    }
  }

  function settle(entry: Entry, sent: Draft, outcome: Delivered): void {
    const now = clock.now();
    switch (outcome.kind) {
      case 'delivered':
        if (entry.draft === sent) entry.draft = whatRemains(entry, sent);
        entry.notBefore = entry.messageId === null && entry.draft ? now : now + EDIT_INTERVAL_MS;
        entry.messageId = outcome.messageId;
        entry.failures = 0;
        if (sent.final && entry.draft === null) entries.delete(entry.key);
        return;
      case 'gone':
        log.warn({ key: entry.key }, 'the message was deleted in Discord; it is not posted again');
        entry.deleted = true;
        if (sent.final || entry.draft?.final) entries.delete(entry.key);
        entry.draft = null;
        return;
      case 'refused':
        log.error({ key: entry.key, reason: outcome.reason }, 'Discord refuses the message; it will be tried again');
        entry.notBefore = now + RETRY_MS.most;
        return;
      case 'failed':
      case 'uncertain': {
        entry.failures += 1;
        if (outcome.kind === 'uncertain' && entry.messageId === null) entry.maybePosted ??= sent;
        const backoffMs = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** (entry.failures - 1));
        entry.notBefore = now + Math.max(backoffMs, outcome.kind === 'failed' ? outcome.retryAfterMs : 0);
        log.warn({ key: entry.key, reason: outcome.reason, again: entry.notBefore - now }, 'not delivered yet');
      }
    }
  }

  function begin(key: string): Entry {
    return {
      key,
      nonce: newNonce(),
      draft: null,
      messageId: null,
      maybePosted: null,
      deleted: false,
      notBefore: 0,
      failures: 0,
    };
  }

  const running = keepSending();

  return {
    put(key, draft) {
      const entry = entries.get(key) ?? begin(key);
      if (entry.deleted) {
        if (draft.final) entries.delete(key);
        return;
      }
      // What was urgent and has not been sent stays urgent, though newer numbers have come.
      entry.draft = { ...draft, urgent: draft.urgent || entry.draft?.urgent === true };
      // An urgent edit does not wait out the interval, but it does wait out a failure's backoff.
      if (draft.urgent && entry.failures === 0) entry.notBefore = 0;
      entries.set(key, entry);
      news.ring();
    },
    waiting: () => [...entries.values()].filter(({ draft }) => draft !== null).length,
    async stop() {
      stopped = true;
      news.ring();
      await running;
    },
  };
}

/** What is left to send, as an edit, once a draft was delivered; null for nothing. */
function whatRemains({ messageId, maybePosted }: Entry, sent: Draft): Draft | null {
  if (messageId !== null) return null;
  const { complete, ...rest } = sent;
  if (complete) return { ...rest, render: complete };
  return maybePosted === null || maybePosted === sent ? null : rest;
}

/** What to send next: urgent drafts first, in the order they came; or how long nothing is due, milliseconds. */
function chooseDue(
  entries: readonly Entry[],
  now: number,
): { readonly due: { readonly entry: Entry; readonly draft: Draft } | null; readonly waitMs: number } {
  const waiting = entries.flatMap((entry) => (entry.draft === null ? [] : [{ entry, draft: entry.draft }]));
  const ready = waiting.filter(({ entry }) => entry.notBefore <= now);
  const due = ready.find(({ draft }) => draft.urgent) ?? ready[0] ?? null;
  const waitMs = Math.min(60_000, ...waiting.map(({ entry }) => Math.max(0, entry.notBefore - now)));
  return { due, waitMs };
}
