import type { Clock } from '../../../src/model/clock.ts';
import type { RunningPostgres } from '../../postgres/start-postgres.ts';
import type { ReadLogs } from '../api/http/exchange.ts';
import type { KubeApi } from '../api/kube-api.ts';
import type { KubeObject } from '../api/object.ts';
import { StatusError } from '../api/status-error.ts';
import pods from '../resources/pods.ts';
import { createKubelet, type Kubelet } from './create-kubelet.ts';
import type { NodeSpec } from './node-presence.ts';
import { type ContainerSpec, nameOfImage, type Program } from './program.ts';
import { createApplicationProgram } from './programs/application.ts';
import { backupProgram } from './programs/backup.ts';
import { crashingProgram } from './programs/crashing.ts';
import { neighbourProgram } from './programs/neighbour.ts';
import type { PodPlayer } from './programs/pod-player.ts';
import { createPostgresProgram, type TwoPostmasters } from './programs/postgres.ts';

/** The kubelets of a cluster, and what goes wrong with what they run. Pods are those of the namespace `default`. */
export interface Kubelets {
  readonly all: readonly Kubelet[];
  /** Of the pods of an application that run and have not been told to go, oldest first. */
  players(application: string): readonly PodPlayer[];
  /** Of all that ever ran, by the pod's uid: abandoned ones too. */
  playerOf(podUid: string): PodPlayer | null;
  /** The pod's object is gone at once, its process stands still, and its sockets stay open. */
  abandon(pod: string): void;
  /** From now on pods of this application for which `when` holds are abandoned when they are told to go; null: none are. */
  abandonWhen(application: string, when: ((pod: KubeObject) => boolean) | null): void;
  /** The next containers of this image exit with 1 as soon as they start. */
  crashLoop(image: string, on: boolean): void;
  /** Pods of this image take so much longer to start. */
  slowStart(image: string, ms: number): void;
  /** As the kernel does for want of memory. */
  killForMemory(pod: string): void;
  killNode(name: string, how: { readonly sockets: 'stay' | 'vanish' }): void;
  reviveNode(name: string): void;
  /** Each time that a second postmaster was started on a volume: nothing may ever stand here. */
  readonly twoPostmasters: readonly TwoPostmasters[];
  readonly logs: ReadLogs;
  close(): Promise<void>;
}

export interface KubeletsOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly nodes: readonly NodeSpec[];
  /** Images that are clients of PostgreSQL, by name. */
  readonly applications: readonly string[];
  /** The data directory of a PersistentVolume; null where it has none. */
  readonly diskOf: (volume: string) => RunningPostgres | null;
}

export function startKubelets({ api, clock, nodes, applications, diskOf }: KubeletsOptions): Kubelets {
  const players = new Map<string, PodPlayer>();
  const crashing = new Set<string>();
  const slow = new Map<string, number>();
  const abandoned = new Map<string, (pod: KubeObject) => boolean>();
  const twoPostmasters: TwoPostmasters[] = [];
  const application = createApplicationProgram((uid, player) => players.set(uid, player));
  const programs = new Map<string, Program>([
    ['postgres', createPostgresProgram(diskOf, (two) => twoPostmasters.push(two))],
    ['blackbox', backupProgram],
    ['redis', neighbourProgram],
    ...applications.map((name) => [name, application] as const),
  ]);
  const programOf = ({ image }: ContainerSpec): Program | null => {
    const name = nameOfImage(image);
    return crashing.has(name) ? crashingProgram : (programs.get(name) ?? null);
  };
  const startsAfterMs = (pod: KubeObject): number => slow.get(imageOf(pod)) ?? 0;
  const isAbandoned = (pod: KubeObject): boolean => abandoned.get(imageOf(pod))?.(pod) ?? false;
  const all = nodes.map((node) => createKubelet({ api, clock, node, programOf, startsAfterMs, isAbandoned }));

  function kubeletOf(node: string): Kubelet {
    const kubelet = all.find((each) => each.node.name === node);
    if (kubelet === undefined) throw new Error(`there is no node ${node}`);
    return kubelet;
  }

  /** The pod and its kubelet. */
  function demand(name: string): { readonly uid: string; readonly kubelet: Kubelet } {
    const pod = api.get(pods, 'default', name);
    if (pod === null) throw new Error(`there is no pod ${name}`);
    return { uid: pod.metadata.uid, kubelet: kubeletOf(pod.spec.nodeName) };
  }

  return {
    all,
    players: (name) =>
      api
        .list(pods, 'default')
        .filter((pod) => imageOf(pod) === name && pod.metadata.deletionTimestamp === undefined)
        .flatMap(({ metadata }) => players.get(metadata.uid) ?? []),
    playerOf: (uid) => players.get(uid) ?? null,
    abandon(name) {
      const { uid, kubelet } = demand(name);
      kubelet.abandon(uid);
    },
    abandonWhen(name, when) {
      if (when === null) abandoned.delete(name);
      else abandoned.set(name, when);
    },
    crashLoop: (image, on) => void (on ? crashing.add(image) : crashing.delete(image)),
    slowStart: (image, ms) => void slow.set(image, ms),
    killForMemory(name) {
      const { uid, kubelet } = demand(name);
      kubelet.kill(uid, 'OOMKilled');
    },
    killNode: (name, { sockets }) => kubeletOf(name).die(sockets),
    reviveNode: (name) => kubeletOf(name).revive(),
    twoPostmasters,
    logs(namespace, name, { container, previous, tailLines }) {
      const pod = api.get(pods, namespace, name);
      if (!pod?.spec.nodeName) return null;
      const kubelet = kubeletOf(pod.spec.nodeName);
      // Golden 119, as of a machine that is off.
      if (!kubelet.isAlive())
        throw new StatusError(500, '', `Get "https://${kubelet.node.address}:10250": i/o timeout`);
      const entries = kubelet.logOf(pod.metadata.uid, container, previous);
      if (entries === null) return null;
      const lines = tailLines === null ? entries : entries.slice(Math.max(0, entries.length - tailLines));
      return lines.map(({ text }) => `${text}\n`).join('');
    },
    close: async () => {
      await Promise.all(all.map((kubelet) => kubelet.close()));
    },
  };
}

/** Of its first container. */
function imageOf({ spec }: KubeObject): string {
  return nameOfImage(spec.containers[0]?.image ?? '');
}
