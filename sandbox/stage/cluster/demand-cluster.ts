import type { Stage } from '../set-stage.ts';
import type { StageCluster } from './set-cluster.ts';

/** The cluster of a stage; throws where it has none. */
export function demandCluster({ cluster }: Pick<Stage, 'cluster'>): StageCluster {
  if (cluster === null) throw new Error('this wants a stage with a cluster');
  return cluster;
}
