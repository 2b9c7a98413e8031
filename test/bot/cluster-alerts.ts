import { describe, expect, it } from 'vitest';
import { textOf } from '../../sandbox/drill/read-message.ts';
import type { KubeObject } from '../../sandbox/kubernetes/api/object.ts';
import nodes from '../../sandbox/kubernetes/resources/nodes.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import { alertSays, type ClusterWorld, podsOf } from './cluster-world.ts';

export function describeAlerts(worldOf: () => ClusterWorld): void {
  describe('what the cluster tells fires and resolves', () => {
    it('workload-unhealthy, where an application crashes again and again', async () => {
      const world = worldOf();
      const { kubelets, kubernetes } = world.cluster;
      const footer = 'workload-unhealthy · main · default/deployment/grafana';
      const name = podsOf(world.cluster, 'grafana')[0]?.metadata.name ?? '';
      kubelets.crashLoop('grafana', true);
      kubelets.killForMemory(name);
      const { message } = await alertSays(world, footer, 'firing');
      expect(textOf(message)).toContain(`${name} crashes again and again (CrashLoopBackOff`);
      kubelets.crashLoop('grafana', false);
      kubernetes.api.delete(pods, 'default', name);
      await world.cluster.settled('grafana');
      await alertSays(world, footer, 'resolved');
    });

    it('node-not-ready, where nothing is heard of the node under PostgreSQL', async () => {
      const world = worldOf();
      const { kubernetes, kubelets } = world.cluster;
      const node = String(podsOf(world.cluster, 'postgres')[0]?.spec.nodeName);
      const footer = `node-not-ready · main · ${node}`;
      kubelets.killNode(node, { sockets: 'stay' });
      // What the node controller says of it 50 s later.
      const silent = {
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      };
      const isReady = ({ type }: { readonly type: string }): boolean => type === 'Ready';
      const silence = ({ status }: KubeObject) => void Object.assign(status.conditions.find(isReady), silent);
      kubernetes.api.change(nodes, null, node, silence, 'status');
      const { message } = await alertSays(world, footer, 'firing');
      expect(textOf(message)).toContain('its kubelet is silent');
      kubelets.reviveNode(node);
      await alertSays(world, footer, 'resolved');
      await world.cluster.settled('postgres');
    });
  });
}
