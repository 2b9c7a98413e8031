import type { KubeApi } from '../../kubernetes/api/kube-api.ts';
import { LINODE_STORAGE_CLASSES } from '../../kubernetes/controllers/linode-storage.ts';
import cronJobs from '../../kubernetes/resources/cron-jobs.ts';
import deployments from '../../kubernetes/resources/deployments.ts';
import persistentVolumeClaims from '../../kubernetes/resources/persistent-volume-claims.ts';
import services from '../../kubernetes/resources/services.ts';
import storageClasses from '../../kubernetes/resources/storage-classes.ts';
import { CAST } from '../cast.ts';
import {
  applicationDeployment,
  backupCronJob,
  postgresClaim,
  postgresDeployment,
  postgresService,
  redisDeployment,
  type ServerAddress,
} from './manifests.ts';
import type { ClusterOptions } from './set-cluster.ts';

const USE_EVERY_MS = 500;

/** Makes all that stands in the namespace `default`: the server, its applications, a neighbour, and the backup. */
export function applyManifests(
  api: KubeApi,
  server: ServerAddress,
  { sessions, graceSeconds }: Required<ClusterOptions>,
  now: number,
): void {
  for (const each of LINODE_STORAGE_CLASSES) api.create(storageClasses, each);
  api.create(persistentVolumeClaims, postgresClaim());
  api.create(services, postgresService(server));
  api.create(deployments, postgresDeployment(server, graceSeconds));
  api.create(deployments, redisDeployment());
  for (const { name, pods, sessions: usual } of CAST) {
    const each = Math.ceil((sessions[name] ?? usual) / pods.length);
    const pool = { sessions: each, useEveryMs: USE_EVERY_MS };
    api.create(deployments, applicationDeployment(name, pods.length, pool, server));
  }
  api.create(cronJobs, backupCronJob());
  // Last night's went well.
  const night = Math.floor((now - 4 * 3_600_000) / 86_400_000) * 86_400_000 + 4 * 3_600_000;
  const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const status = {
    lastScheduleTime: stamp(night),
    lastSuccessfulTime: stamp(Math.min(now, night + 240_000)),
  };
  api.change(cronJobs, 'default', 'blackbox', (draft) => void Object.assign(draft, { status }), 'status');
}
