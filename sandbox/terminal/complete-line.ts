import type { MemberName } from '../discord/world/seed.ts';
import type { Stage } from '../stage/set-stage.ts';
import { parseLine } from './parse-line.ts';

/** What TAB offers: the commands there are, and for an option what the bot itself completes it with. */
export async function completeLine(stage: Stage, member: MemberName, line: string): Promise<string[]> {
  const player = stage.discord.actAs(member);
  if (!line.startsWith('/')) return [];
  const { commands } = stage.discord.world;
  const full = commands.list('guild').flatMap(({ name, options = [] }) => {
    const parts = options.filter(({ type }) => type === 1);
    return parts.length === 0 ? [`/${name}`] : parts.map((part) => `/${name} ${part.name}`);
  });
  const option = /^(.*\s)?([a-z][a-z0-9-]*):(\S*)$/.exec(line);
  const parsed = parseLine(line);
  if (option === null || parsed.kind !== 'slash') return full.filter((each) => each.startsWith(line));
  const [, before = '', name = '', typed = ''] = option;
  const { choices } = await player.autocomplete(parsed.command, { ...parsed.options, [name]: typed }, name);
  return choices.map(({ value }) => `${before}${name}:${value}`);
}
