import type { ContainerSpec } from './program.ts';

/** What a kubelet knows of one container; the states are as the API writes them. */
export interface ContainerView {
  readonly spec: ContainerSpec;
  state: ContainerState;
  lastState: ContainerState;
  ready: boolean;
  restartCount: number;
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly signal?: number;
    readonly reason: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly containerID: string;
  };
}

export interface PodView {
  readonly uid: string;
  readonly containers: readonly ContainerView[];
  readonly hostIP: string;
  /** Null until it has one. */
  readonly address: string | null;
  readonly startTime: string;
  readonly restartPolicy: string;
  /** It was told to go: nothing of it is started again. */
  readonly stopping: boolean;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastProbeTime: null;
  readonly lastTransitionTime: string;
  readonly reason?: string;
  readonly message?: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the status of a stored object, JSON of the API
type Status = any;

/** The status that a kubelet writes; conditions that did not change keep their transition time. `now` is RFC 3339. */
export function composeStatus(before: Status, view: PodView, now: string): Status {
  const phase = phaseOf(view);
  const unready = view.containers.filter(({ ready }) => !ready).map(({ spec }) => spec.name);
  const over = phase === 'Succeeded' || phase === 'Failed';
  const why = over
    ? { reason: phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const ready = unready.length === 0 && !over;
  const former: readonly Condition[] = before?.conditions ?? [];
  const condition = (type: string, holds: boolean, reason: object = {}): Condition => {
    const status = holds ? 'True' : 'False';
    const old = former.find((each) => each.type === type);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
    return { type, status, lastProbeTime: null, lastTransitionTime, ...(holds ? {} : reason) };
  };
  const own = [
    condition('PodReadyToStartContainers', view.address !== null && !over),
    condition('Initialized', true),
    condition('Ready', ready, why),
    condition('ContainersReady', ready, why),
  ];
  const others = former.filter(({ type }) => own.every((each) => each.type !== type));
  return {
    ...before,
    phase,
    conditions: [...own, ...others],
    hostIP: view.hostIP,
    hostIPs: [{ ip: view.hostIP }],
    ...(view.address !== null && { podIP: view.address, podIPs: [{ ip: view.address }] }),
    startTime: view.startTime,
    containerStatuses: view.containers.map((each) => composeContainer(each, view.uid)),
    qosClass: before?.qosClass ?? 'BestEffort',
  };
}

function composeContainer({ spec, state, lastState, ready, restartCount }: ContainerView, uid: string): object {
  const begun = state.running !== undefined || state.terminated !== undefined || restartCount > 0;
  return {
    name: spec.name,
    state,
    lastState,
    ready,
    restartCount,
    image: spec.image,
    imageID: begun ? `${spec.image.split(/[:@]/)[0]}@sha256:${'0'.repeat(64)}` : '',
    ...(begun && { containerID: containerId(uid, spec.name, restartCount) }),
    started: state.running !== undefined,
  };
}

export function containerId(uid: string, name: string, restarts: number): string {
  return `containerd://${uid}-${name}-${restarts}`;
}

/** As the kubelet's getPhase decides; whoever waits to be started again still counts as running. */
function phaseOf({ containers, restartPolicy, stopping }: PodView): string {
  const ended = containers.map(({ state }) => state.terminated);
  if (ended.every((each) => each !== undefined) && ended.length > 0) {
    const good = ended.every((each) => each?.exitCode === 0);
    if (good && (stopping || restartPolicy !== 'Always')) return 'Succeeded';
    if (!good && (stopping || restartPolicy === 'Never')) return 'Failed';
    return 'Running';
  }
  const begun = containers.every(({ state, lastState }) => !state.waiting || lastState.terminated !== undefined);
  return begun ? 'Running' : 'Pending';
}
