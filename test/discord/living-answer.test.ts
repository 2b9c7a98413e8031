import { describe, expect, it } from 'vitest';
import type { Answer, Command } from '../../src/discord/command.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { click, createRouting, slash } from './route-raw.ts';

describe('an answer that lives on', () => {
  const MINUTE = 60_000;

  function start(parts: Partial<Answer> = {}) {
    const clock = createManualClock();
    const preview = {
      description: 'Preview',
      access: 'respond',
      answer: 'public-in-alert-channel',
      run: async () => ({
        message: { content: 'sure?' },
        later: { at: clock.now() + 2 * MINUTE, becomes: () => ({ content: 'expired' }) },
        ...parts,
      }),
      buttons: {
        go: {
          access: 'respond',
          answer: 'edit',
          async run({ args, progress }) {
            await progress({ content: 'working' });
            if (args[0] === 'fail') throw new UserFacingError('It *failed*.');
            if (args[0] === 'break') throw new Error('password=hunter2');
            return { content: 'done' };
          },
        },
        look: {
          access: 'respond',
          answer: 'edit',
          run: () => Promise.reject(new UserFacingError('Not you.')),
        },
        own: {
          access: 'respond',
          answer: 'elsewhere',
          async run({ progress }) {
            await progress({ content: 'over the alert' });
            return null;
          },
        },
      },
    } satisfies Command;
    return { clock, ...createRouting({ 'db preview': preview }, clock) };
  }

  it('tells who answered where it stands, and a fault of theirs harms nothing', async () => {
    const places: unknown[] = [];
    const { send, seen, log } = start({
      shown(place) {
        places.push(place);
        throw new Error('out of order');
      },
    });
    await send(slash('db preview'));
    expect(places).toEqual([{ channelId: 'alerts', messageId: '7', visibility: 'public' }]);
    expect(log.lines).toMatchObject([{ level: 'error' }]);
    expect(seen).toEqual(['deferred public', 'completed: sure?']);
  });

  it('turns into what it becomes at its time', async () => {
    const { send, clock, seen } = start();
    await send(slash('db preview'));
    await clock.advance(2 * MINUTE);
    expect(seen).toEqual(['deferred public', 'completed: sure?', 'completed: expired']);
  });

  it('stays what a click made of it', async () => {
    const { send, clock, seen } = start();
    await send(slash('db preview'));
    await send(click('db.preview:go'));
    await clock.advance(2 * MINUTE);
    expect(seen.slice(2)).toEqual(['deferred edit', 'progress: working', 'completed: done']);
  });

  it('still expires after a click that showed nothing', async () => {
    const { send, clock, seen } = start();
    await send(slash('db preview'));
    await send(click('db.preview:look'));
    await clock.advance(2 * MINUTE);
    expect(seen.at(-1)).toBe('completed: expired');
  });

  it.each([
    ['fail', /^completed: It \\\*failed\\\*\.$/],
    ['break', /^completed: .*`ref1`/],
  ])('does not stand as “working” for ever when the act fails: %s', async (how, text) => {
    const { send, seen } = start();
    await send(click(`db.preview:go:${how}`));
    expect(seen).toEqual(['deferred edit', 'progress: working', expect.stringMatching(text)]);
    expect(seen.join()).not.toContain('hunter2');
  });

  it('is not drawn over by a click whose effect shows elsewhere', async () => {
    const { send, seen } = start();
    await send(click('db.preview:own'));
    expect(seen).toEqual(['deferred edit']);
  });

  it('waits for nothing once the bot stops', async () => {
    const { send, clock, stop } = start();
    await send(slash('db preview'));
    expect(clock.sleeping()).toEqual([2 * MINUTE]);
    stop();
    expect(clock.sleeping()).toEqual([]);
  });
});
