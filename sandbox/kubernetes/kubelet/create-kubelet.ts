import type { Clock } from '../../../src/model/clock.ts';
import type { KubeApi } from '../api/kube-api.ts';
import type { KubeObject } from '../api/object.ts';
import pods from '../resources/pods.ts';
import { createAddressPool } from './address-pool.ts';
import type { LogEntry } from './container-log.ts';
import { createEventTeller } from './kubelet-events.ts';
import { BEAT_EVERY_MS, createNodePresence, type NodeSpec } from './node-presence.ts';
import { createPodWorker, type PodWorker } from './pod-worker.ts';
import type { ContainerSpec, Program } from './program.ts';
import { createVolumes } from './volumes.ts';

/** The kubelet of one node: what is bound to it runs here, as real processes. */
export interface Kubelet {
  readonly node: NodeSpec;
  /** Deletes the pod's object and leaves its processes standing, their sockets open. Throws where it runs no such pod. */
  abandon(uid: string): void;
  /** Its processes are killed, as by the kernel for want of memory. */
  kill(uid: string, reason: string): void;
  /**
   * The node dies: no heartbeat, no status, nothing is stopped or started. Its processes stand still with their sockets open
   * (`stay`), or end, and the kernel closes their sockets (`vanish`; a machine without power would not even do that).
   */
  die(sockets: 'stay' | 'vanish'): void;
  /** It comes back, and does what it missed. */
  revive(): void;
  /** Whether it answers. */
  isAlive(): boolean;
  /** The next pod gets this address, where it is free. */
  continueAt(address: string): void;
  /** Null where it knows no such container, or that run. */
  logOf(uid: string, container: string | null, previous: boolean): readonly LogEntry[] | null;
  /** Kills everything it started, abandoned processes too; objects stay as they are. */
  close(): Promise<void>;
}

export interface KubeletOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly node: NodeSpec;
  /** The program of a container's image; null for an image that cannot be pulled. */
  readonly programOf: (spec: ContainerSpec) => Program | null;
  readonly startsAfterMs?: (pod: KubeObject) => number;
  readonly isAbandoned?: (pod: KubeObject) => boolean;
}

export function createKubelet({ api, clock, node, programOf, ...faults }: KubeletOptions): Kubelet {
  const presence = createNodePresence(api, clock, node);
  const tell = createEventTeller(api, () => clock.now(), node.name);
  const workers = new Map<string, PodWorker>();
  const closing = new AbortController();
  let alive = true;
  let revived = Promise.withResolvers<void>();
  let due = false;

  const ground = {
    api,
    clock,
    hostIp: node.address,
    addresses: createAddressPool(node.podCidr),
    volumes: createVolumes({ api, clock, node: node.name, tell }, presence.reportVolumes),
    tell,
    programOf,
    startsAfterMs: faults.startsAfterMs ?? (() => 0),
    isAbandoned: faults.isAbandoned ?? (() => false),
    isAlive: () => alive && !closing.signal.aborted,
    awake: async () => {
      if (!alive) await revived.promise;
    },
  };

  /** Compares what is bound here with what runs here. */
  function resync(): void {
    due = false;
    if (!ground.isAlive()) return;
    const bound = new Map(
      api
        .list(pods, null)
        .filter(({ spec }) => spec.nodeName === node.name)
        .map((pod) => [pod.metadata.uid, pod]),
    );
    for (const pod of bound.values()) {
      if (!workers.has(pod.metadata.uid) && !isOver(pod)) takeUp(pod);
      workers.get(pod.metadata.uid)?.sync(pod);
    }
    for (const worker of workers.values()) if (!bound.has(worker.uid)) worker.lost();
  }

  function takeUp(pod: KubeObject): void {
    const worker = createPodWorker(pod, ground);
    workers.set(worker.uid, worker);
    void worker.finished.then(() => workers.delete(worker.uid));
  }

  function workerOf(uid: string): PodWorker {
    const worker = workers.get(uid);
    if (worker === undefined) throw new Error(`${node.name} runs no pod with the uid ${uid}`);
    return worker;
  }

  async function beatOnAndOn(): Promise<void> {
    while (!closing.signal.aborted) {
      if (alive) presence.beat();
      await clock.sleep(BEAT_EVERY_MS, closing.signal);
    }
  }

  const unwatch = api.watch(({ resource, object, before }) => {
    if (resource !== pods || (object.spec.nodeName ?? before?.spec.nodeName) !== node.name || due) return;
    due = true;
    // Not within the change that is being told: others hear of it first.
    queueMicrotask(resync);
  });
  const beating = beatOnAndOn();
  resync();
  return {
    node,
    abandon: (uid) => workerOf(uid).abandon(),
    kill: (uid, reason) => {
      for (const each of workerOf(uid).containers()) each.kill(reason);
    },
    die(sockets) {
      alive = false;
      revived = Promise.withResolvers();
      for (const worker of workers.values()) {
        for (const { running } of worker.containers()) {
          if (sockets === 'stay') running?.freeze();
          else running?.signal('SIGKILL');
        }
      }
    },
    revive() {
      if (alive) return;
      alive = true;
      presence.beat();
      for (const worker of workers.values()) worker.comeBack();
      resync();
      revived.resolve();
    },
    isAlive: () => alive,
    continueAt: (address) => ground.addresses.continueAt(address),
    logOf(uid, container, previous) {
      const runs = workers.get(uid)?.containers() ?? [];
      const found = container === null ? runs[0] : runs.find(({ view }) => view.spec.name === container);
      return found?.log(previous)?.entries() ?? null;
    },
    async close() {
      closing.abort();
      unwatch();
      revived.resolve();
      alive = true;
      await Promise.all([...workers.values()].map((worker) => worker.kill()));
      await beating;
    },
  };
}

function isOver({ status }: KubeObject): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}
