import { parseWorkloadReference } from '../model/workload-reference.ts';
import { fault, type Judgement } from './check.ts';

/** An object that the configuration names, and the cluster does not have. */
export function judgeMissing(reference: string, why: string): Judgement {
  const { namespace = '', kind = '' } = parseWorkloadReference(reference) ?? {};
  return fault(reference, {
    what: 'there is no such object in the cluster',
    why,
    mend: `Correct it in the configuration; there are:\nkubectl --namespace ${namespace} get ${kind}`,
  });
}
