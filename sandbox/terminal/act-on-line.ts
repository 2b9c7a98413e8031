import type { Outcome } from '../discord/players/outcome.ts';
import { listControls } from '../discord/render-message.ts';
import type { MemberName } from '../discord/world/seed.ts';
import { findScenario, SCENARIOS } from '../scenarios/catalogue.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { ShownMessages } from './follow-channels.ts';
import type { Line } from './parse-line.ts';

export interface Desk {
  readonly stage: Stage;
  readonly shown: ShownMessages;
  readonly write: (text: string) => void;
  member: MemberName;
}

const ANSWER_WITHIN_MS = 10_000;
const LEAK_PER_SECOND = 20;
const MOST_LEAKED = 200;
export const MEMBERS = ['olive', 'rosa', 'remy', 'ada', 'vic'] as const satisfies readonly MemberName[];

export const HELP = `Type what you would do:
  /db status database:main   a slash command; TAB completes
  1, click 1 of 3            click button 1 of the newest message that has one, or of message 3
  as NAME                    act as ${MEMBERS.join(', ')} (observe, respond, recover + on call, recover, no role)
  leak 20                    an earlier deployment of site opens 20 sessions (200 at most) and never closes them
  fill 3                     superusers open 3 sessions, in the reserved slots too
  kill                       kill what leaks, and the superusers
  quiet                      the applications open again what they hold on a quiet day
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
    case 'click': {
      const message = shown.find(line.message);
      const control = message && listControls(message)[line.button - 1];
      if (!message || !control?.custom_id) throw new Error('There is no such button.');
      await tell(stage.discord.actAs(desk.member).click(message.id, control.custom_id));
      break;
    }
    case 'play':
      await play(desk, line.scenario);
      break;
    case 'world':
      await changeWorld(stage, line.verb, line.count);
      write(`PostgreSQL now holds ${await stage.observer.count()} sessions.`);
      break;
  }
  return true;

  async function tell(outcome: Promise<Outcome>): Promise<void> {
    const seen = await outcome;
    if (seen.failure !== null) write(seen.failure);
    else await seen.final({ timeoutMs: ANSWER_WITHIN_MS, what: 'the answer' });
  }
}

async function changeWorld(
  stage: Stage,
  verb: 'leak' | 'kill' | 'quiet' | 'fill',
  count: number | null,
): Promise<void> {
  const [leaker] = stage.leakers;
  if (verb === 'leak') await leaker?.leak(Math.min(count ?? 20, MOST_LEAKED), LEAK_PER_SECOND);
  else if (verb === 'fill') await stage.superuser.open(count ?? 3);
  else if (verb === 'quiet') await openQuietSessions(stage);
  else await Promise.all([...stage.leakers, stage.superuser].map((player) => player.terminateAll()));
}

/** Plays the world's part of a scenario; the responder is you. */
async function play({ stage, write }: Desk, name: string): Promise<void> {
  const scenario = findScenario(name);
  if (scenario === undefined)
    throw new Error(`There is no scenario ${name}: ${SCENARIOS.map((one) => one.name).join(', ')}.`);
  for (const act of scenario.acts) {
    write(`\n▌ ${act.title}`);
    await act.play(stage);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Long enough to look around between two acts. */
const PAUSE_MS = 6_000;
