import { describe, expect, it } from 'vitest';
import type { Delivered } from '../../src/delivery/transport.ts';
import { letter, startOutbox } from './start-outbox.ts';

const UNCERTAIN_STORED = { kind: 'uncertain', reason: '502', stored: true } as const;
const DOWN: Delivered = { kind: 'failed', reason: 'ECONNREFUSED', retryAfterMs: 0 };

describe('the outbox', () => {
  it('posts a letter once and edits it from then on', async () => {
    const { outbox, clock, story } = await startOutbox();
    outbox.put(letter('a.1', 'one'));
    await clock.advance(2_000);
    outbox.put(letter('a.1', 'two'));
    await clock.advance(2_000);
    expect(story()).toEqual(['post one', 'edit two']);
    expect(outbox.waiting()).toBe(0);
    await outbox.stop();
  });

  it('edits at most every two seconds, to the newest state only', async () => {
    const { outbox, clock, story } = await startOutbox();
    outbox.put(letter('a.1', 'first'));
    await clock.advance(0);
    for (const text of ['1', '2', '3', '4']) {
      outbox.put(letter('a.1', text, { durable: false }));
      await clock.advance(400);
    }
    await clock.advance(2_000);
    expect(story()).toEqual(['post first', 'edit 4']);
    await outbox.stop();
  });

  it('does not let the last state wait for the edit interval', async () => {
    const { outbox, settle, story } = await startOutbox();
    outbox.put(letter('a.1', 'firing'));
    await settle();
    outbox.put(letter('a.1', 'resolved', { urgent: true, final: true }));
    await settle();
    expect(story()).toEqual(['post firing', 'edit resolved']);
    expect(outbox.has('a.1')).toBe(false);
    await outbox.stop();
  });

  it('repeats an uncertain post under the same nonce, so that it cannot stand there twice', async () => {
    const { outbox, clock, sent, troubles, texts } = await startOutbox();
    troubles.post.push(UNCERTAIN_STORED);
    outbox.put(letter('a.1', 'one'));
    await clock.advance(1_000);
    expect(sent.filter(({ kind }) => kind === 'post').map(({ nonce }) => nonce)).toEqual(['nonce-1', 'nonce-1']);
    expect(texts()).toEqual(['one']);
    await outbox.stop();
  });

  it('edits what an uncertain post may have left standing to the newest state, even the last one', async () => {
    const { outbox, clock, troubles, settle, story, texts } = await startOutbox();
    troubles.post.push(UNCERTAIN_STORED);
    outbox.put(letter('a.1', 'firing'));
    await settle();
    outbox.put(letter('a.1', 'resolved', { urgent: true, final: true }));
    await clock.advance(10_000);
    expect(story()).toEqual(['post firing', 'post resolved', 'edit resolved']);
    expect(texts()).toEqual(['resolved']);
    expect(outbox.waiting()).toBe(0);
    await outbox.stop();
  });

  it('has the last word though an edit that was given up takes effect after it', async () => {
    const { outbox, clock, troubles, settle, texts } = await startOutbox();
    outbox.put(letter('a.1', 'firing'));
    await settle();
    troubles.edit.push({ lateMs: 5_000, answered: true });
    outbox.put(letter('a.1', 'worse', { urgent: true }));
    await settle();
    outbox.put(letter('a.1', 'resolved', { urgent: true, final: true }));
    await clock.advance(4_999);
    expect(texts()).toEqual(['resolved']);
    await clock.advance(10_000);
    expect(texts()).toEqual(['resolved']);
    expect(outbox.open()).toEqual([]);
    await outbox.stop();
  });

  it('gives each message a nonce of its own', async () => {
    const { outbox, sent, settle } = await startOutbox();
    outbox.put(letter('a.1', 'one'));
    outbox.put(letter('b.1', 'two'));
    await settle();
    expect(new Set(sent.map(({ nonce }) => nonce)).size).toBe(2);
    await outbox.stop();
  });

  it('completes a post by an edit at once, and edits at most every two seconds from then on', async () => {
    const { outbox, clock, sent, settle } = await startOutbox();
    outbox.put(letter('a.1', 'text', { chart: true }));
    await settle();
    outbox.put(letter('a.1', 'newer', { chart: true }));
    await clock.advance(1_999);
    expect(sent.map(({ kind, text, file }) => [kind, text, file])).toEqual([
      ['post', 'text', false],
      ['edit', 'text', true],
    ]);
    await clock.advance(1);
    expect(sent.at(-1)).toMatchObject({ text: 'newer', file: true });
    await outbox.stop();
  });

  it('does not complete a post when something newer already waits', async () => {
    const { outbox, clock, sent, troubles, settle } = await startOutbox();
    troubles.post.push(DOWN);
    outbox.put(letter('a.1', 'text', { chart: true }));
    await settle();
    outbox.put(letter('a.1', 'newer', { chart: true }));
    await clock.advance(10_000);
    expect(sent.map(({ kind, text, file }) => [kind, text, file])).toEqual([
      ['post', 'text', false],
      ['post', 'newer', false],
      ['edit', 'newer', true],
    ]);
    await outbox.stop();
  });

  it('waits as long as Discord asks', async () => {
    const { outbox, clock, sent, troubles } = await startOutbox();
    troubles.post.push({ kind: 'failed', reason: 'rate limited', retryAfterMs: 7_000, limited: 'channel' });
    outbox.put(letter('a.1', 'one'));
    await clock.advance(6_999);
    expect(sent.length).toBe(1);
    await clock.advance(1);
    expect(sent.length).toBe(2);
    await outbox.stop();
  });

  it('backs off while Discord is down and sends the newest state when it is back', async () => {
    const { outbox, clock, troubles, sent } = await startOutbox();
    troubles.post.push(DOWN, DOWN, DOWN);
    outbox.put(letter('a.1', 'one'));
    await clock.advance(1_000);
    outbox.put(letter('a.1', 'two'));
    await clock.advance(10_000);
    expect(sent.map(({ text }) => text)).toEqual(['one', 'one', 'two', 'two']);
    expect(outbox.waiting()).toBe(0);
    await outbox.stop();
  });

  it('does not post again what a person deleted, and forgets it at its last state', async () => {
    const { outbox, clock, standing, story } = await startOutbox();
    outbox.put(letter('a.1', 'one'));
    await clock.advance(2_000);
    standing.length = 0;
    outbox.put(letter('a.1', 'two'));
    await clock.advance(60_000);
    outbox.put(letter('a.1', 'three'));
    expect(outbox.has('a.1')).toBe(true);
    outbox.put(letter('a.1', 'four', { final: true, urgent: true }));
    await clock.advance(60_000);
    expect(story()).toEqual(['post one', 'edit two']);
    expect(outbox.has('a.1')).toBe(false);
    await outbox.stop();
  });

  it('keeps the urgency of what was not sent yet when newer numbers come', async () => {
    const { outbox, clock, story } = await startOutbox();
    outbox.put(letter('a.1', '90'));
    await clock.advance(100);
    outbox.put(letter('a.1', 'acknowledged', { urgent: true }));
    outbox.put(letter('a.1', 'acknowledged, 91', { durable: false }));
    await clock.advance(0);
    expect(story()).toEqual(['post 90', 'edit acknowledged, 91']);
    await outbox.stop();
  });

  it('goes on with other messages when one cannot be rendered', async () => {
    const { outbox, texts, log, settle } = await startOutbox();
    outbox.put(letter('bad.1', '', { bad: true }));
    outbox.put(letter('good.1', 'good'));
    await settle();
    expect(texts()).toEqual(['good']);
    expect(log.lines.filter(({ level }) => level === 'error').length).toBe(1);
    await outbox.stop();
  });

  it('ignores late news of what was delivered in its last state', async () => {
    const { outbox, clock, story } = await startOutbox();
    outbox.put(letter('a.1', 'resolved', { final: true }));
    await clock.advance(1_000);
    outbox.put(letter('a.1', 'firing'));
    await clock.advance(10_000);
    expect(story()).toEqual(['post resolved']);
    await outbox.stop();
  });

  it('goes on without its chart when Discord refuses the file', async () => {
    const { outbox, clock, sent, troubles } = await startOutbox();
    troubles.edit.push({ kind: 'refused', reason: '403 Missing Permissions', of: 'channel' });
    outbox.put(letter('a.1', 'one', { chart: true, final: true }));
    await clock.advance(100);
    expect(sent.map(({ kind, file }) => [kind, file])).toEqual([
      ['post', false],
      ['edit', true],
    ]);
    expect(outbox.open()).toEqual([]);
    await outbox.stop();
  });

  it('says since when nothing arrives, why, and how long the oldest has been waiting', async () => {
    const { outbox, clock, channel } = await startOutbox();
    const begin = clock.now();
    channel.break(DOWN);
    outbox.put(letter('a.1', 'one'));
    await clock.advance(5_000);
    expect(outbox.health()).toEqual({
      silentSince: begin,
      failingSince: begin,
      reason: 'ECONNREFUSED',
      lastDeliveredAt: null,
      oldestWaitingMs: 5_000,
    });
    channel.break(null);
    await clock.advance(10_000);
    expect(outbox.health()).toMatchObject({
      silentSince: null,
      failingSince: null,
      reason: null,
      oldestWaitingMs: null,
    });
    await outbox.stop();
  });

  it('does not wait for an hour when the clock is set back by one', async () => {
    const { outbox, clock, troubles, texts } = await startOutbox();
    troubles.post.push(DOWN);
    outbox.put(letter('a.1', 'one'));
    await clock.advance(100);
    const back = clock.now() - 3_600_000;
    Object.assign(clock, { now: () => back });
    await clock.advance(500);
    expect(texts()).toEqual(['one']);
    await outbox.stop();
  });
});
