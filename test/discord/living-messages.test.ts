import { describe, expect, it } from 'vitest';
import { createLivingMessages } from '../../src/discord/living-messages.ts';
import type { Message } from '../../src/render/message.ts';
import { createManualClock, settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

const MINUTE = 60_000;

function start() {
  const [clock, log, stopping] = [createManualClock(), createRecordedLog(), new AbortController()];
  const edits: string[] = [];
  const edit = async ({ content = '' }: Message): Promise<void> => void edits.push(content);
  const living = createLivingMessages({ clock, log, signal: stopping.signal });
  const expired = (inMs: number) => ({ at: clock.now() + inMs, becomes: () => ({ content: 'expired' }) });
  return { clock, log, stopping, edits, edit, living, expired };
}

describe('what a message turns into', () => {
  it('is shown at its time, not before', async () => {
    const { living, clock, edits, edit, expired } = start();
    void living.become(await living.take(null), '7', expired(2 * MINUTE), edit);
    await clock.advance(2 * MINUTE - 1);
    expect(edits).toEqual([]);
    await clock.advance(1);
    expect(edits).toEqual(['expired']);
  });

  it('waits on when its timer fires a moment too early', async () => {
    const { clock, edits, edit, expired } = start();
    const hasty = {
      now: () => clock.now(),
      sleep: (ms: number, signal?: AbortSignal) => clock.sleep(Math.max(1, ms - 1), signal),
    };
    const living = createLivingMessages({
      clock: hasty,
      log: createRecordedLog(),
      signal: new AbortController().signal,
    });
    const early = { ...expired(MINUTE), becomes: () => (clock.now() < MINUTE ? null : { content: 'expired' }) };
    void living.become(await living.take(null), '7', early, edit);
    await clock.advance(MINUTE - 1);
    expect(edits).toEqual([]);
    await clock.advance(10);
    expect(edits).toEqual(['expired']);
  });

  it('is told once it stands there, and not when Discord refused it', async () => {
    const { living, clock, edit, expired } = start();
    const told: string[] = [];
    const later = (which: string) => ({ ...expired(MINUTE), shown: () => void told.push(which) });
    void living.become(await living.take(null), '7', later('shown'), edit);
    void living.become(await living.take(null), '8', later('refused'), () => Promise.reject(new Error('away')));
    expect(told).toEqual([]);
    await clock.advance(MINUTE);
    expect(told).toEqual(['shown']);
  });

  it('is off when something else was shown in the message meanwhile', async () => {
    const { living, clock, edits, edit, expired } = start();
    void living.become(await living.take(null), '7', expired(2 * MINUTE), edit);
    await living.take('7');
    await clock.advance(3 * MINUTE);
    expect(edits).toEqual([]);
  });

  it('is not off for what is shown in another message', async () => {
    const { living, clock, edits, edit, expired } = start();
    void living.become(await living.take(null), '7', expired(2 * MINUTE), edit);
    await living.take('8');
    await clock.advance(3 * MINUTE);
    expect(edits).toEqual(['expired']);
  });

  it('is off when the message was shown anew before Discord told where it stands', async () => {
    const { living, clock, edits, edit, expired } = start();
    const first = await living.take(null);
    await living.take('7');
    void living.become(first, '7', expired(MINUTE), edit);
    await clock.advance(2 * MINUTE);
    expect(edits).toEqual([]);
  });

  it('keeps its clock when a newer showing has a later of its own', async () => {
    const { living, clock, edits, edit, expired } = start();
    void living.become(await living.take(null), '7', expired(MINUTE), edit);
    void living.become(await living.take('7'), '7', expired(3 * MINUTE), edit);
    await clock.advance(2 * MINUTE);
    expect(edits).toEqual([]);
    await clock.advance(MINUTE);
    expect(edits).toEqual(['expired']);
  });

  it('is finished before anything newer is shown', async () => {
    const { living, clock, expired } = start();
    const end = Promise.withResolvers<void>();
    void living.become(await living.take(null), '7', expired(MINUTE), () => end.promise);
    await clock.advance(MINUTE);
    let taken = 0;
    for (const _ of [1, 2]) void living.take('7').then(() => (taken += 1));
    await settle();
    expect(taken).toBe(0);
    end.resolve();
    await settle();
    expect(taken).toBe(2);
  });

  it('stays as it is when it becomes nothing', async () => {
    const { living, clock, edits, edit } = start();
    void living.become(await living.take(null), '7', { at: clock.now(), becomes: () => null }, edit);
    await clock.advance(1);
    expect(edits).toEqual([]);
  });

  it.each([
    ['cannot be edited', () => ({ content: 'x' }), () => Promise.reject(new Error('Unknown Webhook'))],
    [
      'cannot be made',
      () => {
        throw new Error('out of order');
      },
      async () => {},
    ],
  ])('is logged when it %s, and nothing is thrown', async (_, becomes, edit) => {
    const { living, clock, log } = start();
    await living.become(await living.take(null), '7', { at: clock.now(), becomes }, edit);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { messageId: '7' } }]);
  });

  it('is not waited for beyond the life of the token', async () => {
    const { living, clock, log, edit, expired } = start();
    await living.become(await living.take(null), '7', expired(16 * MINUTE), edit);
    expect(clock.sleeping()).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'error' }]);
  });

  it('ends with the bot', async () => {
    const { living, clock, stopping, edits, edit, expired } = start();
    const over = living.become(await living.take(null), '7', expired(2 * MINUTE), edit);
    stopping.abort();
    await over;
    expect([clock.sleeping(), edits]).toEqual([[], []]);
  });
});
