import type { Outcome } from '../discord/players/outcome.ts';
import type { Player } from '../discord/players/player.ts';
import { listControls } from '../discord/render-message.ts';
import type { MemberName } from '../discord/world/seed.ts';
import type { Message } from '../discord/world/state.ts';
import { findScenario, SCENARIOS } from '../scenarios/catalogue.ts';
import type { Stage } from '../stage/set-stage.ts';
import { changeCluster } from './change-cluster.ts';
import { changeWorld } from './change-world.ts';
import { currentField, describeField, type OpenForm, typeInto } from './fill-form.ts';
import type { ShownMessages } from './follow-channels.ts';
import { MEMBERS, renderHelp } from './help.ts';
import { type Line, parseLine } from './parse-line.ts';

export interface Desk {
  readonly stage: Stage;
  /** The scenario that the stage was set for; null for the usual stage. */
  readonly setFor: string | null;
  readonly shown: ShownMessages;
  readonly write: (text: string) => void;
  member: MemberName;
  /** Where slash commands are typed: a channel or a thread. */
  channelId: string;
  /** What lines are typed into while it stands open. */
  form: OpenForm | null;
}

const ANSWER_WITHIN_MS = 10_000;

/** Does what was typed: into the form that stands open, or as a line; false to leave. Throws as `actOnLine` does. */
export async function actOnText(desk: Desk, text: string): Promise<boolean> {
  if (desk.form === null) return actOnLine(desk, parseLine(text));
  await typeIntoForm(desk, desk.form, text);
  return true;
}

/** Does what a line says; false to leave. Throws what Discord's client would not let one do: its text is for people. */
export async function actOnLine(desk: Desk, line: Line): Promise<boolean> {
  const { stage, shown, write } = desk;
  switch (line.kind) {
    case 'nothing':
      break;
    case 'quit':
      return false;
    case 'help':
      write(renderHelp({ inCluster: stage.cluster !== null }));
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
    case 'in': {
      const channels = [...stage.discord.world.channels.values()].filter(({ guildId }) => guildId !== null);
      const isMeant = (name: string): boolean => name.toLowerCase().startsWith(line.channel.toLowerCase());
      const channel = channels.findLast(({ name }) => isMeant(name));
      if (!channel) throw new Error(`There is no ${line.channel}: ${channels.map(({ name }) => name).join(', ')}.`);
      desk.channelId = channel.id;
      break;
    }
    case 'slash':
      // As an administrator would have it set up: shown to every member; the bot decides who may.
      await tell(desk, (player) =>
        player.command(line.command, line.options, { channelId: desk.channelId, hidden: true }),
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
    case 'cluster':
      write(await changeCluster(stage, line.act));
      break;
  }
  return true;

  async function click(
    message: Message | undefined,
    isMeant: (label: string, index: number) => boolean,
  ): Promise<void> {
    const control = message && listControls(message).find(({ label = '' }, index) => isMeant(label, index));
    if (!message || !control?.custom_id) throw new Error('There is no such button.');
    const { custom_id: id } = control;
    await tell(desk, (player) => player.click(message.id, id));
  }
}

async function tell(desk: Desk, act: (player: Player) => Promise<Outcome>): Promise<void> {
  const player = desk.stage.discord.actAs(desk.member);
  const seen = await act(player);
  if (seen.failure !== null) desk.write(seen.failure);
  else if (seen.modal === null) await seen.final({ timeoutMs: ANSWER_WITHIN_MS, what: 'the answer' });
  else {
    desk.form = { player, opened: seen, answers: {} };
    desk.write(`\n▌ ${seen.modal.title} (a form; cancel closes it)`);
    askForField(desk);
  }
}

async function typeIntoForm(desk: Desk, form: OpenForm, text: string): Promise<void> {
  const typed = typeInto(form, text);
  if (typed.kind === 'again') throw new Error(typed.reason);
  desk.form = typed.kind === 'next' ? typed.form : null;
  if (typed.kind === 'next') askForField(desk);
  if (typed.kind === 'cancelled') desk.write('Closed; nothing was sent.');
  if (typed.kind !== 'full') return;
  const { opened, answers } = typed.form;
  await tell(desk, () => form.player.submitModal(opened, answers));
}

function askForField({ form, write }: Desk): void {
  const field = form && currentField(form);
  if (field) write(describeField(field));
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
