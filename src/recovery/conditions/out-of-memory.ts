import type { Diagnosis } from '../diagnosis.ts';
import { type Signs, timeOf } from '../signs.ts';

const LATELY_MS = 15 * 60_000;

/** It was OOMKilled and lets clients in again: nothing to recover, and it will come again. */
export function findOutOfMemory({ pods, facts }: Signs): Diagnosis | null {
  for (const { name, containers } of pods ?? []) {
    const at = containers.find(({ lastEnd }) => lastEnd?.reason === 'OOMKilled')?.lastEnd?.at ?? null;
    if (at === null || facts.at - at > LATELY_MS) continue;
    return {
      condition: 'out-of-memory',
      headline: `${name} was OOMKilled at ${timeOf(at)}; PostgreSQL has recovered and lets clients in`,
      advice: {
        kind: 'by-hand',
        todo: [
          'Give it more memory (`resources.limits.memory`), or let it take less: fewer connections, less work_mem and shared_buffers.',
        ],
      },
      reasons: [
        'Nothing is left to recover: it has replayed its log by itself.',
        'Not `restart`: it would end every session and mend nothing.',
      ],
    };
  }
  return null;
}
