import pods from '../../kubernetes/resources/pods.ts';
import type { Stage } from '../set-stage.ts';
import { POD_ADDRESSES } from './set-cluster.ts';

/** The truth about sessions that nobody owns: from an address of the pod network that no pod of the cluster has. */
export async function countOrphaned({ cluster, observer }: Pick<Stage, 'cluster' | 'observer'>): Promise<number> {
  if (cluster === null) throw new Error('the stage has no cluster');
  const live = new Set(cluster.kubernetes.api.list(pods, null).map(({ status }) => status?.podIP));
  const addresses = await observer.addresses();
  return addresses.filter((address) => address.startsWith(POD_ADDRESSES) && !live.has(address)).length;
}
