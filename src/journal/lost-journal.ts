import type { Journal } from './journal.ts';

/** A journal that could not be opened: nothing is kept and everybody is told why. What acts goes on in memory. */
export function createLostJournal(reason: string): Journal {
  const unavailable = { ok: false, kind: 'unavailable', reason } as const;
  return {
    epoch: 0,
    append: async () => unavailable,
    read: async () => ({ ok: false, reason }),
    compact: async () => unavailable,
    close: async () => {},
  };
}
