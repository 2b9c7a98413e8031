import type { StoredMessage } from '../discord/world/messages.ts';
import type { MemberName } from '../discord/world/seed.ts';
import type { Stage } from '../stage/set-stage.ts';
import { footerOf, textOf } from './read-message.ts';
import type { Recorder } from './recorder.ts';
import { WAIT } from './see-alerts.ts';

const FOOTER = /^incident · (\S+)/;

/** The summary of the incident that is open; rejects when none comes. */
export function seeIncident({ discord }: Stage, fits: (text: string) => boolean = () => true): Promise<StoredMessage> {
  return discord.waitForMessage(
    (message) =>
      message.channel_id === discord.channels.alerts && FOOTER.test(footerOf(message)) && fits(textOf(message)),
    { ...WAIT, what: "the incident's summary" },
  );
}

/** A responder closes the incident and asks for its post-mortem; both become figures of the drill. */
export async function endIncident(stage: Stage, recorder: Recorder, by: MemberName, impact: string): Promise<string> {
  const { discord } = stage;
  const { message: summary } = await seeIncident(stage);
  const id = FOOTER.exec(footerOf(summary))?.[1] ?? '';
  const channelId = discord.channels.alerts;
  const closed = await discord
    .actAs(by)
    .command('incident close', { incident: id, severity: 'sev2', impact }, { channelId });
  await closed.final(WAIT);
  const asked = await discord.actAs(by).command('incident postmortem', { incident: id }, { channelId });
  const answer = await asked.final(WAIT);
  const stored = discord.world.messages.find(answer.id);
  const file = stored?.files.find(({ attachment }) => attachment.filename.endsWith('.md'));
  const text = file === undefined ? '' : Buffer.from(file.data).toString();
  const events = /(\d+) entries/.exec(textOf(answer))?.[1];
  recorder.figures.incident = { id, events: Number(events ?? Number.NaN) };
  recorder.figures.postmortem = text;
  recorder.expect(
    HEADINGS.every((heading) => text.includes(`\n## ${heading}\n`)),
    'the post-mortem has its nine headings',
  );
  return text;
}

/** product.md §8. */
const HEADINGS = [
  'Leadup',
  'Impact',
  'Detection',
  'Response',
  'Recovery',
  "Five Why's",
  'Blameless root cause',
  'Lessons learned',
  'Follow-up tasks',
];
