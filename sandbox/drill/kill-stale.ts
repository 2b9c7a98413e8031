import type { MemberName } from '../discord/world/seed.ts';
import type { Message } from '../discord/world/state.ts';
import type { Stage } from '../stage/set-stage.ts';
import { textOf, titleOf } from './read-message.ts';
import type { Recorder } from './recorder.ts';
import { WAIT } from './see-alerts.ts';

/** What the result of a kill-stale says in its words (contract.md, fine print 2). */
export interface Killed {
  readonly terminated: number;
  readonly spared: number;
  readonly failed: number;
  readonly message: Message;
}

/** A responder asks for the preview in the alert channel; rejects when it does not come. */
export async function previewKill(
  { discord }: Stage,
  by: MemberName,
  options: Readonly<Record<string, string>>,
): Promise<Message> {
  const channelId = discord.channels.alerts;
  const outcome = await discord.actAs(by).command('db kill-stale', { database: 'main', ...options }, { channelId });
  return outcome.final(WAIT);
}

/** How many sessions the red button of a preview would end; null when there is none. */
export function countOffered({ components }: Message): number | null {
  const label = /"Terminate (\d+) sessions?"/.exec(JSON.stringify(components))?.[1];
  return label === undefined ? null : Number(label);
}

/** Presses the red button and waits for what became of it. */
export async function confirmKill(stage: Stage, recorder: Recorder, by: MemberName, preview: Message): Promise<Killed> {
  const pressedAt = Date.now();
  await stage.discord.actAs(by).click(preview.id, /^Terminate \d+ sessions?$/);
  const { message } = await stage.discord.waitForMessage(
    (each) => each.id === preview.id && /\bfailed\W+\d/i.test(textOf(each)),
    { ...WAIT, what: 'the result of kill-stale' },
  );
  recorder.note('figure', `from the click to the verified result in ${Date.now() - pressedAt} ms`);
  recorder.note('answer', titleOf(message));
  const text = textOf(message);
  const killed = { terminated: read(text, 'terminated'), spared: read(text, 'spared'), failed: read(text, 'failed') };
  recorder.figures.terminated = (recorder.figures.terminated ?? 0) + killed.terminated;
  recorder.figures.spared = (recorder.figures.spared ?? 0) + killed.spared;
  return { ...killed, message };
}

function read(text: string, word: string): number {
  const found = new RegExp(`\\b${word}\\W+(\\d+)`, 'i').exec(text)?.[1];
  if (found === undefined) throw new Error(`the result does not say how many were ${word}:\n${text}`);
  return Number(found);
}
