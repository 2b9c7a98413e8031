import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DetailedSession } from '../../src/model/activity.ts';
import { describeInterruption } from '../../src/model/kill-plan.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { TerminationFate } from '../../src/model/termination.ts';
import { group, NOW } from '../support/builders.ts';
import { detailedSession, detailedSessions } from '../support/detailed-session.ts';
import { allTerminated, createKillWorld } from './kill-world.ts';

const progress = async () => {};

describe('confirming kill-stale', () => {
  it('claims and records before it acts, and counts, writes down and records afterwards', async () => {
    const { log, killAll } = createKillWorld(detailedSessions(3));
    await killAll();
    expect(log).toEqual([
      'record previewed',
      'claim',
      'record confirmed',
      'record before',
      'progress',
      'terminate',
      'sample',
      'sample',
      'finish',
      'record done',
      'record after',
    ]);
  });

  it('ends the run with nothing known when a fault of ours breaks it off', async () => {
    const { operation, book, recorded } = createKillWorld(detailedSessions(3), {
      terminate: () => Promise.reject(new Error('a fault')),
    });
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    const { id, hash } = preview.confirmation;
    await expect(operation.execute(id, hash, 'remy', progress)).rejects.toThrow('a fault');
    expect(book.get(id)?.state).toMatchObject({ kind: 'done', outcome: { terminated: 0, unknown: 3 } });
    expect(recorded.findLast(({ fact }) => fact.type === 'act')?.fact).toMatchObject({
      stage: 'done',
      summary: expect.stringContaining('unknown 3'),
    });
    await operation.settled();
  });

  it('says that its end, or that of a cancelled one, is recorded, so that the next life need not', async () => {
    const { operation, seenTo, killAll } = createKillWorld(detailedSessions(3));
    await killAll();
    expect(seenTo).toEqual(['0000000001 recorded']);
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    await operation.cancel(preview.confirmation.id, preview.confirmation.hash, 'remy');
    expect(seenTo).toEqual(['0000000001 recorded', '0000000002 recorded']);
  });

  it('ends what was listed and never looks for others, however the world has changed', async () => {
    const { operation, world, asked } = createKillWorld(detailedSessions(3));
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    world.sessions = seen(detailedSessions(40, { pid: 5_000 }), NOW);
    await operation.execute(preview.confirmation.id, preview.confirmation.hash, 'remy', progress);
    expect(asked).toEqual([
      detailedSessions(3).map(({ pid, backendStart, userId, databaseId, state, stateChange }) => {
        return { pid, backendStart, userId, databaseId, state, stateChange };
      }),
    ]);
  });

  it('never passes on a session that was not in the plan', async () => {
    const some = fc.array(
      fc.record({
        pid: fc.integer({ min: 1, max: 500 }),
        state: fc.constantFrom('idle', 'active'),
        superuser: fc.boolean(),
      } as const),
    );
    await fc.assert(
      fc.asyncProperty(some, some, async (then, now) => {
        const { operation, world, asked } = createKillWorld(then.map((parts) => detailedSession(parts)));
        const preview = await operation.preview({ kind: 'idle' }, 'rosa');
        if (preview.kind !== 'ready') return;
        world.sessions = seen(
          now.map((parts) => detailedSession(parts)),
          NOW,
        );
        const { id, hash } = preview.confirmation;
        await operation.execute(id, hash, 'remy', progress);
        const listed = new Set(preview.plan.targets.map(({ pid, backendStart }) => `${pid} ${backendStart}`));
        expect(asked.flat().filter(({ pid, backendStart }) => !listed.has(`${pid} ${backendStart}`))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('says what became of each, and what is left of the connections', async () => {
    const fates: readonly TerminationFate[] = ['terminated', 'used', 'ended', 'protected', 'failed', 'unknown'];
    const { killAll, book, recorded } = createKillWorld(detailedSessions(6), {
      samples: [
        seen([group({ count: 97 })], NOW),
        seen([group({ count: 97 })], NOW),
        seen([group({ count: 96 })], NOW),
      ],
      terminate: async (targets) => ({
        fates: targets.map((target, index) => ({ target, fate: fates[index] ?? 'unknown', reason: null })),
        tookMs: 40,
      }),
    });
    const { result } = await killAll();
    const counts = { terminated: 1, spared: 3, failed: 1, unknown: 1 };
    expect(result).toMatchObject({
      requestedBy: 'rosa',
      confirmedBy: 'remy',
      outcome: { ...counts, before: { used: 97 }, after: { used: 96, usable: 97, max: 100 } },
    });
    expect(result.fates.map(({ fate }) => fate)).toEqual(fates);
    expect(book.get('0000000001')?.state).toMatchObject({ kind: 'done', by: 'remy', outcome: { ...counts } });
    expect(recorded.findLast(({ fact }) => fact.type === 'act')).toMatchObject({
      by: 'remy',
      fact: {
        stage: 'done',
        summary: 'terminated 1, spared 3, failed 1, unknown 1; 97 → 96 connections in use',
        figures: { ...counts, usedBefore: 97, usedAfter: 96 },
      },
    });
  });

  it('does not know what became of a session that the report leaves out', async () => {
    const { killAll } = createKillWorld(detailedSessions(2), {
      terminate: async (targets) => allTerminated(targets.slice(1)),
    });
    const { result } = await killAll();
    expect(result.outcome).toMatchObject({ terminated: 1, unknown: 1 });
  });

  it('does not make up numbers where the server gives none afterwards', async () => {
    const { killAll } = createKillWorld(detailedSessions(2), {
      samples: [seen([group({ count: 97 })], NOW), unseen('lost', NOW)],
    });
    expect((await killAll()).result.outcome).toMatchObject({ before: { used: 97 }, after: null });
  });

  it('does not wait for ever for numbers that do not come', async () => {
    const { clock, killAll } = createKillWorld(detailedSessions(2), { samples: [seen([], NOW)], hangs: true });
    const killing = killAll();
    await clock.advance(3_000);
    expect((await killing).result.outcome.after).toBeNull();
  });

  it('acts without waiting for Discord to show that it does', async () => {
    const { operation, asked } = createKillWorld(detailedSessions(2));
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    const { id, hash } = preview.confirmation;
    const shown = Promise.withResolvers<void>();
    const executing = operation.execute(id, hash, 'remy', () => shown.promise);
    await expect.poll(() => asked.length).toBe(1);
    shown.resolve();
    await executing;
  });
});

describe('a click that may not act', () => {
  async function previewed() {
    const made = createKillWorld(detailedSessions(3));
    const preview = await made.operation.preview({ kind: 'idle' }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    return { ...made, ...preview.confirmation };
  }

  it('a second time is refused and recorded, and nobody is asked twice', async () => {
    const { operation, id, hash, asked, recorded } = await previewed();
    await operation.execute(id, hash, 'remy', progress);
    await expect(operation.execute(id, hash, 'rosa', progress)).rejects.toMatchObject({
      message: 'Refused: taken.',
      doneBy: 'remy',
    });
    expect(asked).toHaveLength(1);
    expect(recorded.at(-1)).toMatchObject({
      by: 'rosa',
      fact: { stage: 'refused', database: 'main', confirmation: id, summary: 'Refused: taken.' },
    });
  });

  it('with the hash of something else ends nobody', async () => {
    const { operation, id, asked } = await previewed();
    await expect(operation.execute(id, 'ffffffffffffffff', 'remy', progress)).rejects.toThrow('Refused: forged.');
    expect(asked).toEqual([]);
  });

  it('on the confirmation of another act ends nobody, and claims nothing', async () => {
    const { operation, desk, asked, log } = await previewed();
    const given = { act: 'recover', database: 'main', plan: {}, summary: '', requestedBy: 'rosa', typed: null };
    const other = await desk.propose(given);
    await expect(operation.execute(other.id, other.hash, 'remy', progress)).rejects.toThrow(/knows of no such preview/);
    await expect(operation.cancel(other.id, other.hash, 'remy')).rejects.toThrow(/knows of no such preview/);
    expect([asked, desk.find(other.id)?.state.kind, log.includes('claim')]).toEqual([[], 'open', false]);
  });

  it('while something stands in the way is refused, and may be made again', async () => {
    const { operation, world, id, hash, asked, book } = await previewed();
    world.obstacle = { kind: 'unreachable', reason: 'The server is away.', remedy: 'Wait.' };
    await expect(operation.execute(id, hash, 'remy', progress)).rejects.toThrow(
      /Nothing was ended: The server is away/,
    );
    expect([asked, book.get(id)?.state.kind]).toEqual([[], 'open']);
    world.obstacle = null;
    expect((await operation.execute(id, hash, 'remy', progress)).outcome.terminated).toBe(3);
  });

  it('after it was cancelled ends nobody', async () => {
    const { operation, id, hash, asked, recorded } = await previewed();
    await operation.cancel(id, hash, 'rosa');
    expect(recorded.at(-1)).toMatchObject({ by: 'rosa', fact: { stage: 'cancelled', confirmation: id } });
    await expect(operation.execute(id, hash, 'remy', progress)).rejects.toThrow('Refused: cancelled.');
    expect(asked).toEqual([]);
  });
});

describe('cancelling', () => {
  it('what somebody has confirmed already is refused and recorded', async () => {
    const { operation, killAll, recorded } = createKillWorld(detailedSessions(3));
    const { preview } = await killAll();
    const { id, hash } = preview.confirmation;
    await expect(operation.cancel(id, hash, 'rosa')).rejects.toThrow('Refused: taken.');
    expect(recorded.at(-1)).toMatchObject({ by: 'rosa', fact: { stage: 'refused', confirmation: id } });
  });

  it('what nobody knows of is refused, and recorded as of no watched database', async () => {
    const { operation, recorded } = createKillWorld([]);
    await expect(operation.cancel('abc', 'def', 'rosa')).rejects.toThrow(/run \/db kill-stale again/);
    expect(recorded).toMatchObject([{ by: 'rosa', fact: { stage: 'refused', database: 'breakwater' } }]);
  });
});

describe('after the bot died in the middle', () => {
  async function interrupted(now: readonly DetailedSession[] | null) {
    const made = createKillWorld(detailedSessions(45));
    const preview = await made.operation.preview({ kind: 'idle' }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    const claimed = await made.desk.claim(preview.confirmation.id, preview.confirmation.hash, 'remy');
    if (!claimed.ok) throw new Error(claimed.reason);
    made.world.sessions = now === null ? unseen('no answer', NOW) : seen(now, NOW);
    const looking = made.operation.inspectInterrupted(claimed.confirmation);
    await made.clock.advance(60_000);
    return { ...made, interruption: await looking };
  }

  it('the next one counts who of the listed is still there, and ends nobody', async () => {
    const reused = detailedSession({ pid: 1_005, backendStart: '2020-12-11 13:24:30.000000+00' });
    const { interruption, asked } = await interrupted([...detailedSessions(2), reused]);
    expect(interruption).toEqual({ listed: 45, gone: 43, still: 2, reason: null });
    expect(asked).toEqual([]);
    expect(describeInterruption(interruption)).toMatch(/of 45 listed, 43 are gone, 2 still there/);
  });

  it('the next one says that it does not know where the plan is not what was shown', async () => {
    const { operation, desk } = createKillWorld(detailedSessions(1));
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    const claimed = await desk.claim(preview.confirmation.id, preview.confirmation.hash, 'remy');
    if (!claimed.ok) throw new Error(claimed.reason);
    const redacted = JSON.parse(JSON.stringify(claimed.confirmation.plan).replaceAll('2020', '[redacted]'));
    expect(await operation.inspectInterrupted({ ...claimed.confirmation, plan: redacted })).toMatchObject({
      gone: null,
      reason: expect.stringContaining('plan'),
    });
  });

  it('the next one says that it does not know where the server cannot be read', async () => {
    const { interruption } = await interrupted(null);
    expect(interruption).toEqual({ listed: 45, gone: null, still: null, reason: 'no answer' });
    expect(describeInterruption(interruption)).toMatch(/45 listed is unknown: no answer/);
  });
});
