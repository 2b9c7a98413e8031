import { createRandom } from '../delivery/random.ts';
import type { Death } from './ground.ts';

/** Before and after each of so many commits. Pure. */
export function listDeaths(commits: number): readonly Death[] {
  return Array.from({ length: commits }, (_, index) => index + 1).flatMap((point) => [
    { point, side: 'before' as const },
    { point, side: 'after' as const },
  ]);
}

/** So many of them, one out of each equal part of the run, by a seed. Pure. */
export function sampleDeaths(commits: number, wanted: number, seed: number): readonly Death[] {
  const random = createRandom(seed);
  const all = listDeaths(commits);
  const parts = Math.min(wanted, all.length);
  const edge = (part: number): number => Math.floor((part * all.length) / parts);
  return Array.from({ length: parts }, (_, part) => random.pick(all.slice(edge(part), edge(part + 1))));
}
