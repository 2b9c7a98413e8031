import type { Json } from '../journal/journal.ts';
import type { CheckFinding } from '../model/check-finding.ts';
import { type CheckContent, readLetter } from './letter-content.ts';
import type { GivenUp, Outbox } from './outbox.ts';

/** Tells new faults: in the audit channel, where there is one of its own. */
export interface CheckTeller {
  /** `mark` names this telling for ever: told again after a crash, it is the same message. At most 50 characters. */
  tell(faults: readonly CheckFinding[], mark: string, at: number): void;
  /** From the outbox: what the audit channel does not take stands in the alert channel. */
  givenUp(letter: GivenUp): void;
}

export function createCheckTeller(options: {
  readonly outbox: Pick<Outbox, 'put'>;
  readonly channels: { readonly alerts: string; readonly audit: string };
}): CheckTeller {
  const { outbox, channels } = options;

  function put(content: CheckContent, channel: string): void {
    outbox.put({
      id: content.mark,
      lane: 'normal',
      single: true,
      ...(channel !== channels.alerts && { channel }),
      urgent: false,
      final: true,
      at: content.at,
      content: content as unknown as Json,
      durable: true,
    });
  }

  return {
    tell: (check, mark, at) => put({ check, instead: null, mark, at }, channels.audit),
    givenUp({ content, reason }) {
      const letter = readLetter(content);
      if (letter.kind !== 'check') return;
      const { mark } = letter.content;
      put({ ...letter.content, instead: reason, mark: `${mark}.here` }, channels.alerts);
    },
  };
}
