import { z } from 'zod';
import type { JournalEvent, Json } from '../journal/journal.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type RecoveryPlan, STRATEGIES } from './plan.ts';
import { DIRECTIONS, isOver, type RecoveryRun, type RunState, type StepProgress, type StopReason } from './run.ts';

/** Of the forms below; what is of another one is kept in the journal and not acted on. */
const VERSION = 1;

/** What the stream `recoveries/<id>` may hold. An `intent` is durable before its step acts; a `result` after it was verified. */
export type RunEvent = z.infer<typeof eventSchema>;
export type StepResult = Extract<RunEvent, { type: 'result' }>['data'];

// Read back from the journal, where JSON is all there is.
const json = z.unknown().transform((value) => (value ?? null) as Json);
const step = { step: z.string(), way: z.enum(['do', 'undo']) };
const nothing = z.object({});
const stopReason: z.ZodType<StopReason> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('failed'), step: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('unknown'), step: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('aborted'), by: z.string() }),
  z.object({ kind: z.literal('released'), by: z.string() }),
  z.object({ kind: z.literal('interrupted') }),
  z.object({ kind: z.literal('journal'), reason: z.string() }),
]);
const plan: z.ZodType<RecoveryPlan> = z.object({
  database: z.string(),
  strategy: z.enum(STRATEGIES),
  target: z.string().nullable(),
  approval: z.enum(['own', 'second']),
  steps: z.array(
    z
      .object({ id: z.string(), kind: z.string(), params: json, shown: z.unknown().optional() })
      .transform(({ shown, ...rest }) => (shown === undefined ? rest : { ...rest, shown: shown as Json })),
  ),
  warnings: z.array(z.string()),
  overrides: z.array(z.object({ word: z.string(), because: z.string() })),
});
const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('requested'),
    data: z.object({
      hash: z.string(),
      plan,
      requestedBy: z.string(),
      // Only shown: nothing is decided by it.
      diagnosis: z.unknown().transform((read) => (read ?? null) as Diagnosis | null),
      until: z.number(),
      policy: z.enum(['own', 'two-person', 'typed']),
      breakGlassAt: z.number().nullable(),
    }),
  }),
  z.object({ type: z.literal('shown'), data: z.object({ channelId: z.string(), messageId: z.string() }) }),
  z.object({ type: z.literal('cancelled'), data: z.object({ by: z.string() }) }),
  z.object({ type: z.literal('expired'), data: nothing }),
  z.object({
    type: z.literal('superseded'),
    data: z.object({ next: z.string().nullable(), reasons: z.array(z.string()).default([]) }),
  }),
  z.object({
    type: z.literal('approved'),
    data: z.object({
      by: z.string(),
      how: z.enum(['confirmed', 'second-person', 'typed', 'broke-glass']),
      reason: z.string().nullable(),
    }),
  }),
  z.object({ type: z.literal('intent'), data: z.object({ ...step, note: json }) }),
  z.object({
    type: z.literal('result'),
    data: z.object({ ...step, outcome: z.enum(['done', 'failed', 'unknown']), saw: z.string() }),
  }),
  z.object({ type: z.literal('stopped'), data: z.object({ why: stopReason }) }),
  z.object({ type: z.literal('directed'), data: z.object({ what: z.enum(DIRECTIONS), by: z.string() }) }),
  z.object({ type: z.literal('done'), data: nothing }),
  z.object({ type: z.literal('ended'), data: z.object({ by: z.string(), undone: z.boolean() }) }),
  z.object({ type: z.literal('told'), data: nothing }),
]);

export function toJournal(event: RunEvent, at: number): JournalEvent {
  return { type: event.type, version: VERSION, at, data: event.data };
}

/** Folds the stream `recoveries/<id>`; null where nothing was requested in it. Pure. */
export function foldRecovery(id: string, events: readonly JournalEvent[]): RecoveryRun | null {
  return events.reduce<RecoveryRun | null>((before, event) => stepRecovery(id, before, event), null);
}

/** What a run becomes by one event; itself where the event cannot follow. Pure. */
export function stepRecovery(id: string, before: RecoveryRun | null, stored: JournalEvent): RecoveryRun | null {
  const event = stored.version === VERSION ? eventSchema.safeParse(stored).data : undefined;
  if (event === undefined) return before;
  const { at } = stored;
  if (before === null) return event.type === 'requested' ? begin(id, at, event.data) : null;
  if (event.type === 'shown') return { ...before, place: event.data };
  if (event.type === 'told') return { ...before, told: true };
  if (isOver(before)) return before;
  const { state } = before;
  if (state.kind === 'requested') return stepRequest(before, event, at);
  if (state.kind === 'running') return stepRunning(before, state, event, at);
  return state.kind === 'stopped' ? stepStopped(before, state.why, event, at) : before;
}

