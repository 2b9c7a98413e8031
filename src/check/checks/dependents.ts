import { type Check, fine, type Judgement, unknown } from '../check.ts';
import { judgeMissing } from '../judge-missing.ts';

export default {
  area: 'kubernetes',
  scope: 'cluster',
  summary: 'Every configured dependent exists.',
  judge({ workloads }, { databases }): readonly Judgement[] {
    const dependents = new Set(databases.flatMap((database) => database.dependents));
    return [...dependents].map((reference) => {
      const found = workloads.get(reference);
      if (!found?.ok) return unknown(reference, found?.reason ?? 'nobody looked');
      if (found.value === null) return judgeMissing(reference, 'A recovery can neither hold nor release it.');
      const { ready, desired } = found.value;
      return fine(reference, `${ready} of ${desired} ${desired === 1 ? 'pod is' : 'pods are'} ready`);
    });
  },
} satisfies Check;
