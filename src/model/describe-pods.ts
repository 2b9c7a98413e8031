/** A session of a pod that is gone, as far as it is named. Names are hostile text. */
interface OfPod {
  readonly address: string | null;
  /** `owner` as in `Deployment/site`. */
  readonly pod?: {
    readonly namespace: string;
    readonly name: string;
    readonly owner: string | null;
    readonly revision: string | null;
  } | null;
}

const PODS_SHOWN = 3;

/** `24 of pod site-6f…, 3 of 10.2.0.9`, of several of a rollout `24 of site, revision 41 (3 pods)`: the most of them. Names are hostile text. Pure. */
export function describePods(targets: readonly OfPod[]): string {
  const counts = [...Map.groupBy(targets, rolloutOf).values()]
    .sort((a, b) => b.length - a.length)
    .map((members) => ({ name: namePods(members), count: members.length }));
  const shown = counts.slice(0, PODS_SHOWN).map(({ name, count }) => `${count} of ${name}`);
  const left = counts.slice(PODS_SHOWN).reduce((sum, { count }) => sum + count, 0);
  return [...shown, ...(left > 0 ? [`${left} of others`] : [])].join(', ');
}

function rolloutOf({ pod, address }: OfPod): string {
  if (!pod) return JSON.stringify([address]);
  const { namespace, name, owner, revision } = pod;
  return JSON.stringify(owner === null || revision === null ? [namespace, name] : [namespace, owner, revision]);
}

function namePods(members: readonly OfPod[]): string {
  const [{ pod, address } = {}] = members;
  if (!pod) return `${address}`;
  const pods = new Set(members.map((target) => target.pod?.name)).size;
  if (pods === 1) return `pod ${pod.name}`;
  return `${pod.owner?.split('/').at(-1)}, revision ${pod.revision} (${pods} pods)`;
}
