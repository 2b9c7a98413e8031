import type { ActRecorder } from '../incidents/timeline.ts';
import type { Clock } from '../model/clock.ts';
import { findClosest } from '../model/did-you-mean.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import { composeRunbook } from '../recovery/compose-runbook.ts';
import { describeDifference } from '../recovery/describe-difference.ts';
import { describeStep } from '../recovery/describe-steps.ts';
import { diagnose } from '../recovery/diagnose.ts';
import type { Diagnosis } from '../recovery/diagnosis.ts';
import type { RecoveryFacts, RecoverySettings } from '../recovery/facts.ts';
import { judgeApproval, judgeCancelling, type RequesterLevel } from '../recovery/judge-approval.ts';
import type { StepCatalogue } from '../recovery/next-task.ts';
import { compareBy, type RecoveryPlan, STRATEGIES, type StrategyName } from '../recovery/plan.ts';
import { planRecovery } from '../recovery/plan-recovery.ts';
import type { RecoveryRun } from '../recovery/run.ts';
import type { RecoveryDesk, Taken } from '../recovery/run-desk.ts';
import { foldRecovery, toJournal } from '../recovery/run-events.ts';
import type { Strategy } from '../recovery/strategy.ts';
import type { RecoverAnswer } from '../recovery/view.ts';
import { viewRun } from '../recovery/view-run.ts';
import { chooseDatabase } from './read-status.ts';
import type { Recover } from './recover.ts';
import { createRefuseRecovery } from './refuse-recovery.ts';

/** One watched database that may be recovered. */
export interface RecoverableDatabase {
  readonly name: string;
  readonly settings: RecoverySettings;
  /** Everything that a plan is made of, read now. Never rejects. */
  readFacts(): Promise<RecoveryFacts>;
}

export interface RecoverParts {
  readonly databases: readonly RecoverableDatabase[];
  readonly desk: RecoveryDesk;
  readonly strategies: readonly Strategy[];
  readonly catalogue: StepCatalogue;
  readonly approval: { readonly policy: 'two-person' | 'typed'; readonly breakGlassAfterMs: number };
  /** What a member may do now: who asked must still be allowed to when another approves. */
  readonly readLevel: (memberId: string) => Promise<RequesterLevel>;
  readonly recorder: ActRecorder;
  readonly clock: Clock;
}

/** How long a request that one member confirms waits, as every preview does (product.md §6). */
const OWN_LIVES_MS = 120_000;
/** Another must come, look and think; and once the glass may be broken there is as long again. */
const SECOND_LIVES_MS = 10 * 60_000;

