import type { DatabaseConfig } from '../../config/config.ts';
import type { Storage } from '../../model/workload.ts';
import { parseWorkloadReference } from '../../model/workload-reference.ts';
import { type Check, fault, fine, type Judgement, unknown, warning } from '../check.ts';
import type { ClusterFacts } from '../cluster-facts.ts';
import { judgeMissing } from '../judge-missing.ts';
import { kubectl } from '../kubectl.ts';

export default {
  area: 'kubernetes',
  scope: 'cluster',
  summary: 'The claim exists, is bound, is what the workload mounts, and its volume outlives it and has one user.',
  judge: (facts, { databases }) =>
    databases.flatMap((database) => (database.claim === undefined ? [] : judgeClaim(facts, database, database.claim))),
} satisfies Check;

function judgeClaim(facts: ClusterFacts, { workload }: DatabaseConfig, reference: string): readonly Judgement[] {
  const found = facts.claims.get(reference);
  if (!found?.ok) return [unknown(reference, found?.reason ?? 'nobody looked')];
  if (found.value === null) return [judgeMissing(reference, 'Where the data is, is unknown.')];
  const { claim, volume } = found.value;
  if (claim.phase !== 'Bound' || volume === null)
    return [
      fault(`${reference}: phase`, {
        what: `it is ${claim.phase}, not Bound`,
        why: 'No pod that mounts it can start.',
        mend: `${kubectl('describe', reference)}   # its events say why`,
      }),
    ];
  const findings = [...judgeMount(facts, workload, reference), ...judgeVolume(reference, volume)];
  return findings.length > 0
    ? findings
    : [fine(reference, `bound to ${volume.name}, which is kept (${volume.reclaimPolicy})`)];
}

/** A StatefulSet makes its claims by itself, and names none. */
function judgeMount(
  { workloads }: ClusterFacts,
  workload: string | undefined,
  reference: string,
): readonly Judgement[] {
  const found = workload === undefined ? undefined : workloads.get(workload);
  const mounted = found?.ok && found.value?.reference.kind === 'deployment' ? found.value.claims : null;
  const name = parseWorkloadReference(reference)?.name ?? '';
  if (mounted === null || mounted.includes(name)) return [];
  return [
    fault(`${reference}: mount`, {
      what: `${workload} does not mount it${mounted.length === 0 ? '' : `, but ${mounted.join(', ')}`}`,
      why: 'A recovery would protect and move the wrong volume.',
      mend: 'Write the claim that it mounts: databases: … claim: namespace/persistentvolumeclaim/name',
    }),
  ];
}

function judgeVolume(
  reference: string,
  { name, reclaimPolicy, accessModes }: NonNullable<Storage['volume']>,
): readonly Judgement[] {
  const findings: Judgement[] = [];
  if (reclaimPolicy !== 'Retain')
    findings.push(
      warning(`${reference}: reclaim policy`, {
        what: `the reclaim policy of its volume ${name} is ${reclaimPolicy}`,
        why: 'Whoever deletes the claim deletes the data.',
        mend: `kubectl patch persistentvolume ${name} --type merge \\\n  --patch '${JSON.stringify({ spec: { persistentVolumeReclaimPolicy: 'Retain' } })}'`,
      }),
    );
  if (accessModes.includes('ReadWriteMany'))
    findings.push(
      warning(`${reference}: access mode`, {
        what: `its volume ${name} may be mounted on several nodes at once (ReadWriteMany)`,
        why: 'Nothing keeps a second server on another node away from the data directory.',
        mend: 'Move the data to a claim with accessModes: [ReadWriteOncePod]; a bound one cannot be changed.',
      }),
    );
  return findings;
}
