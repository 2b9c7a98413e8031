import { z } from 'zod';
import type { JournalEvent, Json } from '../journal/journal.ts';
import type { Confirmation } from './confirmation.ts';

/** Of the forms below; what is of another one is kept in the journal and not acted on. */
const VERSION = 1;

/** What the stream `runs/<id>` may hold. Ends are final: whatever follows them changes nothing; `recorded` and `told` say who knows of them. */
export type RunEvent =
  | { readonly type: 'proposed'; readonly data: Proposed }
  | { readonly type: 'shown'; readonly data: { readonly channelId: string; readonly messageId: string } }
  | { readonly type: 'claimed' | 'cancelled'; readonly data: { readonly by: string } }
  | { readonly type: 'expired' | 'recorded' | 'told'; readonly data: Record<string, never> }
  | { readonly type: 'done' | 'interrupted'; readonly data: { readonly outcome: Json } };

type Proposed = Pick<
  Confirmation,
  'hash' | 'act' | 'database' | 'plan' | 'summary' | 'requestedBy' | 'until' | 'typed'
>;

// Read back from the journal, where JSON is all there is.
const json = z.unknown().transform((value) => (value ?? null) as Json);
const by = z.object({ by: z.string() });
const outcome = z.object({ outcome: json });
const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('proposed'),
    data: z.object({
      hash: z.string(),
      act: z.string(),
      database: z.string(),
      plan: json,
      summary: z.string(),
      requestedBy: z.string(),
      until: z.number(),
      typed: z.string().nullable(),
    }),
  }),
  z.object({ type: z.literal('shown'), data: z.object({ channelId: z.string(), messageId: z.string() }) }),
  z.object({ type: z.enum(['claimed', 'cancelled']), data: by }),
  z.object({ type: z.enum(['expired', 'recorded', 'told']), data: z.object({}) }),
  z.object({ type: z.enum(['done', 'interrupted']), data: outcome }),
]);

export function toJournal(event: RunEvent, at: number): JournalEvent {
  return { type: event.type, version: VERSION, at, data: event.data };
}

/** Folds the stream `runs/<id>`; null where nothing was proposed in it. Pure. */
export function foldRun(id: string, events: readonly JournalEvent[]): Confirmation | null {
  return events.reduce<Confirmation | null>((before, event) => stepRun(id, before, event), null);
}

/** What a confirmation becomes by one event; itself where the event cannot follow. Pure. */
export function stepRun(id: string, before: Confirmation | null, stored: JournalEvent): Confirmation | null {
  const event = stored.version === VERSION ? eventSchema.safeParse(stored).data : undefined;
  if (event === undefined) return before;
  const { at } = stored;
  if (before === null) {
    return event.type === 'proposed' ? { id, at, ...event.data, shownAt: null, state: { kind: 'open' } } : null;
  }
  const { state } = before;
  switch (event.type) {
    case 'proposed':
    case 'recorded':
    case 'told':
      return before;
    case 'shown':
      return { ...before, shownAt: event.data };
    case 'claimed':
    case 'cancelled':
      return state.kind === 'open' ? { ...before, state: { kind: event.type, by: event.data.by, at } } : before;
    case 'expired':
      return state.kind === 'open' ? { ...before, state: { kind: 'expired', at } } : before;
    case 'done':
    case 'interrupted':
      return state.kind === 'claimed'
        ? { ...before, state: { ...state, kind: event.type, endedAt: at, outcome: event.data.outcome } }
        : before;
  }
}
