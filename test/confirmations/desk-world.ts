import type { ConfirmationDesk, Proposal, RunLog } from '../../src/confirmations/confirmation.ts';
import { createConfirmationDesk } from '../../src/confirmations/confirmation-desk.ts';
import type { JournalEvent, StoredEvent } from '../../src/journal/journal.ts';
import { NOW } from '../support/builders.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

/** How the journal takes a write: at once, not now, never answering, or not at all since a newer bot has it. */
export type Disk = 'well' | 'away' | 'hangs' | 'fenced';

export function proposal(parts: Partial<Proposal> = {}): Proposal {
  return {
    act: 'kill-stale',
    database: 'main',
    plan: { targets: [{ pid: 4711, backendStart: '2020-12-11 13:00:00.000001+00' }] },
    summary: '1 idle session of site',
    requestedBy: ADA,
    typed: null,
    ...parts,
  };
}

export const ADA = '100000000000000201';
export const GRACE = '100000000000000202';

/** A desk on a journal in memory; `restart` gives another one that knows what was durable by then. */
export function deskWorld() {
  const clock = createManualClock(NOW);
  const log = createRecordedLog();
  const durable = new Map<string, StoredEvent[]>();
  const closed: string[] = [];
  const world = { disk: 'well' as Disk };
  let ids = 0;

  function store(id: string, events: readonly JournalEvent[]): void {
    const stream = durable.get(id) ?? [];
    durable.set(id, stream);
    for (const event of events) stream.push({ ...structuredClone(event), seq: stream.length + 1 });
  }

  const runs: RunLog = {
    async write(id, events) {
      if (world.disk === 'away') return 'later';
      if (world.disk === 'fenced') return 'fenced';
      if (world.disk === 'hangs') return new Promise(() => {});
      // Not in the same turn, as no disk is so quick.
      await Promise.resolve();
      store(id, events);
      return 'durable';
    },
    close: (id) => closed.push(id),
  };
  const start = (): ConfirmationDesk => {
    const newId = (): string => (ids += 1).toString(16).padStart(10, '0');
    return createConfirmationDesk({ runs, past: structuredClone(durable), newId, clock, log });
  };
  const types = (id: string): readonly string[] => (durable.get(id) ?? []).map(({ type }) => type);
  return Object.assign(world, { clock, log, closed, durable, store, types, start, desk: start() });
}
