import { expect, it } from 'vitest';
import type { TerminationFate } from '../../src/model/termination.ts';
import { detailedSessions } from '../support/detailed-session.ts';
import { createKillWorld } from './kill-world.ts';

const FATES: readonly TerminationFate[] = ['terminated', 'ended', 'used', 'protected', 'failed', 'unknown'];

it('gives the result again as it was shown, from what the journal keeps', async () => {
  const { operation, book, killAll } = createKillWorld(detailedSessions(6), {
    terminate: async (targets) => ({
      fates: targets.map((target, index) => {
        const fate = FATES[index] ?? 'terminated';
        return { target, fate, reason: fate === 'failed' ? 'still there' : null };
      }),
      tookMs: 40,
    }),
  });
  const { result } = await killAll();
  const stored = book.get(result.confirmation);
  if (stored === undefined) throw new Error('nothing is kept');
  expect(operation.recall(JSON.parse(JSON.stringify(stored)))).toEqual(result);
});

it('gives none of what is not done, or was written by another version', async () => {
  const { operation, book, killAll } = createKillWorld(detailedSessions(2));
  const { result } = await killAll();
  const stored = book.get(result.confirmation);
  if (stored?.state.kind !== 'done') throw new Error('it is not done');
  expect(operation.recall({ ...stored, state: { kind: 'open' } })).toBeNull();
  expect(operation.recall({ ...stored, plan: { targets: 'all' } })).toBeNull();
  expect(operation.recall({ ...stored, state: { ...stored.state, outcome: { terminated: 'all' } } })).toBeNull();
});
