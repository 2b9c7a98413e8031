import { expect, it } from 'vitest';
import { createProgress } from '../../src/discord/progress.ts';
import type { Message } from '../../src/render/message.ts';
import { settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

/** Edits that end when the test says so. */
function start() {
  const sent: string[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const log = createRecordedLog();
  const send = ({ content = '' }: Message): Promise<void> => {
    sent.push(content);
    const end = Promise.withResolvers<void>();
    ends.push(end);
    return end.promise;
  };
  return { sent, ends, log, progress: createProgress(send, log) };
}

it('an edit under way is followed by the newest only', async () => {
  const { sent, ends, progress } = start();
  for (const content of ['1', '2', '3']) progress.show({ content });
  expect(sent).toEqual(['1']);
  ends[0]?.resolve();
  await settle();
  expect(sent).toEqual(['1', '3']);
});

it('a lost edit is logged, and the next one is shown', async () => {
  const { sent, ends, log, progress } = start();
  progress.show({ content: '1' });
  progress.show({ content: '2' });
  ends[0]?.reject(new Error('no answer'));
  await settle();
  expect(sent).toEqual(['1', '2']);
  expect(log.lines).toMatchObject([{ level: 'warn', message: 'progress could not be shown' }]);
});

it('its end waits for the edit under way and drops what waits, and nothing comes after it', async () => {
  const { sent, ends, progress } = start();
  progress.show({ content: '1' });
  progress.show({ content: '2' });
  let ended = false;
  const ending = progress.end().then((shown) => {
    ended = true;
    return shown;
  });
  await settle();
  expect(ended).toBe(false);
  ends[0]?.resolve();
  expect(await ending).toBe(true);
  progress.show({ content: '3' });
  expect(sent).toEqual(['1']);
});

it('says when nothing was ever shown', async () => {
  expect(await start().progress.end()).toBe(false);
});
