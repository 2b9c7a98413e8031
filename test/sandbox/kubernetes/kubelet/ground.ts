import { createKubeApi } from '../../../../sandbox/kubernetes/api/create-kube-api.ts';
import type { KubeApi } from '../../../../sandbox/kubernetes/api/kube-api.ts';
import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';
import {
  createKubelet,
  type Kubelet,
  type KubeletOptions,
} from '../../../../sandbox/kubernetes/kubelet/create-kubelet.ts';
import type { ContainerSpec, Exit, Program, Start } from '../../../../sandbox/kubernetes/kubelet/program.ts';
import { nameOfImage } from '../../../../sandbox/kubernetes/kubelet/program.ts';
import { RESOURCE_TYPES } from '../../../../sandbox/kubernetes/resources/catalogue.ts';
import nodes from '../../../../sandbox/kubernetes/resources/nodes.ts';
import persistentVolumeClaims from '../../../../sandbox/kubernetes/resources/persistent-volume-claims.ts';
import persistentVolumes from '../../../../sandbox/kubernetes/resources/persistent-volumes.ts';
import pods from '../../../../sandbox/kubernetes/resources/pods.ts';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts';

export const NODE = { name: 'node-1', address: '127.21.0.1', podCidr: '127.20.1.0/24', linodeId: 1 };

/** One run of a fake image, ended by the test. */
export interface FakeRun {
  readonly start: Start;
  readonly signals: NodeJS.Signals[];
  frozen: boolean;
  becomeReady(): void;
  end(exit: Exit): void;
}

/** An image whose runs the test plays; SIGKILL ends them. */
export function createFakeProgram() {
  const runs: FakeRun[] = [];
  const program: Program = {
    stopSignal: 'SIGTERM',
    async start(start) {
      const ready = Promise.withResolvers<void>();
      const exited = Promise.withResolvers<Exit>();
      const run: FakeRun = { start, signals: [], frozen: false, becomeReady: ready.resolve, end: exited.resolve };
      runs.push(run);
      return {
        pid: runs.length,
        ready: ready.promise,
        exited: exited.promise,
        signal(name) {
          run.signals.push(name);
          if (name === 'SIGKILL') run.end({ code: null, signal: name });
        },
        freeze: () => void (run.frozen = true),
        thaw: () => void (run.frozen = false),
      };
    },
  };
  return { runs, program };
}

export interface World {
  readonly api: KubeApi;
  readonly clock: ManualClock;
  readonly kubelet: Kubelet;
  readonly runs: FakeRun[];
  /** A pod bound to the node, as the scheduler leaves it. */
  readonly createPod: (name: string, spec?: object) => KubeObject;
  readonly pod: (name: string) => KubeObject | null;
  readonly node: () => KubeObject;
  /** A bound claim and its volume; gives the volume's name on nodes. */
  readonly createVolume: (claim: string) => string;
  /** As the attach/detach controller says that it is attached. */
  readonly attach: (name: string) => void;
}

/** A kubelet on a cluster of its own, with an image `app` and a clock that stands still. */
export function createWorld(options: Partial<KubeletOptions> = {}): World {
  const clock = createManualClock();
  const api = createKubeApi({ types: RESOURCE_TYPES, now: () => clock.now() });
  const { runs, program } = createFakeProgram();
  const programOf = ({ image }: ContainerSpec) => (nameOfImage(image) === 'app' ? program : null);
  const kubelet = createKubelet({ api, clock, node: NODE, programOf, ...options });
  return {
    api,
    clock,
    kubelet,
    runs,
    createPod(name, spec = {}) {
      const containers = [{ name: 'app', image: 'registry.example.org/app:1' }];
      const full = {
        nodeName: NODE.name,
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        containers,
        ...spec,
      };
      return api.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default' },
        spec: full,
        status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }] },
      });
    },
    pod: (name) => api.get(pods, 'default', name),
    node: () => {
      const found = api.get(nodes, null, NODE.name);
      if (found === null) throw new Error('there is no node');
      return found;
    },
    createVolume(name) {
      const csi = { driver: 'linodebs.csi.linode.com', volumeHandle: '123456-postgres' };
      const claim = { metadata: { name, namespace: 'default' }, spec: { volumeName: `pv-${name}` } };
      api.create(persistentVolumes, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `pv-${name}` },
        spec: { csi },
      });
      api.create(persistentVolumeClaims, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim });
      return `kubernetes.io/csi/${csi.driver}^${csi.volumeHandle}`;
    },
    attach(name) {
      const volumesAttached = [{ name, devicePath: '' }];
      api.change(nodes, null, NODE.name, (node) => void Object.assign(node.status, { volumesAttached }), 'status');
    },
  };
}
