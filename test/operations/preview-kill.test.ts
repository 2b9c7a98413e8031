import { describe, expect, it } from 'vitest';
import { seen, unseen } from '../../src/model/observed.ts';
import { NOW } from '../support/builders.ts';
import { detailedSession, detailedSessions } from '../support/detailed-session.ts';
import { createKillWorld } from './kill-world.ts';

const MINUTE = 60_000;

describe('the preview of kill-stale', () => {
  it('freezes exactly what it shows: the stale ones, longest in their state first', async () => {
    const { operation, book } = createKillWorld([
      ...detailedSessions(2),
      detailedSession({ pid: 7, stateMs: 90 * MINUTE }),
      detailedSession({ pid: 8, state: 'active' }),
    ]);
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(preview.kind);
    expect(preview.plan.targets.map(({ pid }) => pid)).toEqual([7, 1_000, 1_001]);
    expect(preview.plan.holders).toMatchObject({ used: 4, usable: 97, max: 100 });
    expect(book.get(preview.confirmation.id)).toMatchObject({
      act: 'kill-stale',
      database: 'main',
      plan: preview.plan,
      summary: '3 sessions, idle for 10 min or longer',
      requestedBy: 'rosa',
      typed: null,
    });
  });

  it('is recorded, with how many it lists', async () => {
    const { operation, recorded } = createKillWorld(detailedSessions(45));
    await operation.preview({ kind: 'idle', application: 'site' }, 'rosa');
    expect(recorded).toEqual([
      {
        at: NOW,
        by: 'rosa',
        fact: {
          type: 'act',
          act: 'kill-stale',
          database: 'main',
          stage: 'previewed',
          confirmation: '0000000001',
          summary: '45 sessions of site, idle for 10 min or longer',
          figures: { listed: 45, used: 45 },
        },
      },
    ]);
  });

  it.each([undefined, '', 'orphaned'])('offers the other kinds with their counts for the kind %j', async (kind) => {
    const { operation, book } = createKillWorld([
      ...detailedSessions(45),
      ...detailedSessions(9, { pid: 5_000, stateMs: 3 * MINUTE }),
      ...detailedSessions(2, { pid: 1, state: 'idle in transaction', stateMs: 6 * MINUTE }),
    ]);
    expect(await operation.preview({ kind }, 'rosa')).toMatchObject({
      kind: 'choose',
      choices: [
        { kind: 'idle', olderThanMs: 10 * MINUTE, count: 45 },
        { kind: 'idle-in-transaction', olderThanMs: 5 * MINUTE, count: 2 },
      ],
    });
    expect(book.size).toBe(0);
  });

  it.each([
    [3 * MINUTE + 1, [MINUTE, 3]],
    [14_000, [10_000, 3]],
    [9_999, null],
  ])('offers a shorter age with what it would select where the longest is idle for %i ms', async (stateMs, shorter) => {
    const { operation } = createKillWorld(detailedSessions(3, { stateMs }));
    const { choices } = (await operation.preview({}, 'rosa')) as { choices?: readonly unknown[] };
    expect(choices).toEqual([
      { kind: 'idle', olderThanMs: 10 * MINUTE, count: 0 },
      ...(shorter === null ? [] : [{ kind: 'idle', olderThanMs: shorter[0], count: shorter[1] }]),
      { kind: 'idle-in-transaction', olderThanMs: 5 * MINUTE, count: 0 },
    ]);
  });

  it('freezes nothing where nothing is stale, and gives the verdicts', async () => {
    const { operation, book, log } = createKillWorld(detailedSessions(3, { stateMs: 3 * MINUTE }));
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    expect(preview).toMatchObject({ kind: 'nothing', judged: { length: 3 } });
    expect([book.size, log]).toEqual([0, []]);
  });

  it('takes what somebody says for older-than and application', async () => {
    const { operation } = createKillWorld([
      ...detailedSessions(3, { stateMs: 3 * MINUTE }),
      detailedSession({ pid: 9, user: 'metabase' }),
    ]);
    const preview = await operation.preview({ kind: 'idle', olderThan: '2m', application: 'site' }, 'rosa');
    expect(preview).toMatchObject({ plan: { criteria: { olderThanMs: 2 * MINUTE }, targets: { length: 3 } } });
  });

  it.each([
    [{ database: 'mian' }, /No database is named mian. Did you mean main\?/],
    [{ kind: 'idel' }, /called idel. Did you mean idle\? Write orphaned, idle, idle-in-transaction/],
    [{ kind: 'idle', application: 'sites' }, /No application is named sites. Did you mean site\? There is: site/],
    [{ kind: 'idle', olderThan: '10' }, /older-than cannot be “10”. Write a time from 1s to 30d/],
    [{ kind: 'idle', olderThan: '999ms' }, /from 1s to 30d/],
    [{ kind: 'idle', olderThan: '31d' }, /from 1s to 30d/],
    [{ kind: 'idle', olderThan: '-5m' }, /from 1s to 30d/],
  ])('says what to write instead of %j', async (request, words) => {
    const { operation } = createKillWorld(detailedSessions(3));
    await expect(operation.preview(request, 'rosa')).rejects.toThrow(words);
  });

  it.each([
    [
      'something stands in the way',
      { obstacle: { kind: 'privilege', reason: 'It lacks pg_signal_backend.', remedy: 'GRANT …;' } as const },
      /No session of main can be ended: It lacks pg_signal_backend. As a superuser, run: GRANT …;$/,
    ],
    [
      'the pooler does not answer',
      { poolerPids: unseen('it hangs', NOW) },
      /does not say which sessions of main are the pooler's: it hangs. Nothing is ended without that/,
    ],
    ['the sessions are not seen', { sessions: unseen('no answer', NOW) }, /cannot be read: no answer/],
  ])('refuses where %s, and records that', async (_, parts, words) => {
    const { operation, book, recorded } = createKillWorld(detailedSessions(3), parts);
    await expect(operation.preview({ kind: 'idle' }, 'rosa')).rejects.toThrow(words);
    expect(book.size).toBe(0);
    expect(recorded.map(({ fact }) => [fact.type === 'act' && fact.stage])).toEqual([['refused']]);
  });

  it('leaves the sessions of the pooler alone', async () => {
    const { operation } = createKillWorld(detailedSessions(3), { poolerPids: seen(new Set([1_001]), NOW) });
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    expect(preview.kind === 'ready' && preview.plan.targets.map(({ pid }) => pid)).toEqual([1_000, 1_002]);
  });

  it('is over two minutes later, and not before', async () => {
    const { operation, clock } = createKillWorld(detailedSessions(3));
    const preview = await operation.preview({ kind: 'idle' }, 'rosa');
    const id = preview.kind === 'ready' ? preview.confirmation.id : '';
    await clock.advance(119_999);
    expect(operation.findExpired(id)).toBeNull();
    await clock.advance(1);
    expect(operation.findExpired(id)).toMatchObject({ id, database: 'main' });
  });

  it('that somebody confirmed never expires', async () => {
    const { operation, clock, killAll } = createKillWorld(detailedSessions(3));
    await killAll();
    await clock.advance(120_000);
    expect(operation.findExpired('0000000001')).toBeNull();
  });
});
