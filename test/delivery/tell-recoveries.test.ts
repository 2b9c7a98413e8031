import { describe, expect, it } from 'vitest';
import type { RecoveryContent } from '../../src/delivery/letter-content.ts';
import type { Letter } from '../../src/delivery/outbox.ts';
import { createRecoveryTeller } from '../../src/delivery/tell-recoveries.ts';
import type { Json } from '../../src/journal/journal.ts';
import { NOW } from '../support/builders.ts';
import { REQUESTER, runOf, viewOf } from '../support/recovery-builders.ts';

const RUN = runOf({ stops: 2, state: { kind: 'stopped', at: NOW, why: { kind: 'interrupted' } } });
const BROKEN = { run: RUN, by: REQUESTER, reason: 'nobody answers', at: NOW };

function setUp(messages: ReadonlyMap<string, string> = new Map()) {
  const put: Letter[] = [];
  const teller = createRecoveryTeller({
    outbox: {
      put: (letter) => void put.push(letter),
      contentOf: (id) => put.find((letter) => letter.id === id)?.content ?? null,
      messageOf: (id) => messages.get(id) ?? null,
    },
    channels: { alerts: 'a' },
  });
  const contents = () => put.map(({ content }) => content as unknown as RecoveryContent);
  return { teller, put, contents };
}

it('tells that a run was interrupted in one durable message for each stop, where the run lives', () => {
  const { teller, put } = setUp();
  expect(teller.interrupted(viewOf(RUN), 'thread')).toBe(null);
  teller.interrupted(viewOf({ ...RUN, stops: 3 }), 'a');
  expect(put).toMatchObject([
    { id: 'recovery.0123456789.2', channel: 'thread', single: true, final: true, durable: true },
    { id: 'recovery.0123456789.3', lane: 'critical', single: true, final: true, durable: true },
  ]);
  expect(put[1]?.channel).toBe(undefined);
});

it('says where a run’s new message stands, once it does, and of no other letter', () => {
  const { teller } = setUp();
  teller.interrupted(viewOf(RUN), 'thread');
  teller.brokeGlass(BROKEN, 'thread');
  expect(teller.posted('recovery.0123456789.2', 'm1')).toEqual({
    runId: '0123456789',
    channelId: 'thread',
    messageId: 'm1',
  });
  expect(teller.posted('recovery.0123456789.glass', 'm2')).toBe(null);
  expect(teller.posted('3f9c2a71.1', 'm3')).toBe(null);
});

it.each([
  ['recovery.0123456789.2', 'thread'],
  ['recovery.0123456789.2.here', 'a'],
])('told again in the next life, knows from %s that it stands in %s', (id, channelId) => {
  const { teller } = setUp(new Map([[id, 'm1']]));
  expect(teller.interrupted(viewOf(RUN), 'thread')).toEqual({ runId: '0123456789', channelId, messageId: 'm1' });
});

it('tells a broken glass once, however often it is told', () => {
  const { teller, put, contents } = setUp();
  teller.brokeGlass(BROKEN, 'thread');
  teller.brokeGlass(BROKEN, 'thread');
  expect(new Set(put.map(({ id }) => id))).toEqual(new Set(['recovery.0123456789.glass']));
  expect(contents()[0]?.recovery).toMatchObject({
    database: 'main',
    strategy: 'restart',
    by: REQUESTER,
    reason: 'nobody answers',
  });
});

describe('evidence', () => {
  it.each([
    [0, [[0, 0]]],
    [1, [[0, 1]]],
    [10, [[0, 10]]],
    [
      23,
      [
        [0, 10],
        [10, 10],
        [20, 3],
      ],
    ], // prettier-ignore
  ])('of %i files goes ten to a message, its gaps with the first', (total, ranges) => {
    const { teller, put, contents } = setUp();
    teller.evidence(RUN, total, ['previous logs: 404'], 'thread', NOW);
    const news = contents().flatMap(({ recovery }) => (recovery.kind === 'evidence' ? [recovery] : []));
    expect(news.map(({ from, count }) => [from, count])).toEqual(ranges);
    expect(news.map(({ gaps }) => gaps.length)).toEqual(ranges.map((_, index) => (index === 0 ? 1 : 0)));
    expect(new Set(put.map(({ id }) => id)).size).toBe(ranges.length);
    for (const { id } of put) expect(id.length).toBeLessThanOrEqual(55);
  });

  it('has a letter of a size that fits, whatever could not be captured', () => {
    const { teller, put } = setUp();
    teller.evidence(
      RUN,
      3,
      Array.from({ length: 1_000 }, () => 'x'.repeat(10_000)),
      'thread',
      NOW,
    );
    expect(JSON.stringify(put[0]?.content).length).toBeLessThan(6_000);
  });
});

it('puts into the alert channel what its channel does not take, with the reason, the message’s buttons among it', () => {
  const { teller, put } = setUp();
  teller.interrupted(viewOf(RUN), 'thread');
  teller.brokeGlass(BROKEN, 'thread');
  for (const { id, content } of put.slice()) {
    teller.givenUp({ id, channel: 'thread', content, reason: 'Unknown Channel' });
  }
  const instead = { channel: 'thread', reason: 'Unknown Channel' };
  expect(put.slice(2)).toMatchObject([
    { id: 'recovery.0123456789.2.here', content: { instead, recovery: { kind: 'run' } } },
    { id: 'recovery.0123456789.glass.here', content: { instead } },
  ]);
  expect(put.slice(2).map(({ channel }) => channel)).toEqual([undefined, undefined]);
  expect(teller.posted('recovery.0123456789.2.here', 'm1')).toMatchObject({ channelId: 'a' });
});

it('leaves the letters of others to others', () => {
  const { teller, put } = setUp();
  const content: Json = { act: {}, mark: 'x' };
  teller.givenUp({ id: 'x', channel: 'audit', content, reason: 'gone' });
  expect(put).toEqual([]);
});
