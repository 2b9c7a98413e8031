import { createAttachDetachController } from './attach-detach-controller.ts';
import { createCronJobController } from './cron-job-controller.ts';
import { createDeploymentController } from './deployment-controller.ts';
import { createGarbageCollector } from './garbage-collector.ts';
import { createJobController } from './job-controller.ts';
import { GRACE_MS } from './judge-node.ts';
import { createNodeLifecycleController } from './node-lifecycle-controller.ts';
import { createPodGarbageCollector } from './pod-garbage-collector.ts';
import { createReplicaSetController } from './replica-set-controller.ts';
import type { Controller, ControllerParts } from './run-controller.ts';
import { createScheduler } from './scheduler.ts';
import { createStatefulSetController } from './stateful-set-controller.ts';
import { createTaintEvictionController } from './taint-eviction-controller.ts';
import { createVolumeAttacher } from './volume-attacher.ts';
import { type CreateVolume, createVolumeBinder } from './volume-binder.ts';
import { createVolumeReclaimer } from './volume-reclaimer.ts';

export interface ControllerOptions extends ControllerParts {
  /** What the provider takes to attach a volume and to detach it. */
  readonly attachMs?: number;
  readonly detachMs?: number;
  /** How long a node may be silent. */
  readonly nodeGraceMs?: number;
  /** Volumes at the provider: made with the next free id where nothing is said. */
  readonly createVolume?: CreateVolume;
  readonly deleteVolume?: (volumeHandle: string) => void;
}

/** Starts everything that a cluster does by itself, but for its kubelets. */
export function startControllers({
  api,
  clock,
  attachMs = 2_000,
  detachMs = 2_000,
  nodeGraceMs = GRACE_MS,
  createVolume = countVolumes(),
  deleteVolume = () => {},
}: ControllerOptions): Controller {
  const parts = { api, clock };
  const controllers = [
    createDeploymentController(parts),
    createReplicaSetController(parts),
    createStatefulSetController(parts),
    createJobController(parts),
    createCronJobController(parts),
    createScheduler(parts),
    createVolumeBinder({ ...parts, createVolume }),
    createVolumeReclaimer({ ...parts, deleteVolume }),
    createAttachDetachController(parts),
    createVolumeAttacher({ ...parts, attachMs, detachMs }),
    createNodeLifecycleController({ ...parts, graceMs: nodeGraceMs }),
    createTaintEvictionController(parts),
    createPodGarbageCollector(parts),
    createGarbageCollector(parts),
  ];
  return {
    stop() {
      for (const controller of controllers) controller.stop();
    },
  };
}

function countVolumes(): CreateVolume {
  let last = 10_000;
  return () => {
    last += 1;
    return last;
  };
}
