import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/model/clock.ts';

/** Time that has run `scale` times faster than the real one since `from`: what fast-time.ts gives to a whole process. */
export interface SimulatedTime extends Clock {
  readonly scale: number;
  /** The moment at which both told the same, epoch milliseconds. */
  readonly from: number;
  /** What it tells at a real moment, as PostgreSQL dates its backends; both epoch milliseconds. */
  at(realMs: number): number;
}

export const REAL_TIME: SimulatedTime = createSimulatedTime({ scale: 1, from: 0 });

export function createSimulatedTime({ scale, from }: Pick<SimulatedTime, 'scale' | 'from'>): SimulatedTime {
  const at = (realMs: number): number => from + (realMs - from) * scale;
  return {
    scale,
    from,
    at,
    now: () => at(Date.now()),
    async sleep(ms, signal) {
      try {
        await delay(ms / scale, undefined, signal ? { signal } : {});
      } catch (error) {
        if (!signal?.aborted) throw error;
      }
    },
  };
}
