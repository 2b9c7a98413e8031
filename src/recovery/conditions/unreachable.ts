import { VERDICT_MEANINGS } from '../../model/admission.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Signs } from '../signs.ts';

/** Nothing answers, and the cluster, as far as it is seen, does not say why. */
export function findUnreachable({ verdict, pods, facts }: Signs): Diagnosis | null {
  if (verdict !== 'stopped' && verdict !== 'unreachable') return null;
  const { cluster, snapshot, settings } = facts;
  const { host, port } = settings.connection;
  const { fact, next } = VERDICT_MEANINGS[verdict];
  const ready = (pods ?? []).filter((pod) => pod.ready && pod.terminatingAt === null);
  return {
    condition: 'unreachable',
    headline: `${settings.database} at ${host}:${port} is out of reach: ${fact}`,
    advice: { kind: 'by-hand', todo: [next, 'Compare host and port with the Service and its endpoints.'] },
    reasons: [
      snapshot.sessions.ok
        ? 'The held session still answers, so the server runs: the way for new connections is what is broken.'
        : `The held session does not answer either: ${snapshot.sessions.reason}.`,
      describePods(
        cluster,
        pods,
        ready.map(({ name }) => name),
      ),
      'Not `restart`, nor anything harsher: nothing says that the server itself is at fault.',
    ],
  };
}

function describePods(cluster: Signs['facts']['cluster'], pods: Signs['pods'], ready: readonly string[]): string {
  if (cluster !== null && !cluster.ok) return `Its pods are out of sight: ${cluster.reason}.`;
  if (pods === null) return 'Nobody sees its pods: no cluster, or no `workload` of it, is configured.';
  return ready.length === 0 ? 'None of its pods is ready.' : `Its pod is ready: ${ready.join(', ')}.`;
}
