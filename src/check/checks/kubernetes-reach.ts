import { type Check, fault, fine, unknown } from '../check.ts';

export default {
  area: 'kubernetes',
  scope: 'all',
  summary: 'The API server answers, where a cluster is configured.',
  judge({ config, cluster }) {
    if (config.kubernetes === undefined) return [];
    if (cluster === null) return [unknown('cluster', 'this process has no way to it')];
    const { state } = cluster;
    if (state.ok) {
      const { pods, nodes } = state.value;
      return [fine('cluster', `it answers: ${nodes.length} nodes, ${pods.length} pods`)];
    }
    const { kubeconfig } = config.kubernetes;
    return [
      fault('cluster', {
        what: `its pods and nodes cannot be listed: ${state.reason}`,
        why: 'Orphaned sessions, workloads, volumes and backups are unknown.',
        mend: `kubectl${kubeconfig === undefined ? '' : ` --kubeconfig ${kubeconfig}`} get nodes`,
      }),
    ];
  },
} satisfies Check;
