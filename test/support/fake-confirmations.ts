import type { Claimed, Confirmation, ConfirmationDesk, Refusal } from '../../src/confirmations/confirmation.ts';
import { hashPlan } from '../../src/confirmations/hash-plan.ts';
import type { Clock } from '../../src/model/clock.ts';

const LIFE_MS = 120_000;

/** Keeps confirmations in memory by the rules of the port; `book` is what it holds. */
export function createFakeConfirmations(clock: Clock) {
  const book = new Map<string, Confirmation>();
  const places: { readonly id: string; readonly messageId: string }[] = [];
  const seenTo: string[] = [];

  function refuse(why: Refusal, by: string | null = null): Claimed {
    return { ok: false, why, reason: `Refused: ${why}.`, by };
  }

  function take(id: string, hash: string, state: Confirmation['state']): Claimed {
    const found = book.get(id);
    if (!found) return refuse('unknown');
    if (found.hash !== hash) return refuse('forged');
    if (found.state.kind === 'cancelled') return refuse('cancelled');
    if (found.state.kind !== 'open') return refuse('taken', 'by' in found.state ? found.state.by : null);
    if (clock.now() >= found.until) return refuse('expired');
    return { ok: true, confirmation: put({ ...found, state }) };
  }

  function put(confirmation: Confirmation): Confirmation {
    book.set(confirmation.id, confirmation);
    return confirmation;
  }

  function end(id: string, kind: 'done' | 'interrupted', outcome: Confirmation['plan']): Confirmation {
    const found = book.get(id);
    if (found?.state.kind !== 'claimed') throw new Error('not claimed');
    return put({ ...found, state: { ...found.state, kind, endedAt: clock.now(), outcome } });
  }

  const desk: ConfirmationDesk = {
    async propose(proposal) {
      const number = book.size + 1;
      const at = clock.now();
      return put({
        ...proposal,
        id: String(number).padStart(10, '0'),
        hash: hashPlan(proposal),
        at,
        until: at + LIFE_MS,
        shownAt: null,
        state: { kind: 'open' },
      });
    },
    claim: async (id, hash, by) => take(id, hash, { kind: 'claimed', by, at: clock.now() }),
    cancel: async (id, hash, by) => take(id, hash, { kind: 'cancelled', by, at: clock.now() }),
    finish: async (id, outcome) => end(id, 'done', outcome),
    find: (id) => book.get(id) ?? null,
    standsAt: (id, { messageId }) => void places.push({ id, messageId }),
    seenTo: (id, what) => void seenTo.push(`${id} ${what}`),
    looseEnds: () => [],
    interrupted: () => [...book.values()].filter(({ state }) => state.kind === 'claimed'),
    settleInterrupted: async (id, outcome) => end(id, 'interrupted', outcome),
    expireDue: () => [],
  };
  return { desk, book, places, seenTo };
}
