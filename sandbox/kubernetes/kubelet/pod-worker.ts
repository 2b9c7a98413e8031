import type { Clock } from '../../../src/model/clock.ts';
import type { KubeApi } from '../api/kube-api.ts';
import type { KubeObject } from '../api/object.ts';
import pods from '../resources/pods.ts';
import type { AddressPool } from './address-pool.ts';
import type { TellEvent } from './kubelet-events.ts';
import { type ContainerView, composeStatus } from './pod-status.ts';
import type { ContainerSpec, Program } from './program.ts';
import { type ContainerRuns, runContainer } from './run-container.ts';
import { toTime } from './times.ts';
import type { Volumes } from './volumes.ts';

/** A kubelet's care for one pod, from when it was bound to the node until nothing is left of it. */
export interface PodWorker {
  readonly uid: string;
  readonly pod: KubeObject;
  /** Resolves when its processes have ended and its object is gone; of an abandoned one never, until it is killed. */
  readonly finished: Promise<void>;
  containers(): readonly ContainerRuns[];
  /** The newest state of its object. */
  sync(pod: KubeObject): void;
  /** Its object is gone, forced: the process gets what is left of its grace (at least a second), as a kubelet gives it. */
  lost(): void;
  /** Its object goes at once, and its processes stand still with their sockets open: nobody's sessions. */
  abandon(): void;
  /** The node is back: its processes go on, unless they were abandoned, and its status is written. */
  comeBack(): void;
  /** SIGKILL to whatever it has, also what it abandoned. */
  kill(): Promise<void>;
}

/** What a node offers its pods. */
export interface Ground {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly hostIp: string;
  readonly addresses: AddressPool;
  readonly volumes: Volumes;
  readonly tell: TellEvent;
  readonly programOf: (spec: ContainerSpec) => Program | null;
  /** How much longer than usual its start takes, milliseconds. */
  startsAfterMs(pod: KubeObject): number;
  /** Whether such a pod leaves its sessions behind when it is told to go. */
  isAbandoned(pod: KubeObject): boolean;
  isAlive(): boolean;
  awake(): Promise<void>;
}

export function createPodWorker(first: KubeObject, ground: Ground): PodWorker {
  const { api, clock } = ground;
  const { uid, name, namespace = 'default' } = first.metadata;
  const startTime = toTime(clock.now());
  const stop = new AbortController();
  let pod = first;
  let runs: readonly ContainerRuns[] = [];
  let address: string | null = null;
  let deadline = Number.POSITIVE_INFINITY;
  let hurry = new AbortController();
  let ending: Promise<void> | null = null;
  let abandoned = false;
  let released = false;
  const life = live();
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  report();

  async function live(): Promise<void> {
    const volumes = await ground.volumes.mount(pod, stop.signal);
    if (volumes === null || stop.signal.aborted) return;
    address = pod.spec.hostNetwork === true ? ground.hostIp : ground.addresses.take();
    const slowness = ground.startsAfterMs(pod);
    if (slowness > 0) {
      report();
      await clock.sleep(slowness, stop.signal);
      await ground.awake();
    }
    if (stop.signal.aborted) return;
    const its = { pod, address, volumes, stop: stop.signal, onChange: report };
    const { programOf, tell } = ground;
    const awake = () => ground.awake();
    runs = specs().map((spec) => runContainer({ ...its, spec, clock, programOf, awake, tell }));
    report();
    await Promise.all(runs.map(({ over }) => over));
    letGo();
    report();
  }

  function specs(): readonly ContainerSpec[] {
    return pod.spec.containers;
  }

  /** What it has of the node is free for others. */
  function letGo(): void {
    // Once: its address may have been given to another by the second time.
    if (released) return;
    released = true;
    ground.volumes.unmount(uid);
    if (address !== null && address !== ground.hostIp) ground.addresses.giveBack(address);
  }

  function report(): void {
    if (!ground.isAlive() || abandoned || api.get(pods, namespace, name)?.metadata.uid !== uid) return;
    const containers: readonly ContainerView[] =
      runs.length > 0 ? runs.map(({ view }) => view) : specs().map(notYetStarted);
    const restartPolicy = pod.spec.restartPolicy ?? 'Always';
    const view = { uid, containers, hostIP: ground.hostIp, address, startTime, restartPolicy };
    api.change(
      pods,
      namespace,
      name,
      (draft) => {
        draft.status = composeStatus(
          draft.status,
          { ...view, stopping: stop.signal.aborted && ending !== null },
          toTime(clock.now()),
        );
      },
      'status',
    );
  }

  async function end(): Promise<void> {
    stop.abort();
    for (const each of runs) {
      if (each.running) ground.tell(pod, 'Normal', 'Killing', `Stopping container ${each.view.spec.name}`);
      each.askToStop();
    }
    let over = false;
    void life.then(() => {
      over = true;
      hurry.abort();
    });
    for (let left = deadline - clock.now(); !over && left > 0; left = deadline - clock.now()) {
      hurry = new AbortController();
      await Promise.race([life, clock.sleep(left, hurry.signal)]);
    }
    await ground.awake();
    for (const each of runs) each.kill();
    await life;
    letGo();
    await ground.awake();
    report();
    removeObject();
    finish();
  }

  function removeObject(): void {
    if (!ground.isAlive() || api.get(pods, namespace, name)?.metadata.uid !== uid) return;
    api.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
  }

  function endWithin(seconds: number): void {
    const sooner = clock.now() + Math.max(1, seconds) * 1_000;
    if (sooner < deadline) {
      deadline = sooner;
      hurry.abort();
    }
    ending ??= end();
  }

  function abandon(): void {
    if (abandoned) return;
    abandoned = true;
    stop.abort();
    for (const { running } of runs) running?.freeze();
    letGo();
    removeObject();
  }

  return {
    uid,
    get pod() {
      return pod;
    },
    finished,
    containers: () => runs,
    sync(newest) {
      pod = newest;
      const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = newest.metadata;
      if (deletionTimestamp === undefined || abandoned) return;
      if (ending === null && ground.isAbandoned(newest)) abandon();
      else endWithin(deletionGracePeriodSeconds);
    },
    lost() {
      if (abandoned) return;
      const { deletionGracePeriodSeconds = 0 } = pod.metadata;
      endWithin(deletionGracePeriodSeconds || (pod.spec.terminationGracePeriodSeconds ?? 30));
    },
    abandon,
    comeBack() {
      if (!abandoned) for (const { running } of runs) running?.thaw();
      report();
    },
    async kill() {
      stop.abort();
      for (const each of runs) each.kill();
      await life;
      finish();
    },
  };
}

function notYetStarted(spec: ContainerSpec): ContainerView {
  const state = { waiting: { reason: 'ContainerCreating' } };
  return { spec, state, lastState: {}, ready: false, restartCount: 0 };
}
