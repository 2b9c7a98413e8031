import type { Json, StoredEvent } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { Claimed, Confirmation, ConfirmationDesk, LooseEnd, RunLog } from './confirmation.ts';
import { hashPlan } from './hash-plan.ts';
import { type Click, judgeClick } from './judge-click.ts';
import { foldRun, type RunEvent, stepRun, toJournal } from './run-events.ts';

/** How long a preview lives (product.md §6). */
export const LIVES_MS = 120_000;
/** A disk that hangs does not hold up an act for longer (product.md §7, last bullet). */
const JOURNAL_PATIENCE_MS = 2_000;
/** Of those that are over, so many are remembered, to say what became of them when somebody clicks once more. */
export const OVER_KEPT = 200;

/** The desk over what the streams of `past` remember, by the run's id. `newId` gives ten hexadecimal digits. */
export function createConfirmationDesk(options: {
  readonly runs: RunLog;
  readonly past: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
}): ConfirmationDesk {
  const { runs, past, newId, clock, log } = options;
  const formerly = new Set(past.keys());
  const book = new Map<string, Confirmation>();
  const over: string[] = [];
  const now = (): number => Math.round(clock.now());

  const remembered = [...past].flatMap(([id, events]) => foldRun(id, events) ?? []);
  for (const confirmation of remembered.sort((a, b) => a.at - b.at)) keep(confirmation);
  /** Claimed by a process that is gone. */
  const interrupted = new Set([...book.values()].filter(({ state }) => state.kind === 'claimed').map(({ id }) => id));
  /** What this life has not seen to either. */
  const loose = new Map(
    remembered
      .filter(isOver)
      .map((each) => readLooseEnd(each, past.get(each.id) ?? []))
      .filter(isLoose)
      .map((end) => [end.confirmation.id, end]),
  );

  function keep(confirmation: Confirmation): void {
    if (!isOver(confirmation)) {
      book.set(confirmation.id, confirmation);
      return;
    }
    const before = book.get(confirmation.id);
    // A plan of thousands of sessions is a megabyte; the journal keeps it.
    book.set(confirmation.id, { ...confirmation, plan: null });
    if (before !== undefined && isOver(before)) return;
    over.push(confirmation.id);
    while (over.length > OVER_KEPT) book.delete(over.shift() ?? '');
  }

  /** Takes the step at once; what it returns resolves when the step is written down, or cannot be for now. */
  function take(
    id: string,
    event: RunEvent,
  ): { readonly confirmation: Confirmation; readonly written: ReturnType<typeof write> } {
    const stored = toJournal(event, now());
    const confirmation = stepRun(id, book.get(id) ?? null, stored);
    if (confirmation === null) throw new Error(`the run ${id} cannot begin with ${event.type}`);
    keep(confirmation);
    const written = write(id, stored);
    if (isOver(confirmation)) runs.close(id);
    return { confirmation, written };
  }

  /** Never rejects, and is over in time. */
  async function write(id: string, event: ReturnType<typeof toJournal>): Promise<'durable' | 'later' | 'fenced'> {
    const patience = new AbortController();
    const tooLong = clock.sleep(JOURNAL_PATIENCE_MS, patience.signal).then(() => 'later' as const);
    try {
      return await Promise.race([runs.write(id, [event]), tooLong]);
    } catch (err) {
      log.error({ err, run: id, type: event.type }, 'a step of a run cannot be journalled');
      return 'later';
    } finally {
      patience.abort();
    }
  }

  /** Nothing waits between the judgement and the step: of two clicks in one turn the second one finds it taken. */
  async function answer(id: string, click: Click, event: RunEvent): Promise<Claimed> {
    const judged = judgeClick(find(id), click, now(), interrupted.has(id));
    if (!judged.ok) return judged;
    const { confirmation, written } = take(id, event);
    const outcome = await written;
    if (outcome === 'fenced') return REFUSED_BY_FENCE;
    if (outcome === 'later') log.warn({ run: id, type: event.type }, 'the journal is away: it goes on without');
    return { ok: true, confirmation };
  }

  async function end(id: string, kind: 'done' | 'interrupted', outcome: Json): Promise<Confirmation> {
    const { confirmation, written } = take(id, { type: kind, data: { outcome } });
    interrupted.delete(id);
    await written;
    return confirmation;
  }

  const find = (id: string): Confirmation | null => book.get(id) ?? null;

  return {
    async propose(proposal) {
      // As the journal will give it back, and out of the reach of who proposed it.
      const plan = JSON.parse(JSON.stringify(proposal.plan)) as Json;
      const { act, database, summary, requestedBy, typed } = proposal;
      let id = newId();
      while (book.has(id)) id = newId();
      const hash = hashPlan({ act, database, plan });
      const data = { hash, act, database, plan, summary, requestedBy, typed, until: now() + LIVES_MS };
      const { confirmation, written } = take(id, { type: 'proposed', data });
      await written;
      return confirmation;
    },
    claim: (id, hash, by, typed) => answer(id, { hash, typed, wants: 'claim' }, { type: 'claimed', data: { by } }),
    cancel: (id, hash, by) => answer(id, { hash, wants: 'cancel' }, { type: 'cancelled', data: { by } }),
    async finish(id, outcome) {
      if (find(id)?.state.kind !== 'claimed' || interrupted.has(id)) {
        throw new Error(`the run ${id} is not being carried out: it cannot be finished`);
      }
      return end(id, 'done', outcome);
    },
    find,
    standsAt(id, place) {
      const confirmation = find(id);
      // What is over has lost its buttons by other ways, and its stream is closed.
      if (confirmation === null || isOver(confirmation) || isAt(confirmation, place)) return;
      void take(id, { type: 'shown', data: { channelId: place.channelId, messageId: place.messageId } }).written;
    },
    seenTo(id, what) {
      // Perhaps before it is recorded as expired, too.
      if (find(id) === null) return;
      const end = loose.get(id);
      if (end !== undefined) loose.set(id, { ...end, [what]: true });
      void take(id, { type: what, data: {} }).written;
    },
    looseEnds: () => [...loose.values()].filter(isLoose),
    interrupted: () => [...interrupted].flatMap((id) => find(id) ?? []),
    async settleInterrupted(id, outcome) {
      if (!interrupted.has(id)) throw new Error(`the run ${id} was not interrupted: it cannot be settled`);
      return end(id, 'interrupted', outcome);
    },
    expireDue(at) {
      const due = [...book.values()].filter(({ state, until }) => state.kind === 'open' && at >= until);
      return due.map(({ id, shownAt }) => {
        const { confirmation } = take(id, { type: 'expired', data: {} });
        return { confirmation, orphaned: formerly.has(id) && shownAt !== null };
      });
    },
  };
}

const REFUSED_BY_FENCE: Claimed = {
  ok: false,
  why: 'taken',
  reason: 'Another Breakwater has taken over, and this one ends, so nothing was done: click again in a moment.',
  by: null,
};

function readLooseEnd(confirmation: Confirmation, events: readonly StoredEvent[]): LooseEnd {
  const has = (what: string): boolean => events.some(({ type }) => type === what);
  return { confirmation, recorded: has('recorded'), told: has('told') || confirmation.shownAt === null };
}

function isLoose({ recorded, told }: LooseEnd): boolean {
  return !recorded || !told;
}

function isOver({ state }: Confirmation): boolean {
  return state.kind !== 'open' && state.kind !== 'claimed';
}

function isAt({ shownAt }: Confirmation, { channelId, messageId }: { channelId: string; messageId: string }): boolean {
  return shownAt?.channelId === channelId && shownAt.messageId === messageId;
}
