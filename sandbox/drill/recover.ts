import { listControls } from '../discord/render-message.ts';
import type { StoredMessage } from '../discord/world/messages.ts';
import type { MemberName } from '../discord/world/seed.ts';
import { MESSAGE_FLAGS, type Message } from '../discord/world/state.ts';
import type { Stage } from '../stage/set-stage.ts';
import { textOf, titleOf } from './read-message.ts';
import type { Recorder } from './recorder.ts';
import { WAIT } from './see-alerts.ts';

/** A whole restart: seconds here, but each pod is a process of this machine. */
export const RUN = { timeoutMs: 120_000 } as const;

/** Where a recovery stands, told by the buttons that can be pressed: their labels are fixed (contract.md, fine print 2). */
export type RunStands = 'requested' | 'running' | 'stopped' | 'over';

export function standOf(message: Message): RunStands {
  const labels = labelsOf(message);
  if (labels.some((label) => ['Approve', 'Break glass', 'Cancel'].includes(label))) return 'requested';
  if (labels.some((label) => ['Resume', 'Retry', 'Release clients', 'Skip'].includes(label))) return 'stopped';
  return labels.includes('Abort') ? 'running' : 'over';
}

export function labelsOf(message: Message): readonly string[] {
  return listControls(message).map(({ label = '' }) => label);
}

/** A responder asks for a recovery in the alert channel; gives the answer once it is there. */
export async function requestRecovery(
  { discord }: Pick<Stage, 'discord'>,
  by: MemberName,
  options: Readonly<Record<string, string>> = {},
): Promise<Message> {
  const channelId = discord.channels.alerts;
  const outcome = await discord.actAs(by).command('db recover', { database: 'main', ...options }, { channelId });
  return outcome.final(WAIT);
}

/** Another member approves; whoever is refused is told so in words that only they see, which are given. */
export async function approve(
  { discord }: Pick<Stage, 'discord'>,
  by: MemberName,
  { id }: Pick<Message, 'id'>,
): Promise<string | null> {
  const outcome = await discord.actAs(by).click(id, 'Approve');
  if (outcome.failure !== null) throw new Error(`Approve: ${outcome.failure}`);
  if (outcome.modal !== null) throw new Error(`Approve opened a form: ${outcome.modal.title}`);
  if (outcome.kind === 'update') return null;
  const answer = await outcome.final(WAIT);
  return (answer.flags & MESSAGE_FLAGS.ephemeral) === 0 ? null : textOf(answer);
}

/** The responder's own confirmation, which suffices for the gentle rungs: the one button that names its target. */
export async function confirmRecovery(
  { discord }: Pick<Stage, 'discord'>,
  by: MemberName,
  message: Message,
  target: string,
): Promise<void> {
  const label = labelsOf(message).find((each) => each !== 'Cancel' && each.includes(target));
  if (label === undefined) throw new Error(`no button names ${target}, only ${labelsOf(message).join(', ')}`);
  await discord.actAs(by).click(message.id, label);
}

/** The message of a run once it fits; rejects when it does not come to. */
export function seeRun(
  { discord }: Pick<Stage, 'discord'>,
  { id }: Pick<Message, 'id'>,
  fits: (message: Message) => boolean,
  { timeoutMs }: { readonly timeoutMs: number } = RUN,
): Promise<StoredMessage> {
  return discord.waitForMessage((each) => each.id === id && fits(each), { timeoutMs, what: 'the progress of the run' });
}

/** Follows a run that was approved to its end, or to where it stops for a person; gives its message then. */
export async function followRun(stage: Pick<Stage, 'discord'>, recorder: Recorder, message: Message): Promise<Message> {
  const { message: ended } = await seeRun(stage, message, isSettled);
  recorder.note('answer', titleOf(ended));
  const stands = standOf(ended);
  recorder.expect(stands === 'over', `the run came to its end${stands === 'over' ? '' : `: ${textOf(ended)}`}`);
  return ended;
}

export function isSettled(message: Message): boolean {
  return ['stopped', 'over'].includes(standOf(message));
}

/** After a crash: the newest message that offers to resume. */
export function seeResume(
  { discord }: Pick<Stage, 'discord'>,
  fits: (message: Message) => boolean = () => true,
  { timeoutMs }: { readonly timeoutMs: number } = WAIT,
): Promise<StoredMessage> {
  return discord.waitForMessage((message) => labelsOf(message).includes('Resume') && fits(message), {
    timeoutMs,
    what: 'a message with Resume',
  });
}
