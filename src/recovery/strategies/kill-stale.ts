import type { RecoverySettings } from '../facts.ts';
import type { PlanStep } from '../plan.ts';
import { ownersUpTo } from '../step-params.ts';
import type { Strategy } from '../strategy.ts';

export default {
  name: 'kill-stale',
  rung: 1,
  summary:
    'Fits when connections are held by pods that are gone, or by sessions that have done nothing for minutes. It ends exactly the sessions that /db kill-stale lists.',
  impact: 'Nobody who works notices: what is ended is unused.',
  approval: 'own',
  plan: ({ settings }) => ({ kind: 'plan', steps: compose(settings), warnings: [], overrides: [] }),
  outline: (settings) => ({ kind: 'steps', steps: compose(settings) }),
} satisfies Strategy;

function compose({ applications, protect, connection }: RecoverySettings): readonly PlanStep[] {
  const owners = ownersUpTo(applications.at(-1)?.name ?? '', applications);
  return [
    {
      id: 'terminate-stale',
      kind: 'terminate-stale',
      params: { owners, protect: [...protect], server: { ...connection } },
    },
  ];
}
