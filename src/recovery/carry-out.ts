import type { Json } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import type { Log } from '../model/log.ts';
import { progressOf, type StepCatalogue, type Task } from './next-task.ts';
import type { RecoveryRun } from './run.ts';
import type { RunEvent, StepResult } from './run-events.ts';
import type { RecoveryStep, Standing, StepCall, StepTools, Verified } from './step.ts';

/** What a step needs of the runner. */
export interface CarryOutParts {
  readonly catalogue: StepCatalogue;
  readonly tools: StepTools;
  /** Resolves when it is durable; false: it is not, and nothing may be done that hangs on it. */
  readonly record: (event: RunEvent) => Promise<boolean>;
  /** What is seen meanwhile, for people. Returns at once. */
  readonly tell: (stepId: string, saw: string) => void;
  /** Resolves when the world may have changed, or after `ms`. */
  readonly waitForNews: (ms: number) => Promise<void>;
  /** The bot ends: what is looked for is not looked for any more. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

/** A moment of blindness is waited out for so long, milliseconds: an API server that restarts is back by then. */
export const SIGHT_WITHIN_MS = 15_000;
/** Nothing may have changed that anybody tells of, as a Lease: looked at again after so long, milliseconds. */
export const LOOK_EVERY_MS = 1_000;

export type Carried =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed' | 'unknown'; readonly reason: string }
  /** The journal did not take it: nothing was done after that. */
  | { readonly kind: 'unwritten' };

/**
 * Carries out one step, or takes it back: looks whether it may be done, writes down that it is about to be, does it, and
 * looks until it holds. It is written down as done only once that was seen. What a step throws is a defect and comes to `unknown`.
 */
export async function carryOut(run: RecoveryRun, task: Task, parts: CarryOutParts): Promise<Carried> {
  const { record, clock, log } = parts;
  const { step, way } = task;
  const before = progressOf(run, step.id).note;
  const acting = findActing(task, parts.catalogue);
  if (!acting.ok) return settle('failed', acting.reason);
  const { act } = acting;

  async function settle(outcome: StepResult['outcome'], saw: string): Promise<Carried> {
    const written = await record({ type: 'result', data: { step: step.id, way, outcome, saw } });
    if (!written) return { kind: 'unwritten' };
    return outcome === 'done' ? { kind: 'done' } : { kind: outcome, reason: saw };
  }

  function call(own: Json): StepCall<unknown> {
    const { tools } = parts;
    const noted = (id: string): Json => run.steps.find((each) => each.id === id)?.note ?? null;
    const params = acting.ok ? acting.params : null;
    return { params, shown: step.shown ?? null, own, noted, tools };
  }

  try {
    const standing = await look(() => act.check(call(before)), parts, step.id);
    if (standing.kind === 'blocked') return await settle('failed', standing.saw);
    if (standing.kind === 'unknown') return await settle('unknown', standing.saw);
    const note = standing.note ?? before;
    if (!(await record({ type: 'intent', data: { step: step.id, way, note } }))) return { kind: 'unwritten' };
    parts.tell(step.id, standing.saw);
    let doubt: string | null = null;
    if (standing.kind === 'ready') {
      const changed = await act.act(call(note));
      if (changed.kind === 'refused') return await settle('failed', changed.reason);
      if (changed.kind === 'unknown') doubt = changed.reason;
    }
    const verified = await verifyWithin(acting, () => act.verify(call(note)), parts, step.id);
    // The world decides; that its act had no clear answer is told all the same.
    const saw = doubt === null ? verified.saw : `${doubt.replace(/\.$/, '')}. And then: ${verified.saw}`;
    if (verified.kind === 'holds') return await settle('done', saw);
    // What was not answered, or not seen, may come to be so yet.
    const isKnown = verified.kind === 'failed' || (verified.kind === 'waiting' && doubt === null);
    return await settle(isKnown ? 'failed' : 'unknown', saw);
  } catch (err) {
    log.error({ err, run: run.id, step: step.id, at: clock.now() }, 'a step of a recovery has a fault');
    return settle('unknown', 'Breakwater itself has a fault here, the log says which: look at the world by hand.');
  }
}

type Acting =
  | ({
      readonly ok: true;
      readonly params: unknown;
      readonly act: Pick<RecoveryStep, 'check' | 'act' | 'verify'>;
    } & Pick<RecoveryStep, 'deadlineMs' | 'stallsAfterMs'>)
  | { readonly ok: false; readonly reason: string };

function findActing({ step, way }: Task, catalogue: StepCatalogue): Acting {
  const found = catalogue.get(step.kind);
  if (found === undefined) return { ok: false, reason: `This version knows no step ${step.kind}: go on by hand.` };
  const act = way === 'do' ? found : found.undo;
  if (act === undefined) return { ok: false, reason: 'There is nothing that takes it back.' };
  const params = found.params.safeParse(step.params);
  if (!params.success)
    return { ok: false, reason: 'Its plan is of another version: go on by hand, or ask for a new one.' };
  const { deadlineMs, stallsAfterMs = deadlineMs } = found;
  return { ok: true, params: params.data, act, deadlineMs, stallsAfterMs };
}

async function look(check: () => Promise<Standing>, parts: CarryOutParts, stepId: string): Promise<Standing> {
  const until = parts.clock.now() + SIGHT_WITHIN_MS;
  for (;;) {
    const standing = await check();
    if (standing.kind !== 'unknown' || parts.clock.now() >= until || parts.signal.aborted) return standing;
    parts.tell(stepId, standing.saw);
    await parts.waitForNews(LOOK_EVERY_MS);
  }
}

async function verifyWithin(
  { deadlineMs, stallsAfterMs = deadlineMs }: Pick<RecoveryStep, 'deadlineMs' | 'stallsAfterMs'>,
  verify: () => Promise<Verified>,
  parts: CarryOutParts,
  stepId: string,
): Promise<Verified> {
  const until = parts.clock.now() + deadlineMs;
  let movedAt = parts.clock.now();
  for (;;) {
    const verified = await verify();
    if (verified.kind === 'holds' || verified.kind === 'failed') return verified;
    const now = parts.clock.now();
    if (verified.kind === 'waiting' && verified.progress) movedAt = now;
    // Nothing waits any more once the bot ends, so a loop would never let it; what is said of it is written by nobody.
    if (parts.signal.aborted) return verified;
    if (now >= until) {
      const what = verified.kind === 'unknown' ? 'not to be seen' : 'not so';
      return { ...verified, saw: `${what} within ${formatDuration(deadlineMs)}; seen last: ${verified.saw}` };
    }
    if (verified.kind === 'waiting' && now - movedAt >= stallsAfterMs)
      return { kind: 'failed', saw: `no progress within ${formatDuration(stallsAfterMs)}; seen last: ${verified.saw}` };
    parts.tell(stepId, verified.saw);
    await parts.waitForNews(LOOK_EVERY_MS);
  }
}
