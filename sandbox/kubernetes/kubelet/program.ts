import type { KubeObject } from '../api/object.ts';

/** How a container's process ended: by a status, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a container's process is told when it starts. */
export interface Start {
  readonly pod: KubeObject;
  /** As it stands in the pod's spec. */
  readonly container: ContainerSpec;
  /** Its pod's, in 127/8. */
  readonly address: string;
  /** Names of the PersistentVolumes that the pod mounts. */
  readonly volumes: readonly string[];
  /** Takes what it prints, a line at a time. */
  readonly print: (line: string) => void;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** A container's process, which is a real one. */
export interface RunningProgram {
  readonly pid: number;
  /** Resolves when it can do its work; of one that never can, never. */
  readonly ready: Promise<void>;
  readonly exited: Promise<Exit>;
  /** Brings what it printed so far into the log; left out where that happens by itself. */
  flush?(): void;
  /** SIGKILL takes its children with it, as the end of a container does. */
  signal(name: NodeJS.Signals): void;
  /** SIGSTOP and SIGCONT for it and its children: its sockets stay open, and nobody answers on them. */
  freeze(): void;
  thaw(): void;
}

/** What an image does when a container of it is started. */
export interface Program {
  /** The image's STOPSIGNAL. */
  readonly stopSignal: NodeJS.Signals;
  /** Rejects when it cannot be started at all. */
  start(start: Start): Promise<RunningProgram>;
}

/** The program of an image: `ghcr.io/python-discord/site:4f2a` is `site`. */
export function nameOfImage(image: string): string {
  return image.split('/').at(-1)?.split(/[:@]/)[0] ?? image;
}

/** The environment that a container's spec writes out; what only refers to something is left out. */
export function environmentOf({ env = [] }: ContainerSpec): Readonly<Record<string, string>> {
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}
