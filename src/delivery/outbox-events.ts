import { z } from 'zod';
import type { JournalEvent, Json } from '../journal/journal.ts';

/** The stream `outbox`, version 1. Unknown types and versions are kept and not acted on. */
const VERSION = 1;

const id = z.string().min(1);
const lane = z.enum(['critical', 'normal']);
const content: z.ZodType<Json> = z.json();
const queued = z.object({
  id,
  nonce: z.string(),
  lane,
  at: z.number(),
  content,
  final: z.boolean(),
  /** Left out for the alert channel. */
  channel: z.string().min(1).exactOptional(),
  single: z.literal(true).exactOptional(),
});

const FORMS = {
  /** Before the first POST of a letter (contract.md, Discord, fine print 6). */
  queued,
  wanted: z.object({ id, content, final: z.boolean() }),
  posted: z.object({ id, messageId: z.string() }),
  /** Sent through the fallback. */
  told: z.object({ id }),
  /** Letters become, or join, one digest. */
  digested: z.object({ id, nonce: z.string(), members: z.array(id) }),
  /** Letters that came and went unseen become, or join, one note; `to` once the outage is over. */
  noted: z.object({ id, nonce: z.string(), from: z.number(), to: z.number().nullable(), members: z.array(id) }),
  closed: z.object({ id }),
  /** A compaction's: all of one message. */
  kept: queued.extend({
    kind: z.enum(['letter', 'digest', 'note']),
    queuedAt: z.number(),
    messageId: z.string().nullable(),
    told: z.boolean(),
    within: z.string().nullable(),
  }),
  /** A compaction's: what was closed, and when. */
  finished: z.object({ letters: z.array(z.object({ id, messageId: z.string().nullable(), at: z.number() })) }),
} as const;

type Forms = { readonly [T in keyof typeof FORMS]: { readonly type: T; readonly data: z.output<(typeof FORMS)[T]> } };
export type OutboxEvent = Forms[keyof Forms];

/** The event in the journal's form. */
export function toJournal(event: OutboxEvent, now: number): JournalEvent {
  return { type: event.type, version: VERSION, at: Math.round(now), data: event.data };
}

/** The event as the outbox knows it; null for one that it does not know. */
export function fromJournal({ type, version, data }: JournalEvent): OutboxEvent | null {
  if (version !== VERSION || !Object.hasOwn(FORMS, type)) return null;
  const parsed = FORMS[type as keyof typeof FORMS].safeParse(data);
  return parsed.success ? ({ type, data: parsed.data } as OutboxEvent) : null;
}
