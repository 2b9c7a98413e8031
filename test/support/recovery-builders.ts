import { hashRecoveryPlan, type PlanStep, type RecoveryPlan } from '../../src/recovery/plan.ts';
import type { RecoveryRun, StepProgress } from '../../src/recovery/run.ts';
import type { RunView } from '../../src/recovery/view.ts';
import { NOW } from './builders.ts';

export const REQUESTER = '300000000000000001';
export const SECOND = '300000000000000002';

export function planOf(parts: Partial<RecoveryPlan> = {}): RecoveryPlan {
  return {
    database: 'main',
    strategy: 'restart',
    target: null,
    approval: 'second',
    steps: [planStep('stop-server'), planStep('prove-stopped'), planStep('start-server')],
    warnings: [],
    overrides: [],
    ...parts,
  };
}

export function planStep(kind: string, parts: Partial<PlanStep> = {}): PlanStep {
  return { id: kind, kind, params: {}, ...parts };
}

export function progress(id: string, parts: Partial<StepProgress> = {}): StepProgress {
  return { id, state: 'waiting', saw: '', startedAt: null, endedAt: null, attempts: 0, note: null, ...parts };
}

/** Asked for at NOW, to be approved within 10 min by another, the glass to be broken after 2; state only what matters. */
export function runOf(parts: Partial<RecoveryRun> = {}): RecoveryRun {
  const plan = parts.plan ?? planOf();
  return {
    id: '0123456789',
    hash: hashRecoveryPlan(plan),
    plan,
    requestedBy: REQUESTER,
    diagnosis: null,
    at: NOW,
    until: NOW + 600_000,
    policy: 'two-person',
    breakGlassAt: NOW + 120_000,
    place: null,
    approval: null,
    state: { kind: 'requested' },
    steps: plan.steps.map(({ id }) => progress(id)),
    stops: 0,
    mode: 'steps',
    told: false,
    ...parts,
  };
}

export function viewOf(run: RecoveryRun, parts: Partial<RunView> = {}): RunView {
  return {
    run,
    now: NOW,
    summary: '',
    impact: '',
    before: null,
    steps: [],
    skip: null,
    held: [],
    undo: [],
    byHand: [],
    observed: [],
    ...parts,
  };
}