export function createRecover(parts: RecoverParts): Recover {
  const { databases, desk, strategies, catalogue, clock } = parts;
  const refuse = createRefuseRecovery(parts.recorder, clock);

  const view = (run: RecoveryRun) => viewRun(run, { steps: catalogue, strategies }, clock.now());
  function answer(run: RecoveryRun, diagnosis: Diagnosis | null = null, because: string | null = null): RecoverAnswer {
    return { kind: 'run', view: view(run), diagnosis, because };
  }

  /** The answer to what the desk was told. */
  async function settle(id: string, by: string, taken: Promise<Taken>): Promise<RecoverAnswer> {
    const outcome = await taken;
    if (outcome.ok) return answer(desk.find(id) ?? outcome.run);
    return refuse.taken(id, desk.find(id), by, outcome);
  }

  async function request(found: RecoveryPlan, by: string, diagnosis: Diagnosis): Promise<RecoveryRun> {
    const now = clock.now();
    const policy = found.approval === 'own' ? 'own' : parts.approval.policy;
    const breakGlassAt = policy === 'two-person' ? now + parts.approval.breakGlassAfterMs : null;
    const until = policy === 'own' ? now + OWN_LIVES_MS : (breakGlassAt ?? now) + SECOND_LIVES_MS;
    const taken = await desk.request({ plan: found, requestedBy: by, diagnosis, policy, until, breakGlassAt });
    if (taken.ok) return taken.run;
    throw new UserFacingError(taken.reason);
  }

  /** What was shown is what runs: the plan is made anew, and where it has become another one that one is shown. Null: it still is the same. */
  async function askAgain(run: RecoveryRun, by: string): Promise<RecoverAnswer | null> {
    const database = chooseDatabase(databases, run.plan.database);
    const facts = await database.readFacts();
    const { target } = run.plan;
    const now = planRecovery(strategies, run.plan.strategy, facts, target);
    if (now.kind === 'plan' && compareBy(now.plan) === compareBy(run.plan)) return null;
    // Another may have been faster meanwhile: that is for the judgement to come.
    if (desk.find(run.id)?.state.kind !== 'requested') return null;
    const diagnosis = diagnose(facts);
    if (now.kind === 'refused') {
      // Its message is kept from then on, so that what is answered is what stays there.
      const ended = await desk.supersede(run.id, null, now.reasons);
      return ended.ok ? answer(ended.run) : refuse.taken(run.id, desk.find(run.id), by, ended);
    }
    // Who approves a new plan must have seen it: their click counts for nothing.
    const next = await request(now.plan, run.requestedBy, diagnosis);
    const superseded = await desk.supersede(run.id, next.id);
    if (!superseded.ok) {
      // It was answered while the new one was written down: two would wait, and one of them where nobody sees it.
      await desk.cancel(next.id, by);
      return refuse.taken(run.id, desk.find(run.id), by, superseded);
    }
    return answer(
      next,
      diagnosis,
      `The world has changed since this was shown, so nothing ran. ${describeDifference(run.plan, now.plan)} This is the plan as it is now, and it wants an approval of its own.`,
    );
  }

  function refusedAnswer(
    database: RecoverableDatabase,
    strategy: StrategyName,
    reasons: readonly string[],
    diagnosis: Diagnosis,
  ): RecoverAnswer {
    const outlined = strategies.find(({ name }) => name === strategy)?.outline(database.settings);
    const steps = outlined?.kind === 'steps' ? outlined.steps : [];
    const manual = steps.map((step) => describeStep(step, catalogue));
    return { kind: 'refused', database: database.name, strategy, reasons, diagnosis, manual };
  }

  async function approve(
    id: string,
    by: string,
    click: { kind: 'approve' | 'break-glass'; hash: string; typed: readonly string[]; reason: string | null },
  ): Promise<RecoverAnswer> {
    const judge = (requesterLevel: RequesterLevel) =>
      judgeApproval({ run: desk.find(id), click: { by, ...click }, now: clock.now(), requesterLevel });
    // What can be refused at once is, before the world is asked.
    const first = judge(MAY);
    if (!first.ok) return refuse.judged(id, desk.find(id), by, first);
    const { run } = first;
    const other = desk.atWork(run.plan.database);
    // Not to be left to the desk: it may be over by then, and what is true since nobody has planned for.
    if (other !== null) return refuse.beside(other, by, run);
    const changed = await askAgain(run, by);
    if (changed !== null) return changed;
    const isOwn = run.requestedBy === by;
    // Nothing waits between this judgement and the desk's taking it.
    const last = judge(isOwn ? MAY : await parts.readLevel(run.requestedBy));
    if (!last.ok) return refuse.judged(id, desk.find(id), by, last);
    return settle(id, by, desk.approve(id, last.approval));
  }

  return {
    async propose(asked, by, isPublic) {
      const database = chooseDatabase(databases, asked.database);
      const { name } = database;
      const application = asked.application ?? null;
      const wanted = asked.strategy === undefined ? null : chooseStrategy(asked.strategy);
      if (wanted === 'kill-stale') return { kind: 'kill-stale', database: name, application, diagnosis: null };
      const other = desk.atWork(name);
      // One whose message nobody knows of is shown here; any other has its message, which stays the only one.
      if (other?.place === null) return answer(other);
      if (other !== null) return refuse.beside(other, by);
      const facts = await database.readFacts();
      const diagnosis = diagnose(facts);
      const { advice } = diagnosis;
      if (wanted === null && advice.kind !== 'recover')
        return { kind: 'advice', database: name, diagnosis, at: facts.at };
      const strategy = wanted ?? (advice.kind === 'recover' ? advice.strategy : 'kill-stale');
      const target = application ?? (wanted === null && advice.kind === 'recover' ? advice.target : null);
      if (strategy === 'kill-stale') return { kind: 'kill-stale', database: name, application: target, diagnosis };
      const planned = planRecovery(strategies, strategy, facts, target);
      if (planned.kind === 'refused') return refusedAnswer(database, strategy, planned.reasons, diagnosis);
      if (isPublic) return answer(await request(planned.plan, by, diagnosis), diagnosis);
      return { kind: 'plan', view: view(imagineRun(planned.plan, by, clock.now())), diagnosis };
    },
    approve: (id, hash, by, typed) => approve(id, by, { kind: 'approve', hash, typed, reason: null }),
    breakGlass: (id, hash, by, typed, reason) => approve(id, by, { kind: 'break-glass', hash, typed, reason }),
    async cancel(id, hash, by) {
      const run = desk.find(id);
      const judged = judgeCancelling({ run, hash, now: clock.now() });
      if (!judged.ok) return refuse.judged(id, run, by, judged);
      return settle(id, by, desk.cancel(id, by));
    },
    abort: (id, by) => settle(id, by, desk.direct(id, 'abort', by, null)),
    resume: (id, stop, by) => settle(id, by, desk.direct(id, 'resume', by, stop)),
    retry: (id, stop, by) => settle(id, by, desk.direct(id, 'retry', by, stop)),
    skip: (id, stop, by) => settle(id, by, desk.direct(id, 'skip', by, stop)),
    undo: (id, stop, by) => settle(id, by, desk.direct(id, 'undo', by, stop)),
    releaseClients: (id, stop, by) => settle(id, by, desk.direct(id, 'release', by, stop)),
    end: (id, stop, by) => settle(id, by, desk.end(id, by, stop)),
    standsAt: (id, place) => desk.standsAt(id, place),
    find(id) {
      const run = desk.find(id);
      return run && view(run);
    },
    runbook(name, strategy) {
      const only = strategy === undefined ? undefined : chooseStrategy(strategy);
      return composeRunbook(chooseDatabase(databases, name).settings, strategies, catalogue, only);
    },
  };
}

/** A plan that nobody asked for, in the form of one that somebody did: nobody can approve what the desk does not know. */
function imagineRun(plan: RecoveryPlan, by: string, now: number): RecoveryRun {
  const data = {
    plan,
    hash: '',
    requestedBy: by,
    diagnosis: null,
    until: now,
    policy: 'own',
    breakGlassAt: null,
  } as const;
  const run = foldRecovery('', [toJournal({ type: 'requested', data }, now)]);
  if (run === null) throw new Error('a plan cannot be read back');
  return run;
}

/** Who clicks has the level: the roles came with the click. */
const MAY: RequesterLevel = { ok: true, level: 'recover' };

function chooseStrategy(text: string): StrategyName {
  const found = STRATEGIES.find((each) => each === text);
  if (found !== undefined) return found;
  const closest = findClosest(text, STRATEGIES);
  const meant = closest === null ? '' : ` Did you mean ${closest}?`;
  throw new UserFacingError(`There is no strategy ${text}.${meant} There is: ${STRATEGIES.join(', ')}.`);
}
