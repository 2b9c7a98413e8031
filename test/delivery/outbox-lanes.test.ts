import { expect, it } from 'vitest';
import type { Delivered } from '../../src/delivery/transport.ts';
import { letter, startOutbox } from './start-outbox.ts';

const DOWN: Delivered = { kind: 'failed', reason: 'ECONNREFUSED', retryAfterMs: 0 };
const CRITICAL = { lane: 'critical', urgent: true } as const;

it('does not let a post that hangs in the normal lane hold up a critical one', async () => {
  const { outbox, settle, troubles, texts } = await startOutbox();
  troubles.post.push('hang');
  outbox.put(letter('warning.1', 'warning'));
  await settle();
  outbox.put(letter('critical.1', 'critical', CRITICAL));
  await settle();
  expect(texts()).toEqual(['critical']);
});

it('posts the first critical alert at once in a storm of 200 others', async () => {
  const { outbox, clock, sent } = await startOutbox();
  const begin = clock.now();
  for (let n = 0; n < 200; n += 1) outbox.put(letter(`w${n}.1`, `warning ${n}`));
  outbox.put(letter('critical.1', 'critical', CRITICAL));
  await clock.advance(1_000);
  expect(sent.find(({ text }) => text === 'critical')?.at).toBe(begin);
  await outbox.stop();
});

it('leaves two posts and two edits of five in five seconds to critical alerts', async () => {
  const { outbox, clock, sent } = await startOutbox();
  const begin = clock.now();
  for (let n = 0; n < 9; n += 1) outbox.put(letter(`w${n}.1`, `warning ${n}`, { chart: true }));
  await clock.advance(16_000);
  for (const kind of ['post', 'edit'] as const) {
    const times = sent.filter((one) => one.kind === kind).map(({ at }) => at - begin);
    expect(times.length).toBe(9);
    for (const at of times) expect(times.filter((other) => other >= at && other < at + 5_000).length).toBeLessThan(4);
  }
  await outbox.stop();
});

it('posts in the order in which the letters came, though the first one fails for a while', async () => {
  const { outbox, clock, texts, troubles } = await startOutbox();
  troubles.post.push(DOWN);
  for (const name of ['a', 'b', 'c']) outbox.put(letter(`${name}.1`, name, CRITICAL));
  await clock.advance(10_000);
  expect(texts()).toEqual(['a', 'b', 'c']);
  await outbox.stop();
});

it('goes on editing while a post fails', async () => {
  const { outbox, clock, channel, troubles, texts } = await startOutbox();
  outbox.put(letter('a.1', 'firing', CRITICAL));
  await clock.advance(0);
  troubles.post.push(...Array.from({ length: 5 }, () => DOWN));
  outbox.put(letter('b.1', 'another', CRITICAL));
  outbox.put(letter('a.1', 'resolved', { ...CRITICAL, final: true }));
  await clock.advance(1);
  expect(texts()).toEqual(['resolved']);
  channel.break(null);
  await outbox.stop();
});

it('lets others pass a refused post, and tries that again after 30 s', async () => {
  const { outbox, clock, troubles, story, log } = await startOutbox();
  troubles.post.push({ kind: 'refused', reason: '400', of: 'message' });
  outbox.put(letter('a.1', 'refused', CRITICAL));
  outbox.put(letter('b.1', 'good', CRITICAL));
  await clock.advance(29_999);
  expect(story()).toEqual(['post refused', 'post good']);
  expect(outbox.health()).toMatchObject({ reason: '400', silentSince: null });
  await clock.advance(1);
  expect(story().at(-1)).toBe('post refused');
  expect(log.lines.filter(({ level }) => level === 'error').length).toBe(1);
  expect(outbox.health()).toMatchObject({ failingSince: null });
  await outbox.stop();
});

it('does not let one message that makes Discord fail block the others for ever', async () => {
  const { outbox, clock, poison, texts } = await startOutbox();
  outbox.put(letter('a.1', 'first', CRITICAL));
  await clock.advance(0);
  poison.add('poison');
  outbox.put(letter('b.1', 'poison', CRITICAL));
  outbox.put(letter('c.1', 'behind', CRITICAL));
  await clock.advance(1_000);
  outbox.put(letter('a.1', 'edited meanwhile', CRITICAL));
  await clock.advance(65_000);
  expect(texts()).toContain('behind');
  await outbox.stop();
});

it.each(['channel', 'global'] as const)('a rate limit of the %s holds both lanes', async (limited) => {
  const { outbox, clock, troubles, texts } = await startOutbox();
  troubles.post.push({ kind: 'failed', reason: 'rate limited', retryAfterMs: 4_000, limited });
  outbox.put(letter('w.1', 'warning'));
  await clock.advance(0);
  outbox.put(letter('c.1', 'critical', CRITICAL));
  await clock.advance(3_999);
  expect(texts()).toEqual([]);
  await clock.advance(1);
  expect(texts().toSorted()).toEqual(['critical', 'warning']);
  await outbox.stop();
});

it('edits while only posts are limited', async () => {
  const { outbox, clock, troubles, texts } = await startOutbox();
  outbox.put(letter('a.1', 'firing', CRITICAL));
  await clock.advance(0);
  troubles.post.push({ kind: 'failed', reason: 'rate limited', retryAfterMs: 4_000, limited: 'channel' });
  outbox.put(letter('b.1', 'another', CRITICAL));
  outbox.put(letter('a.1', 'resolved', { ...CRITICAL, final: true }));
  await clock.advance(1);
  expect(texts()).toEqual(['resolved']);
  await outbox.stop();
});

it('knows an outage that begins while an older message is refused', async () => {
  const { outbox, clock, channel, troubles } = await startOutbox();
  troubles.post.push({ kind: 'refused', reason: '400', of: 'message' });
  const begin = clock.now();
  outbox.put(letter('a.1', 'refused', CRITICAL));
  outbox.put(letter('b.1', 'good', CRITICAL));
  await clock.advance(5_000);
  channel.break(DOWN);
  outbox.put(letter('c.1', 'late', CRITICAL));
  await clock.advance(1);
  expect(outbox.health()).toMatchObject({ failingSince: begin, silentSince: begin + 5_000, reason: 'ECONNREFUSED' });
  channel.break(null);
  await outbox.stop();
});
