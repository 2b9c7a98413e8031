import type { JournalEvent, StoredEvent } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { type Carried, type CarryOutParts, carryOut } from './carry-out.ts';
import { describeOther, FENCED, judgeDirection, MOVED_ON, TAKEN, UNKNOWN, UNWRITTEN } from './judge-direction.ts';
import { nextTask, progressOf, type StepCatalogue } from './next-task.ts';
import { hashRecoveryPlan, type RecoveryPlan } from './plan.ts';
import { type Approval, type Direction, isAtWork, isOver, type RecoveryRun, type StopReason } from './run.ts';
import { changeStep, foldRecovery, type RunEvent, stepRecovery, toJournal } from './run-events.ts';

export type Written = 'durable' | 'later' | 'fenced';

/** Where each run is written down, in its stream `recoveries/<id>`; order is kept. Never rejects. */
export interface RecoveryLog {
  write(id: string, events: readonly JournalEvent[]): Promise<Written>;
  close(id: string): void;
}

export type Taken =
  | { readonly ok: true; readonly run: RecoveryRun }
  /** `instead`: the run that stands in its way, or the same one where somebody was faster. */
  | { readonly ok: false; readonly reason: string; readonly instead: RecoveryRun | null };

/** Keeps the recoveries, and runs at most one on each database. What it says was done is durable. */
export interface RecoveryDesk {
  request(request: {
    readonly plan: RecoveryPlan;
    readonly requestedBy: string;
    readonly diagnosis: RecoveryRun['diagnosis'];
    readonly policy: RecoveryRun['policy'];
    readonly until: number;
    readonly breakGlassAt: number | null;
  }): Promise<Taken>;
  find(id: string): RecoveryRun | null;
  /** The one that is under way on a database, or waits there for a person. */
  atWork(database: string): RecoveryRun | null;
  /** Starts it, once: of two approvals in one turn the second one finds it taken. Whether it may is its caller's to judge, in the same turn. */
  approve(id: string, approval: Omit<Approval, 'at'>): Promise<Taken>;
  cancel(id: string, by: string): Promise<Taken>;
  /** By the request `next`; null: no plan can be made any more, for these reasons. */
  supersede(id: string, next: string | null, reasons?: readonly string[]): Promise<Taken>;
  /** Tells a run what to do; of a stopped one `stop` says which stop was meant. */
  direct(id: string, what: Direction, by: string, stop: number | null): Promise<Taken>;
  /** Gives a stopped one up. */
  end(id: string, by: string, stop: number): Promise<Taken>;
  standsAt(id: string, place: { readonly channelId: string; readonly messageId: string }): void;
  /** Its message says how it ended. */
  told(id: string): void;
  /** Ends what nobody approved in time. */
  expireDue(now: number): void;
  /**
   * Of a former life: what was under way when it ended, and what one before had left so. It stands as stopped, and nothing is
   * done until somebody says so. Once, at the start.
   */
  takeUpInterrupted(): readonly RecoveryRun[];
  /** All that are not over, and those that are over and whose message may not say so. */
  open(): readonly RecoveryRun[];
  /** Nothing more is begun or written. What is under way stands in the journal as it was. */
  stop(): void;
}

/** Of those that are over so many are kept at hand, to say what became of them. */
export const RECOVERIES_KEPT = 100;

