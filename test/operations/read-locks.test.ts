import { describe, expect, it } from 'vitest';
import { seen, unseen } from '../../src/model/observed.ts';
import { readLocks } from '../../src/operations/read-locks.ts';
import { group, NOW } from '../support/builders.ts';
import { lockNode, lookedAt } from '../support/looking.ts';
import { createManualClock } from '../support/manual-clock.ts';

const sample = seen(
  [
    group({ lockWaits: 2, oldestTransactionMs: 4_000, state: 'active' }),
    group({ user: 'bot', lockWaits: 1, oldestTransactionMs: 9_000, state: 'idle in transaction' }),
  ],
  NOW - 3_000,
);

describe('reading the locks', () => {
  it('gives the tree as it is now, with what the last sample knows besides', async () => {
    const tree = seen({ nodes: [lockNode(1), lockNode(2, [1])] }, NOW);
    const database = lookedAt({ actions: { readLockTree: async () => tree }, lastSample: () => sample });
    expect(await readLocks(database, createManualClock(NOW))).toMatchObject({
      database: 'main',
      tree,
      sample: { at: NOW - 3_000, value: { waiting: 3, oldest: { application: 'bot', ms: 9_000 } } },
    });
  });

  it('says so when no server answers in time', async () => {
    const clock = createManualClock(NOW);
    const database = lookedAt({ actions: { readLockTree: () => new Promise(() => {}) }, lastSample: () => sample });
    const reading = readLocks(database, clock);
    await clock.advance(4_000);
    expect(await reading).toMatchObject({ tree: { ok: false, reason: 'no answer within 4 s' }, sample: { ok: true } });
  });

  it('knows no oldest transaction where none is open, and nothing before the first sample', async () => {
    const idle = lookedAt({ lastSample: () => seen([group()], NOW) });
    expect(await readLocks(idle, createManualClock())).toMatchObject({
      sample: { value: { waiting: 0, oldest: null } },
    });
    const blind = lookedAt({ lastSample: () => unseen('not sampled yet', NOW) });
    expect(await readLocks(blind, createManualClock())).toMatchObject({ sample: { ok: false } });
  });
});
