import { constants } from 'node:os';
import type { Clock } from '../../../src/model/clock.ts';
import type { KubeObject } from '../api/object.ts';
import { createBackOff } from './back-off.ts';
import { type ContainerLog, createContainerLog } from './container-log.ts';
import type { TellEvent } from './kubelet-events.ts';
import { type ContainerState, type ContainerView, containerId } from './pod-status.ts';
import type { ContainerSpec, Exit, Program, RunningProgram } from './program.ts';
import { toTime } from './times.ts';

/** One container of a pod through all of its runs. */
export interface ContainerRuns {
  readonly view: ContainerView;
  /** Null while none runs. */
  readonly running: RunningProgram | null;
  /** The stop signal of its image, to what runs. */
  askToStop(): void;
  /** SIGKILL; its end is told with this reason, as in `OOMKilled`. */
  kill(reason?: string): void;
  /** Of the run that is under way or was the last; `previous`: of the one before. Null where there was none. */
  log(previous: boolean): ContainerLog | null;
  /** Resolves when it is not started again. */
  readonly over: Promise<void>;
}

export interface ContainerOptions {
  readonly pod: KubeObject;
  readonly spec: ContainerSpec;
  readonly address: string;
  readonly volumes: readonly string[];
  readonly clock: Clock;
  /** The program of an image; null for one that cannot be pulled. */
  readonly programOf: (spec: ContainerSpec) => Program | null;
  /** Resolves while the node is alive, or else when it is again. */
  readonly awake: () => Promise<void>;
  /** Nothing is started once this has come. */
  readonly stop: AbortSignal;
  readonly tell: TellEvent;
  readonly onChange: () => void;
}

const PULL_AGAIN_MS = 10_000;
/** 128 + n, as the shell and container runtimes count an end by signal n. */
const BY_SIGNAL = 128;

/** Starts it, and starts it again when it ends, as its pod's restartPolicy says. */
export function runContainer(options: ContainerOptions): ContainerRuns {
  const { pod, spec, clock, stop, tell, onChange } = options;
  const { uid, namespace = 'default', name: podName } = pod.metadata;
  const view: ContainerView = {
    spec,
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
    ready: false,
    restartCount: 0,
  };
  let running: RunningProgram | null = null;
  let program: Program | null = null;
  let killedFor: string | null = null;
  let logs: readonly ContainerLog[] = [];

  async function live(): Promise<void> {
    const backOff = createBackOff();
    for (;;) {
      if (!(await pull())) return;
      const begunAt = clock.now();
      const ended = await runOnce();
      await options.awake();
      view.ready = false;
      view.state = { terminated: ended };
      if (stop.aborted || !isStartedAgain(pod.spec.restartPolicy, ended.exitCode)) return onChange();
      view.lastState = view.state;
      const waitMs = backOff.next(clock.now() - begunAt);
      if (waitMs > 0) {
        const message = `back-off ${waitMs / 1_000}s restarting failed container=${spec.name} pod=${podName}_${namespace}(${uid})`;
        view.state = { waiting: { reason: 'CrashLoopBackOff', message } };
        tell(
          pod,
          'Warning',
          'BackOff',
          `Back-off restarting failed container ${spec.name} in pod ${podName}_${namespace}(${uid})`,
        );
      }
      onChange();
      if (waitMs > 0) await clock.sleep(waitMs, stop);
      await options.awake();
      if (stop.aborted) return;
      view.restartCount += 1;
    }
  }

  /** False when it was stopped before its image could be had. */
  async function pull(): Promise<boolean> {
    for (let turn = 0; ; turn += 1) {
      if (stop.aborted) return false;
      program = options.programOf(spec);
      if (program !== null) return true;
      const message = `failed to pull and unpack image "${spec.image}": not found`;
      view.state = { waiting: { reason: turn % 2 === 0 ? 'ErrImagePull' : 'ImagePullBackOff', message } };
      tell(pod, 'Warning', 'Failed', `Failed to pull image "${spec.image}": ${message}`);
      onChange();
      await clock.sleep(PULL_AGAIN_MS, stop);
      await options.awake();
    }
  }

  async function runOnce(): Promise<NonNullable<ContainerState['terminated']>> {
    const log = createContainerLog(() => clock.now());
    logs = [log, ...logs].slice(0, 2);
    killedFor = null;
    const startedAt = toTime(clock.now());
    const exit = await startAndWait(log, startedAt);
    running = null;
    const number = exit.signal === null ? null : constants.signals[exit.signal];
    const exitCode = number === null ? (exit.code ?? 0) : BY_SIGNAL + number;
    return {
      exitCode,
      reason: killedFor ?? (exitCode === 0 ? 'Completed' : 'Error'),
      startedAt,
      finishedAt: toTime(clock.now()),
      containerID: containerId(uid, spec.name, view.restartCount),
    };
  }

  async function startAndWait(log: ContainerLog, startedAt: string): Promise<Exit> {
    const { address, volumes } = options;
    try {
      const started = await program?.start({ pod, container: spec, address, volumes, print: log.print });
      if (started === undefined) throw new Error(`${spec.image} has no program`);
      running = started;
      // Told to go while it was being started: its stop signal has passed.
      if (stop.aborted) started.signal('SIGKILL');
      view.state = { running: { startedAt } };
      tell(pod, 'Normal', 'Started', `Container started`);
      void started.ready.then(() => {
        if (running !== started || stop.aborted) return;
        view.ready = true;
        onChange();
      });
      onChange();
      return await started.exited;
    } catch (error) {
      log.print(error instanceof Error ? error.message : String(error));
      return { code: BY_SIGNAL, signal: null };
    }
  }

  return {
    view,
    get running() {
      return running;
    },
    askToStop: () => running?.signal(program?.stopSignal ?? 'SIGTERM'),
    kill(reason) {
      killedFor = reason ?? null;
      running?.signal('SIGKILL');
    },
    log(previous) {
      running?.flush?.();
      return logs[previous ? 1 : 0] ?? null;
    },
    over: live(),
  };
}

function isStartedAgain(policy: string | undefined, exitCode: number): boolean {
  if (policy === 'Never') return false;
  return policy === 'OnFailure' ? exitCode !== 0 : true;
}
