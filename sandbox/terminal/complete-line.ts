import type { MemberName } from '../discord/world/seed.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import type { Stage } from '../stage/set-stage.ts';
import { MEMBERS } from './act-on-line.ts';
import { parseLine, WORLD_VERBS } from './parse-line.ts';

const TAKE_NUMBER: ReadonlySet<string> = new Set(['leak', 'fill']);

/** What TAB offers: words of the sandbox, the commands there are, their options, and what the bot completes these with. */
export async function completeLine(stage: Stage, member: MemberName, line: string): Promise<string[]> {
  if (!line.startsWith('/')) return words(stage).filter((each) => each.startsWith(line));
  const commands = listCommands(stage);
  const typing = /^(.*\s)([a-z][a-z0-9-]*):(\S*)$/.exec(line);
  const parsed = parseLine(line);
  if (typing !== null && parsed.kind === 'slash') {
    const [, before = '', name = '', typed = ''] = typing;
    const asked = { ...parsed.options, [name]: typed };
    const { choices } = await stage.discord.actAs(member).autocomplete(parsed.command, asked, name);
    return choices.map(({ value }) => `${before}${name}:${value}`);
  }
  const command = commands.find(({ name }) => line.startsWith(`${name} `));
  const offered = command
    ? command.options.map((option) => `${command.name} ${option}:`)
    : commands.map(({ name, options }) => (options.length > 0 ? `${name} ` : name));
  return offered.filter((each) => each.startsWith(line));
}

function words({ discord }: Stage): string[] {
  return [
    ...MEMBERS.map((name) => `as ${name}`),
    ...[...discord.world.channels.values()].map(({ name }) => `in ${name}`),
    ...SCENARIOS.map(({ name }) => `play ${name}`),
    ...WORLD_VERBS.map((verb) => (TAKE_NUMBER.has(verb) ? `${verb} ` : verb)),
    'click ',
    'press ',
    'help',
    'quit',
  ];
}

function listCommands({ discord }: Stage) {
  return discord.world.commands.list('guild').flatMap(({ name, options = [] }) => {
    const parts = options.filter(({ type }) => type === 1);
    if (parts.length === 0) return [{ name: `/${name}`, options: options.map((option) => option.name) }];
    return parts.map((part) => ({
      name: `/${name} ${part.name}`,
      options: (part.options ?? []).map((option) => option.name),
    }));
  });
}