/** The desk over what the streams of `past` remember, by the run's id. `newId` gives ten hexadecimal digits. */
export function createRecoveryDesk(options: {
  readonly log: Log;
  readonly runs: RecoveryLog;
  readonly past: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly catalogue: StepCatalogue;
  readonly partsFor: (run: RecoveryRun) => Pick<CarryOutParts, 'tools' | 'waitForNews'>;
  /** Told after each event, and with null when only what a step sees has changed. At once; never throws. */
  readonly onChange: (run: RecoveryRun, event: RunEvent | null) => void;
  readonly newId: () => string;
  readonly clock: Clock;
}): RecoveryDesk {
  const { runs, catalogue, onChange, newId, clock, log } = options;
  const book = new Map<string, RecoveryRun>();
  const driven = new Set<string>();
  /** What it was told is not durable yet: until then nothing is done on it. */
  const unwritten = new Set<string>();
  /** Who set each going last. */
  const directors = new Map<string, string>();
  /** By the run's id, whom it could not let in when clients were released, and why. */
  const unreleased = new Map<string, ReadonlyMap<string, StopReason>>();
  const stopping = new AbortController();
  const now = (): number => Math.round(clock.now());

  const remembered = [...options.past].flatMap(([id, events]) => foldRecovery(id, events) ?? []);
  for (const run of remembered.sort((a, b) => a.at - b.at)) book.set(run.id, run);

  /** Takes the step at once; what it returns resolves when the step is written down, or cannot be for now. */
  async function take(id: string, event: RunEvent): Promise<Written> {
    const stored = toJournal(event, now());
    const run = stepRecovery(id, book.get(id) ?? null, stored);
    if (run === null) throw new Error(`the recovery ${id} cannot begin with ${event.type}`);
    book.set(id, run);
    if (isOver(run)) directors.delete(id);
    forgetOld();
    onChange(run, event);
    const written = stopping.signal.aborted ? 'fenced' : await runs.write(id, [stored]);
    if (written === 'later') log.warn({ run: id, type: event.type }, 'the journal is away: a recovery waits for it');
    if (isOver(run) && run.told) runs.close(id);
    return written;
  }

  function forgetOld(): void {
    const over = [...book.values()].filter((run) => isOver(run) && run.told);
    for (const { id } of over.slice(0, Math.max(0, over.length - RECOVERIES_KEPT))) book.delete(id);
  }

  function mustFind(id: string): RecoveryRun {
    const run = book.get(id);
    if (run === undefined) throw new Error(`there is no recovery ${id}`);
    return run;
  }

  const atWork = (database: string): RecoveryRun | null =>
    [...book.values()].find((run) => run.plan.database === database && isAtWork(run)) ?? null;

  /** One at a time; ends when the run waits for a person, or is over. `by`: who set it going. */
  async function drive(id: string, by: string): Promise<void> {
    directors.set(id, by);
    if (driven.has(id)) return;
    driven.add(id);
    const goesOn = () => !stopping.signal.aborted && mustFind(id).state.kind === 'running' && !unwritten.has(id);
    // A person may be faster than the last write of a stop.
    while (goesOn()) await advance(mustFind(id), directors.get(id) ?? by);
    driven.delete(id);
  }

  async function advance(run: RecoveryRun, by: string): Promise<void> {
    const { id, state } = run;
    if (state.kind !== 'running') return;
    if (state.abortAsked !== null) return halt(id, { kind: 'aborted', by: state.abortAsked });
    const kept = run.mode === 'release' ? (unreleased.get(id) ?? new Map<string, StopReason>()) : NOBODY;
    const task = nextTask(run, catalogue, [...kept.keys()]);
    if (task === null) {
      unreleased.delete(id);
      if (run.mode === 'release') return halt(id, [...kept.values()][0] ?? { kind: 'released', by });
      await take(id, run.mode === 'undo' ? { type: 'ended', data: { by, undone: true } } : { type: 'done', data: {} });
      return;
    }
    const carried = await carryOut(run, task, {
      ...options.partsFor(run),
      catalogue,
      signal: stopping.signal,
      record: async (event) => !stopping.signal.aborted && (await take(id, event)) === 'durable',
      tell: (stepId, saw) => tell(id, stepId, saw),
      clock,
      log,
    });
    if (carried.kind === 'done') return;
    // One that cannot be let in keeps none of the others out.
    if (run.mode === 'release' && carried.kind !== 'unwritten')
      unreleased.set(id, new Map([...kept, [task.step.id, explain(carried, task.step.id)]]));
    else await halt(id, explain(carried, task.step.id));
  }

  async function halt(id: string, why: StopReason): Promise<void> {
    if (!stopping.signal.aborted) await take(id, { type: 'stopped', data: { why } });
  }

  function tell(id: string, stepId: string, saw: string): void {
    const run = mustFind(id);
    if (stopping.signal.aborted || progressOf(run, stepId).saw === saw) return;
    const seen = changeStep(run, stepId, () => ({ saw }));
    book.set(id, seen);
    onChange(seen, null);
  }

  function begin(id: string, by: string): void {
    void drive(id, by).catch(async (err: unknown) => {
      driven.delete(id);
      log.error({ err, run: id }, 'a recovery is not driven any more');
      const run = mustFind(id);
      const step = (nextTask(run, catalogue)?.step ?? run.plan.steps[0])?.id ?? '';
      await halt(id, { kind: 'unknown', step, reason: FAULT });
    });
  }

  const refused = (reason: string, instead: RecoveryRun | null = null): Taken => ({ ok: false, reason, instead });
  const taken = (id: string): Taken => ({ ok: true, run: mustFind(id) });

  async function settleRequest(id: string, event: RunEvent): Promise<Taken> {
    const run = book.get(id) ?? null;
    if (run?.state.kind !== 'requested') return refused(TAKEN, run);
    const written = await take(id, event);
    return written === 'fenced' ? refused(FENCED) : taken(id);
  }

  return {
    takeUpInterrupted() {
      for (const { id, state } of book.values())
        if (state.kind === 'running') void take(id, { type: 'stopped', data: { why: { kind: 'interrupted' } } });
      // The bot may have ended again before anybody was told of it.
      return [...book.values()].filter(({ state }) => state.kind === 'stopped' && state.why.kind === 'interrupted');
    },
    async request({ plan, ...request }) {
      let id = newId();
      while (book.has(id)) id = newId();
      const frozen = JSON.parse(JSON.stringify(plan)) as RecoveryPlan;
      const data = { ...request, plan: frozen, hash: hashRecoveryPlan(frozen) };
      const written = await take(id, { type: 'requested', data });
      if (written === 'durable') return taken(id);
      await take(id, { type: 'expired', data: {} });
      return refused(written === 'fenced' ? FENCED : UNWRITTEN);
    },
    find: (id) => book.get(id) ?? null,
    atWork,
    async approve(id, approval) {
      const run = book.get(id);
      if (run?.state.kind !== 'requested') return refused(TAKEN, run ?? null);
      const other = atWork(run.plan.database);
      if (other !== null) return refused(describeOther(other), other);
      const written = await take(id, { type: 'approved', data: approval });
      if (written !== 'durable') {
        await halt(id, { kind: 'journal', reason: written === 'fenced' ? FENCED : UNWRITTEN });
        return refused(written === 'fenced' ? FENCED : UNWRITTEN);
      }
      begin(id, approval.by);
      return taken(id);
    },
    cancel: (id, by) => settleRequest(id, { type: 'cancelled', data: { by } }),
    supersede: (id, next, reasons = []) =>
      settleRequest(id, { type: 'superseded', data: { next, reasons: [...reasons] } }),
    async direct(id, what, by, stop) {
      const run = book.get(id);
      const fault = run === undefined ? UNKNOWN : judgeDirection(run, what, stop, catalogue);
      if (fault !== null) return refused(fault);
      if (what !== 'abort') unwritten.add(id);
      const written = await take(id, { type: 'directed', data: { what, by } });
      if (what !== 'abort') unwritten.delete(id);
      if (written === 'durable') {
        if (what !== 'abort') begin(id, by);
        return taken(id);
      }
      const reason = written === 'fenced' ? FENCED : UNWRITTEN;
      if (what !== 'abort') await halt(id, { kind: 'journal', reason });
      return refused(reason);
    },
    async end(id, by, stop) {
      const run = book.get(id);
      if (run?.state.kind !== 'stopped' || run.stops !== stop) return refused(run === undefined ? UNKNOWN : MOVED_ON);
      const written = await take(id, { type: 'ended', data: { by, undone: false } });
      return written === 'fenced' ? refused(FENCED) : taken(id);
    },
    standsAt(id, place) {
      const run = book.get(id);
      if (run === undefined) return;
      const isNews = run.place?.channelId !== place.channelId || run.place.messageId !== place.messageId;
      if (isNews) void take(id, { type: 'shown', data: { channelId: place.channelId, messageId: place.messageId } });
      // What an interaction has drawn may be older than what is known.
      else onChange(run, null);
    },
    told(id) {
      const run = book.get(id);
      if (run !== undefined && isOver(run) && !run.told) void take(id, { type: 'told', data: {} });
    },
    expireDue(at) {
      for (const { id, state, until } of book.values())
        if (state.kind === 'requested' && at >= until) void take(id, { type: 'expired', data: {} });
    },
    open: () => [...book.values()].filter((run) => !isOver(run) || !run.told),
    stop() {
      stopping.abort();
    },
  };
}

const NOBODY: ReadonlyMap<string, StopReason> = new Map();

const FAULT =
  'Breakwater itself has a fault here, or the database has left its configuration: the log says which. Look at the world, and go on by hand.';

function explain(carried: Exclude<Carried, { kind: 'done' }>, step: string): StopReason {
  if (carried.kind === 'unwritten') return { kind: 'journal', reason: UNWRITTEN };
  return { kind: carried.kind, step, reason: carried.reason };
}
