import { describe, expect, it } from 'vitest';
import { createMessageBoard, type Draft } from '../../src/delivery/message-board.ts';
import type { ChannelTransport, Delivered } from '../../src/delivery/transport.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

type Sent = { readonly kind: 'post' | 'edit'; readonly text: string; readonly nonce?: string };

/** A channel that answers as it is told, then well. */
function createFakeChannel(answers: Delivered[] = []) {
  const sent: Sent[] = [];
  const answer = (): Delivered => answers.shift() ?? { kind: 'delivered', messageId: 'm1' };
  const transport: ChannelTransport = {
    async post({ content = '' }, nonce) {
      sent.push({ kind: 'post', text: content, nonce });
      return answer();
    },
    async edit(_, { content = '' }) {
      sent.push({ kind: 'edit', text: content });
      return answer();
    },
  };
  return { transport, sent };
}

function draft(text: string, parts: Partial<Draft> = {}): Draft {
  return { render: async () => ({ content: text }), urgent: false, final: false, ...parts };
}

function setUp(answers: Delivered[] = []) {
  const clock = createManualClock();
  const { transport, sent } = createFakeChannel(answers);
  let nonces = 0;
  const log = createRecordedLog();
  const newNonce = () => `nonce-${(nonces += 1)}`;
  return { clock, sent, log, board: createMessageBoard({ transport, clock, log, newNonce }) };
}

describe('the message board', () => {
  it('posts a key once and edits it from then on', async () => {
    const { board, clock, sent } = setUp();
    board.put('a', draft('one'));
    await clock.advance(2_000);
    board.put('a', draft('two'));
    await clock.advance(2_000);
    expect(sent.map(({ kind, text }) => [kind, text])).toEqual([
      ['post', 'one'],
      ['edit', 'two'],
    ]);
    await board.stop();
  });

  it('edits at most every two seconds, to the newest state only', async () => {
    const { board, clock, sent } = setUp();
    board.put('a', draft('first'));
    await settle();
    for (const text of ['1', '2', '3', '4']) {
      board.put('a', draft(text));
      await clock.advance(400);
    }
    await clock.advance(2_000);
    expect(sent.map(({ text }) => text)).toEqual(['first', '4']);
    await board.stop();
  });

  it('does not let the last state wait for the edit interval', async () => {
    const { board, sent } = setUp();
    board.put('a', draft('firing'));
    await settle();
    board.put('a', draft('resolved', { urgent: true, final: true }));
    await settle();
    expect(sent.map(({ text }) => text)).toEqual(['firing', 'resolved']);
    await board.stop();
  });

  it('sends urgent drafts before others', async () => {
    const { board, sent } = setUp();
    board.put('warning', draft('warning'));
    board.put('critical', draft('critical', { urgent: true }));
    await settle();
    expect(sent.map(({ text }) => text)).toEqual(['critical', 'warning']);
    await board.stop();
  });

  it('repeats an uncertain post under the same nonce, so that it cannot stand there twice', async () => {
    const { board, clock, sent } = setUp([{ kind: 'uncertain', reason: '502' }]);
    board.put('a', draft('one'));
    await clock.advance(1_000);
    expect(sent.map(({ kind, nonce }) => [kind, nonce])).toEqual([
      ['post', 'nonce-1'],
      ['post', 'nonce-1'],
    ]);
    await board.stop();
  });

  it('edits what an uncertain post may have left standing to the newest state, even the last one', async () => {
    const { board, clock, sent } = setUp([{ kind: 'uncertain', reason: '502' }]);
    board.put('a', draft('firing'));
    await settle();
    board.put('a', draft('resolved', { urgent: true, final: true }));
    await clock.advance(10_000);
    expect(sent.map(({ kind, text }) => [kind, text])).toEqual([
      ['post', 'firing'],
      ['post', 'resolved'],
      ['edit', 'resolved'],
    ]);
    expect(board.waiting()).toBe(0);
    await board.stop();
  });

  it('gives each message a nonce of its own', async () => {
    const { board, sent } = setUp();
    board.put('a', draft('one'));
    board.put('b', draft('two'));
    await settle();
    expect(new Set(sent.map(({ nonce }) => nonce)).size).toBe(2);
    await board.stop();
  });

  it('completes a post by an edit at once, and edits at most every two seconds from then on', async () => {
    const { board, clock, sent } = setUp();
    board.put('a', draft('text', { urgent: true, complete: async () => ({ content: 'text and chart' }) }));
    await settle();
    board.put('a', draft('newer'));
    await clock.advance(1_999);
    expect(sent.map(({ kind, text }) => [kind, text])).toEqual([
      ['post', 'text'],
      ['edit', 'text and chart'],
    ]);
    await clock.advance(1);
    expect(sent.at(-1)?.text).toBe('newer');
    await board.stop();
  });

  it('does not complete a post when something newer already waits', async () => {
    const { board, clock, sent } = setUp([{ kind: 'failed', reason: 'refused', retryAfterMs: 0 }]);
    board.put('a', draft('text', { complete: async () => ({ content: 'late' }) }));
    await settle();
    board.put('a', draft('newer'));
    await clock.advance(10_000);
    expect(sent.map(({ text }) => text)).toEqual(['text', 'newer']);
    await board.stop();
  });

  it('waits as long as Discord asks', async () => {
    const { board, clock, sent } = setUp([{ kind: 'failed', reason: 'rate limited', retryAfterMs: 7_000 }]);
    board.put('a', draft('one'));
    await clock.advance(6_999);
    expect(sent.length).toBe(1);
    await clock.advance(1);
    expect(sent.length).toBe(2);
    await board.stop();
  });

  it('backs off while Discord is down and sends the newest state when it is back', async () => {
    const down: Delivered = { kind: 'uncertain', reason: 'no answer' };
    const { board, clock, sent } = setUp([down, down, down]);
    board.put('a', draft('one'));
    await clock.advance(1_000);
    board.put('a', draft('two'));
    await clock.advance(10_000);
    expect(sent.at(-1)?.text).toBe('two');
    expect(board.waiting()).toBe(0);
    await board.stop();
  });

  it('does not post again what a person deleted', async () => {
    const { board, clock, sent } = setUp([{ kind: 'delivered', messageId: 'm1' }, { kind: 'gone' }]);
    board.put('a', draft('one'));
    await clock.advance(2_000);
    board.put('a', draft('two'));
    await clock.advance(60_000);
    board.put('a', draft('three'));
    board.put('a', draft('four', { final: true, urgent: true }));
    await clock.advance(60_000);
    expect(sent.map(({ kind }) => kind)).toEqual(['post', 'edit']);
    await board.stop();
  });

  it('keeps the urgency of what was not sent yet when newer numbers come', async () => {
    const { board, sent } = setUp();
    board.put('warning', draft('warning'));
    board.put('critical', draft('91', { urgent: true }));
    board.put('critical', draft('92'));
    await settle();
    expect(sent.map(({ text }) => text)).toEqual(['92', 'warning']);
    await board.stop();
  });

  it('goes on with other messages when one cannot be rendered', async () => {
    const { board, sent, log } = setUp();
    board.put('bad', draft('', { urgent: true, render: () => Promise.reject(new Error('no font')) }));
    board.put('good', draft('good'));
    await settle();
    expect(sent.map(({ text }) => text)).toEqual(['good']);
    expect(log.lines.map(({ level }) => level)).toContain('warn');
    await board.stop();
  });
});
