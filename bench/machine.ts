import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** Where it was measured; without it no figure says anything. */
export interface Machine {
  readonly at: string;
  readonly node: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  /** Of the last minute, before the first benchmark: above 0 others use the machine too. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    at: new Date().toISOString(),
    node: process.version,
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0] ?? 0,
  };
}
