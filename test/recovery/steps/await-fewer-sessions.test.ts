import { describe, expect, it } from 'vitest';
import { seen } from '../../../src/model/observed.ts';
import step from '../../../src/recovery/steps/await-fewer-sessions.ts';
import stale from '../../../src/recovery/steps/terminate-stale.ts';
import { NOW } from '../../support/builders.ts';
import { detailedSession, detailedSessions } from '../../support/detailed-session.ts';
import { createFakeWorld, OWNERS, SERVER, SILENT, stepCall } from '../../support/gentle-rungs.ts';

const PARAMS = { application: 'site', limit: null, owners: OWNERS, server: SERVER };
const OTHERS = [
  ...detailedSessions(5, { pid: 8_000, user: 'bot' }),
  detailedSession({ pid: 9_000, backendType: 'walsender' }),
];
const worldWith = (count: number) => createFakeWorld({ sessions: seen([...detailedSessions(count), ...OTHERS], NOW) });

describe('after a restart', () => {
  it.each([
    [39, null, 'holds'],
    [40, null, 'waiting'],
    [31, 32, 'holds'],
    [32, 32, 'waiting'],
  ])('%s connections where 40 were, and %s is the limit: %s', async (count, limit, kind) => {
    const verified = await step.verify(stepCall({ ...PARAMS, limit }, worldWith(count), { shown: { held: 40 } }));
    expect(verified).toEqual({ kind, saw: `site: 40 → ${count} connections, ${count + 5} in total` });
  });

  it('nobody says that it helped while nobody can tell', async () => {
    const call = stepCall(PARAMS, createFakeWorld({ sessions: SILENT }), { shown: { held: 40 } });
    expect((await step.verify(call)).kind).toBe('unknown');
    expect((await step.verify(stepCall(PARAMS, worldWith(3)))).kind).toBe('failed');
  });

  it('there is nothing to do but to look', async () => {
    const world = worldWith(3);
    expect((await step.check()).kind).toBe('acted');
    expect(await step.act()).toEqual({ kind: 'done' });
    expect(world.done).toEqual([]);
  });
});

describe('stale sessions', () => {
  it('are ended by /db kill-stale, and not by a run', async () => {
    expect(await stale.check()).toMatchObject({ kind: 'blocked', saw: expect.stringContaining('/db kill-stale') });
    expect((await stale.act()).kind).toBe('refused');
    expect((await stale.verify()).kind).toBe('failed');
  });
});
