import { createHash } from 'node:crypto';
import type { ActFact } from '../incidents/timeline.ts';
import type { Json } from '../journal/journal.ts';
import { type ActContent, type ActEvent, readLetter } from './letter-content.ts';
import type { GivenUp, Outbox } from './outbox.ts';

/** Tells what people did: every act in the audit channel, where there is one of its own. */
export interface ActTeller {
  /** `joined`: it belongs to an open incident, whose thread tells what came of it. */
  tell(event: ActEvent, joined: boolean): void;
  /** From the outbox: what the audit channel does not take stands in the alert channel. */
  givenUp(letter: GivenUp): void;
}

/** What people must learn where nothing else tells it. */
const RESULTS: ReadonlySet<ActFact['stage']> = new Set(['done', 'interrupted', 'stopped', 'ended']);

export function createActTeller(options: {
  readonly outbox: Pick<Outbox, 'put'>;
  readonly channels: { readonly alerts: string; readonly audit: string };
}): ActTeller {
  const { outbox, channels } = options;

  function put(content: ActContent, channel: string | null): void {
    outbox.put({
      id: content.mark,
      lane: 'normal',
      single: true,
      ...(channel !== null && { channel }),
      urgent: false,
      final: true,
      at: content.act.at,
      content: content as unknown as Json,
      durable: true,
    });
  }

  return {
    tell(act, joined) {
      // Recorded again after a crash, it is the same message.
      const mark = `act.${createHash('sha256').update(JSON.stringify(act)).digest('hex').slice(0, 16)}`;
      const ended = RESULTS.has(act.fact.stage);
      if (channels.audit !== channels.alerts) put({ act, instead: null, mark }, channels.audit);
      else if (ended && !joined) put({ act, instead: null, mark }, null);
    },
    givenUp({ content, reason }) {
      const letter = readLetter(content);
      if (letter.kind !== 'act') return;
      const { act, mark } = letter.content;
      put({ act, instead: reason, mark: `${mark}.here` }, null);
    },
  };
}