function begin(id: string, at: number, data: Extract<RunEvent, { type: 'requested' }>['data']): RecoveryRun {
  const steps = data.plan.steps.map((each): StepProgress => ({ id: each.id, ...UNTOUCHED }));
  return {
    id,
    at,
    ...data,
    place: null,
    approval: null,
    state: { kind: 'requested' },
    steps,
    stops: 0,
    mode: 'steps',
    told: false,
  };
}

const UNTOUCHED = { state: 'waiting', saw: '', startedAt: null, endedAt: null, attempts: 0, note: null } as const;

function stepRequest(run: RecoveryRun, event: RunEvent, at: number): RecoveryRun {
  if (event.type === 'cancelled') return { ...run, state: { kind: 'cancelled', by: event.data.by, at } };
  if (event.type === 'expired') return { ...run, state: { kind: 'expired', at } };
  if (event.type === 'superseded') return { ...run, state: { kind: 'superseded', ...event.data, at } };
  if (event.type === 'approved') return { ...run, approval: { ...event.data, at }, state: RUNNING };
  return run;
}

const RUNNING: RunState = { kind: 'running', abortAsked: null };

function stepRunning(
  run: RecoveryRun,
  state: Extract<RunState, { kind: 'running' }>,
  event: RunEvent,
  at: number,
): RecoveryRun {
  const { type, data } = event;
  if (type === 'intent') {
    return changeStep(run, data.step, ({ attempts, note }) => ({
      state: 'acting',
      startedAt: at,
      endedAt: null,
      attempts: attempts + 1,
      note: data.note ?? note,
    }));
  }
  if (type === 'result') {
    return changeStep(run, data.step, () => ({ ...settle(data), saw: data.saw, endedAt: at }));
  }
  if (type === 'directed') return data.what === 'abort' ? { ...run, state: { ...state, abortAsked: data.by } } : run;
  if (type === 'stopped') {
    // Once clients are in, what is left are the steps.
    const mode = data.why.kind === 'released' ? 'steps' : run.mode;
    return { ...run, mode, stops: run.stops + 1, state: { kind: 'stopped', why: data.why, at } };
  }
  if (type === 'done') return { ...run, state: { kind: 'done', at } };
  if (type === 'ended') return { ...run, state: { kind: 'ended', ...data, at } };
  return run;
}

/** What an undo that did not succeed leaves is still to be undone, and nobody knows whether its step still holds. */
function settle({ way, outcome }: StepResult): Pick<StepProgress, 'state'> {
  if (way === 'do') return { state: outcome };
  return { state: outcome === 'done' ? 'undone' : 'unknown' };
}

function stepStopped(run: RecoveryRun, why: StopReason, event: RunEvent, at: number): RecoveryRun {
  if (event.type === 'ended') return { ...run, state: { kind: 'ended', ...event.data, at } };
  if (event.type !== 'directed') return run;
  switch (event.data.what) {
    case 'resume':
      // Of a taking back, or a release, that cannot be finished: the way out is the plan itself.
      return 'step' in why ? { ...leaveUndone(run), mode: 'steps', state: RUNNING } : { ...run, state: RUNNING };
    case 'retry':
      return { ...run, state: RUNNING };
    case 'skip':
      return why.kind === 'failed' || why.kind === 'unknown'
        ? { ...changeStep(run, why.step, () => ({ state: 'skipped', endedAt: at })), state: RUNNING }
        : run;
    case 'undo':
      return { ...run, mode: 'undo', state: RUNNING };
    case 'release':
      return { ...run, mode: 'release', state: RUNNING };
    case 'abort':
      return run;
  }
}

/**
 * What was taken back is to be done again, and all that comes after it, as what was seen before is true of the former time only,
 * a proof above all. Clients that a release let in stay in.
 */
function leaveUndone(run: RecoveryRun): RecoveryRun {
  if (run.mode !== 'undo') return run;
  const first = run.steps.findIndex(({ state }) => state === 'undone');
  if (first === -1) return run;
  const steps = run.steps.map((step, index): StepProgress => {
    if (index < first) return step;
    return step.state === 'undone' ? { id: step.id, ...UNTOUCHED } : { ...step, state: 'waiting' };
  });
  return { ...run, steps };
}

/** The run with one of its steps changed. Pure. */
export function changeStep(
  run: RecoveryRun,
  id: string,
  how: (step: StepProgress) => Partial<StepProgress>,
): RecoveryRun {
  return { ...run, steps: run.steps.map((each) => (each.id === id ? { ...each, ...how(each) } : each)) };
}
