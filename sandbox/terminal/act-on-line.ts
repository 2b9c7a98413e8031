import type { Outcome } from '../discord/players/outcome.ts';
import { listControls } from '../discord/render-message.ts';
import type { MemberName } from '../discord/world/seed.ts';
import type { Message } from '../discord/world/state.ts';
import { findScenario, SCENARIOS } from '../scenarios/catalogue.ts';
import type { Stage } from '../stage/set-stage.ts';
import { changeWorld } from './change-world.ts';
import type { ShownMessages } from './follow-channels.ts';
import type { Line } from './parse-line.ts';

export interface Desk {
  readonly stage: Stage;
  /** The scenario that the stage was set for; null for the usual stage. */
  readonly setFor: string | null;
  readonly shown: ShownMessages;
  readonly write: (text: string) => void;
  member: MemberName;
}

const ANSWER_WITHIN_MS = 10_000;
export const MEMBERS = ['olive', 'rosa', 'remy', 'ada', 'vic'] as const satisfies readonly MemberName[];

export const HELP = `Type what you would do:
  /db status database:main   a slash command; TAB completes
  press Acknowledge          press the button that is labelled so, on the newest message that has one
  1, click 1 of 3            click button 1 of the newest message that has one, or of message 3
  as NAME                    act as ${MEMBERS.join(', ')} (observe, respond, recover + on call, recover, no role)
or what happens to the world:
  leak 20                    an earlier deployment of site opens 20 sessions (200 at most) and never closes them
  fill 3                     superusers open 3 sessions, in the reserved slots too
  kill                       kill what leaks, and the superusers
  quiet                      the applications open again what they hold on a quiet day
  freeze                     the postmaster hangs: who is in stays in
  crash                      a backend is killed, and PostgreSQL recovers from it
  thaw                       ends either: it goes on
  outage, back               Discord goes down for the bot; it comes back
  play NAME                  play a scenario: ${SCENARIOS.map(({ name }) => name).join(', ')}
  help, quit`;

/** Does what a line says; false to leave. Throws what Discord's client would not let one do: its text is for people. */
export async function actOnLine(desk: Desk, line: Line): Promise<boolean> {
  const { stage, shown, write } = desk;
  const { alerts } = stage.discord.channels;
  switch (line.kind) {
    case 'nothing':
      break;
    case 'quit':
      return false;
    case 'help':
      write(HELP);
      break;
    case 'unknown':
      write(line.reason);
      break;
    case 'as': {
      const member = MEMBERS.find((name) => name === line.member);
      if (member === undefined) throw new Error(`There is no member ${line.member}: ${MEMBERS.join(', ')}.`);
      desk.member = member;
      break;
    }
    case 'slash':
      // As an administrator would have it set up: shown to every member; the bot decides who may.
      await tell(
        stage.discord.actAs(desk.member).command(line.command, line.options, { channelId: alerts, hidden: true }),
      );
      break;
    case 'click':
      await click(shown.find(line.message), (_, index) => index === line.button - 1);
      break;
    case 'press': {
      const isMeant = (label: string): boolean => label.toLowerCase().startsWith(line.label.toLowerCase());
      const fits = (message: Message): boolean => listControls(message).some(({ label = '' }) => isMeant(label));
      await click(shown.newest(fits), (label) => isMeant(label));
      break;
    }
    case 'play':
      await play(desk, line.scenario);
      break;
    case 'world':
      write(await changeWorld(stage, line.verb, line.count));
      break;
  }
  return true;

  async function click(
    message: Message | undefined,
    isMeant: (label: string, index: number) => boolean,
  ): Promise<void> {
    const control = message && listControls(message).find(({ label = '' }, index) => isMeant(label, index));
    if (!message || !control?.custom_id) throw new Error('There is no such button.');
    await tell(stage.discord.actAs(desk.member).click(message.id, control.custom_id));
  }

  async function tell(outcome: Promise<Outcome>): Promise<void> {
    const seen = await outcome;
    if (seen.failure !== null) write(seen.failure);
    else await seen.final({ timeoutMs: ANSWER_WITHIN_MS, what: 'the answer' });
  }
}

/** Plays the world's part of a scenario; the responder is you. */
async function play({ stage, setFor, write }: Desk, name: string): Promise<void> {
  const scenario = findScenario(name);
  if (scenario === undefined)
    throw new Error(`There is no scenario ${name}: ${SCENARIOS.map((one) => one.name).join(', ')}.`);
  if (scenario.stage !== undefined && setFor !== name)
    throw new Error(`${name} needs a stage of its own: npm run sandbox -- --scenario ${name}`);
  for (const act of scenario.acts) {
    write(`\n▌ ${act.title}`);
    await act.play(stage);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Long enough to look around between two acts. */
const PAUSE_MS = 6_000;
