import type { Json } from '../../journal/journal.ts';
import type { Application } from '../../model/application.ts';
import { parseWorkloadReference, type WorkloadReference } from '../../model/workload-reference.ts';
import type { RecoveryFacts, RecoverySettings } from '../facts.ts';
import type { PlanStep } from '../plan.ts';
import { findWarnings } from '../restart-warnings.ts';
import { choosePath, findRestartable } from '../restartable.ts';
import { showLeftovers } from '../show-leftovers.ts';
import { ownersUpTo } from '../step-params.ts';
import type { Composed, Outlined, Strategy } from '../strategy.ts';

export default {
  name: 'restart-application',
  rung: 3,
  summary:
    'Fits when an application holds connections that it does not give back, and using them or not cannot be told apart. It replaces the pods one by one where the free connections cover the new ones, and else stops the application, ends what it leaves behind, and starts it again.',
  impact:
    'Replaced one by one, its users notice little; stopped, the application is down until its new pods are ready.',
  approval: 'own',
  plan,
  outline,
} satisfies Strategy;

function plan(facts: RecoveryFacts, target: string | null): Composed {
  const found = findRestartable(facts, target);
  if (!found.ok) return { kind: 'refused', reasons: found.reasons };
  const { restartable } = found;
  const path = choosePath(restartable);
  const { application, workload, held } = restartable;
  const leftovers = path.kind === 'stop' ? showLeftovers(facts, restartable) : null;
  const steps = compose(facts.settings, application, workload.reference, path.kind, { leftovers, held });
  return {
    kind: 'plan',
    steps,
    warnings: [path.words, ...findWarnings(facts, restartable, leftovers?.length ?? null)],
    overrides: [],
  };
}

/** By hand the way that needs no free connection. */
function outline(settings: RecoverySettings): Outlined {
  for (const application of settings.applications) {
    const workload = application.workload === undefined ? null : parseWorkloadReference(application.workload);
    if (workload !== null) return { kind: 'steps', steps: compose(settings, application, workload, 'stop') };
  }
  return { kind: 'not-configured', reason: 'No application has a `workload`.' };
}

function compose(
  { applications, protect, connection }: RecoverySettings,
  { name: application, limit }: Application,
  reference: WorkloadReference,
  path: 'rollout' | 'stop',
  shown?: { readonly leftovers: Json; readonly held: number },
): readonly PlanStep[] {
  const server = { ...connection };
  const workload = { ...reference };
  const owners = ownersUpTo(application, applications);
  const last = {
    id: 'await-fewer-sessions',
    kind: 'await-fewer-sessions',
    params: { application, limit: limit ?? null, owners, server },
    ...(shown && { shown: { held: shown.held } }),
  };
  if (path === 'rollout') return [{ id: 'restart-rollout', kind: 'restart-rollout', params: { workload } }, last];
  return [
    { id: 'stop-application', kind: 'stop-application', params: { workload } },
    {
      id: 'terminate-sessions',
      kind: 'terminate-sessions',
      params: { application, kind: 'leftovers', owners, protect: [...protect], server },
      ...(shown && { shown: shown.leftovers }),
    },
    { id: 'start-application', kind: 'start-application', params: { workload, stoppedBy: 'stop-application' } },
    last,
  ];
}
