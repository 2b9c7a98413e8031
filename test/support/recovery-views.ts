import type { Diagnosis } from '../../src/recovery/diagnosis.ts';
import type { PlanStep, RecoveryPlan } from '../../src/recovery/plan.ts';
import type { RecoveryRun, RunState, StepProgress } from '../../src/recovery/run.ts';
import type { ManualStep, RunView } from '../../src/recovery/view.ts';
import { NOW } from './builders.ts';

const SITE = 'default/deployment/site';
const POSTGRES = 'default/deployment/postgres';

/** The steps of `restart` with one dependent, as their kinds would say them. */
export const RESTART: readonly ManualStep[] = [
  manual('capture-evidence', 'Capture the evidence: objects, logs, sessions and locks', 'kubectl get events'),
  manual('check-backup', 'Check that a backup younger than 26 h succeeded', 'kubectl get jobs'),
  manual(`hold-client:${SITE}`, `Hold ${SITE}: scale it to 0`, `kubectl scale ${SITE} --replicas=0`),
  manual(
    'stop-server',
    `Scale ${POSTGRES} to 0`,
    'kubectl --namespace default scale deployment/postgres --replicas=0 --current-replicas=1',
  ),
  manual('prove-stopped', 'Prove that the old server is gone', 'kubectl get pods --selector app=postgres'),
  manual('start-server', `Scale ${POSTGRES} back to 1`, 'kubectl scale deployment/postgres --replicas=1'),
  manual('await-admission', 'Wait until an ordinary role gets in', "psql --command 'SELECT 1'"),
  manual(`release-client:${SITE}`, `Release ${SITE}`, `kubectl scale ${SITE} --replicas=2`),
  manual('check-workloads', 'Look at every workload of default', 'kubectl get deployments'),
];

/** One command, and one thing to look at. */
export function manual(id: string, title: string, run: string, shown?: PlanStep['shown']): ManualStep {
  const step = { id, kind: id.split(':')[0] ?? id, params: {}, ...(shown !== undefined && { shown }) };
  return {
    step,
    title,
    commands: [
      { say: `${title}:`, run },
      { say: 'Go on once that is so.', run: null },
    ],
  };
}

export const FULL: Diagnosis = {
  condition: 'hung',
  headline: 'The server takes connections and answers nobody: the canary has waited for 4 min 10 s',
  advice: { kind: 'recover', strategy: 'restart', target: null },
  reasons: [
    'Its process is there, its node is Ready, and its disk has 41 % left.',
    'Ending sessions needs an answer from it, so nothing gentler reaches it.',
  ],
};

interface ViewParts extends Partial<Omit<RunView, 'run'>> {
  readonly plan?: Partial<RecoveryPlan>;
  readonly run?: Partial<RecoveryRun>;
  /** States of the first steps; what is left out waits. */
  readonly progress?: readonly StepProgress['state'][];
  /** What each step saw; as fits its state when left out. */
  readonly saw?: string;
}

/** A run of `restart` on `main`: requested a minute ago by 111 unless the parts say otherwise. */
export function runView(state: RunState, { plan, run, progress = [], saw, ...parts }: ViewParts = {}): RunView {
  const steps = parts.steps ?? RESTART;
  return {
    run: {
      id: '0123456789',
      hash: 'abcdef0123456789',
      plan: {
        database: 'main',
        strategy: 'restart',
        target: null,
        approval: 'second',
        steps: steps.map(({ step }) => step),
        warnings: [],
        overrides: [],
        ...plan,
      },
      requestedBy: '111',
      diagnosis: null,
      at: NOW - 60_000,
      until: NOW + 9 * 60_000,
      policy: 'two-person',
      breakGlassAt: NOW + 60_000,
      place: null,
      approval: null,
      state,
      steps: steps.map(({ step }, index) => stepProgress(step.id, progress[index] ?? 'waiting', saw)),
      stops: 0,
      mode: 'steps',
      told: false,
      ...run,
    },
    now: NOW,
    summary: 'Stops the server cleanly, proves that it is gone, and starts it again on the same volume.',
    impact: 'Everybody is disconnected for about a minute.',
    before: null,
    steps,
    skip: null,
    held: [],
    undo: [],
    byHand: [],
    observed: [],
    ...parts,
  };
}

export const APPROVED = { by: '222', at: NOW - 50_000, how: 'second-person', reason: null } as const;

const SAW: Partial<Record<StepProgress['state'], string>> = {
  done: 'as it should be, at 12:04:05',
  acting: '1 pod of 1 is still there',
  failed: 'pod postgres-6f7d-x is Terminating for 2 min',
  unknown: 'no answer within 10 s',
};

function stepProgress(id: string, state: StepProgress['state'], saw = SAW[state] ?? ''): StepProgress {
  const begun = state !== 'waiting';
  return {
    id,
    state,
    saw,
    startedAt: begun ? NOW - 12_000 : null,
    endedAt: begun && state !== 'acting' ? NOW - 2_000 : null,
    attempts: begun ? 1 : 0,
    note: null,
  };
}
