import type { Diagnosis } from './diagnosis.ts';
import type { Signs } from './signs.ts';

/**
 * Rung 4, where the cluster is seen well enough to prove that the old server is gone; else people, with what is missing:
 * a start without proof may put two servers on one data directory (product.md §7).
 */
export function chooseRestart({ facts, workload, node }: Signs): Pick<Diagnosis, 'advice' | 'reasons'> {
  const lack = findLack(facts, { workload, node });
  if (lack === null) {
    return {
      advice: { kind: 'recover', strategy: 'restart', target: null },
      reasons: [
        `Not \`remount\`: the node ${node?.name} is Ready, so its kubelet can end the server and let go of the volume.`,
      ],
    };
  }
  return {
    advice: {
      kind: 'by-hand',
      todo: [
        'Restart PostgreSQL where it runs, with a fast shutdown (`pg_ctl stop -m fast`, or SIGINT to the postmaster).',
        'Start it again only once the old server is proven gone: never two on one data directory.',
      ],
    },
    reasons: [`\`restart\` would fit, but cannot be proven safe: ${lack}.`],
  };
}

function findLack(
  { workload: asked, cluster }: Signs['facts'],
  { workload, node }: Pick<Signs, 'workload' | 'node'>,
): string | null {
  if (asked === null) return 'no `workload` of the database is configured, or no cluster';
  if (!asked.workload.ok) return `its workload is unknown: ${asked.workload.reason}`;
  if (workload === null) return 'its workload does not exist';
  if (workload.desired === 0) return 'it is scaled to 0 already';
  if (cluster === null || !cluster.ok) return `the pods are unknown${cluster === null ? '' : `: ${cluster.reason}`}`;
  if (node === null) return 'no pod of it is known to be on a node';
  return node.ready === 'True' ? null : `the node ${node.name} is not Ready`;
}
