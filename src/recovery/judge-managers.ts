import type { Workload } from '../model/workload.ts';
import { formatWorkloadReference } from '../model/workload-reference.ts';
import type { Override } from './plan.ts';

export interface ManagersVerdict {
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
  readonly overrides: readonly Override[];
}

/** What those who manage the server's workload would do to a recovery (product.md §7, owners). Pure. */
export function judgeManagers({ reference, managers }: Pick<Workload, 'reference' | 'managers'>): ManagersVerdict {
  const name = formatWorkloadReference(reference);
  const judged = managers.map((manager): Partial<ManagersVerdict> => {
    if (isGitOps(manager))
      return {
        warnings: [
          `${name} is owned by ${manager}, which would scale it back before the old server is proven gone. Suspend its sync first, and resume it afterwards.`,
        ],
        overrides: [{ word: 'sync is off', because: `${manager} would start a second server beside the old one.` }],
      };
    if (manager.startsWith('Helm'))
      return { warnings: [`${name} is of ${manager}: nobody may upgrade it until this is over.`] };
    return {
      refusals: [
        `${name} is managed by ${manager}, which would work against every step. Restart the server through it instead.`,
      ],
    };
  });
  return {
    refusals: judged.flatMap(({ refusals }) => refusals ?? []),
    warnings: judged.flatMap(({ warnings }) => warnings ?? []),
    overrides: judged.flatMap(({ overrides }) => overrides ?? []).slice(0, 1),
  };
}

/** What sets replicas back to what a repository says. */
export function isGitOps(manager: string): boolean {
  return manager.startsWith('Argo CD') || manager.startsWith('Flux');
}
