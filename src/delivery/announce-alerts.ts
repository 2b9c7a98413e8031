import { type Alert, letterId } from '../alerts/alert.ts';
import type { Transition } from '../alerts/lifecycle.ts';
import type { Json } from '../journal/journal.ts';
import { type AlertContent, readLetter } from './letter-content.ts';
import type { Letter, Outbox } from './outbox.ts';

/** Puts alerts into the outbox: one message per occurrence, another for each repeat, each in its newest state. */
export interface Announcer {
  announce(transitions: readonly Transition[]): void;
  /** After a restart: whatever the outbox lacks, or still believes to live, is put in its newest state. */
  reconcile(firing: readonly Alert[], over: readonly Alert[]): void;
}

export function createAnnouncer(options: {
  readonly outbox: Pick<Outbox, 'put' | 'has' | 'open' | 'contentOf'>;
  /** The alerts that are muted by the one of this key. */
  readonly symptomsOf: (key: string) => readonly Alert[];
}): Announcer {
  const { outbox, symptomsOf } = options;

  const put = (
    alert: Alert,
    id: string,
    how: Pick<Letter, 'urgent' | 'final' | 'durable'>,
    superseded: AlertContent['superseded'] = false,
  ) => {
    const symptoms = superseded !== false ? [] : symptomsOf(alert.key).map(({ finding }) => finding.headline);
    const content: AlertContent = { alert, symptoms, superseded };
    outbox.put({
      id,
      lane: alert.severity === 'critical' ? 'critical' : 'normal',
      at: alert.firedAt ?? alert.since,
      content: content as unknown as Json,
      ...how,
    });
  };

  function tell({ kind, alert }: Transition): void {
    const id = letterId(alert);
    // Silenced or muted from its first moment on: nobody was told, and nobody is told that it is over.
    if (id === null) return;
    put(alert, id, { urgent: kind !== 'changed', final: kind === 'resolved', durable: kind !== 'changed' });
    if (kind === 'posted') supersede(alert);
  }

  function supersede(alert: Alert): void {
    for (let number = 1; number < (alert.post?.number ?? 0); number += 1) {
      const id = `${alert.id}.${number}`;
      if (outbox.has(id)) put(alert, id, { urgent: false, final: true, durable: true }, true);
    }
  }

  /** Letters of alerts that nobody remembers would say for ever that they fire. */
  function closeLost(known: ReadonlySet<string>): void {
    for (const id of outbox.open()) {
      const content = outbox.contentOf(id);
      const letter = content === null ? null : readLetter(content);
      if (letter?.kind !== 'alert') continue;
      const { alert } = letter.content;
      if (!known.has(alert.id)) put(alert, id, { urgent: false, final: true, durable: true }, 'lost');
    }
  }

  return {
    announce(transitions) {
      for (const transition of transitions) tell(transition);
    },
    reconcile(firing, over) {
      for (const alert of over) {
        const id = letterId(alert);
        if (id !== null && outbox.has(id)) put(alert, id, { urgent: true, final: true, durable: true });
        supersede(alert);
      }
      for (const alert of firing) {
        const id = letterId(alert);
        if (id !== null) put(alert, id, { urgent: false, final: false, durable: !outbox.has(id) });
        supersede(alert);
      }
      closeLost(new Set([...firing, ...over].map(({ id }) => id)));
    },
  };
}
