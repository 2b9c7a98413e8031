import type { MemberName } from '../discord/world/seed.ts';
import type { ResourceType } from '../kubernetes/api/resource-type.ts';
import nodes from '../kubernetes/resources/nodes.ts';
import pods from '../kubernetes/resources/pods.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import { CAST } from '../stage/cast.ts';
import type { StageCluster } from '../stage/cluster/set-cluster.ts';
import type { Stage } from '../stage/set-stage.ts';
import { MEMBERS } from './help.ts';
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

function words({ discord, cluster }: Stage): string[] {
  return [
    ...MEMBERS.map((name) => `as ${name}`),
    ...[...discord.world.channels.values()].map(({ name }) => `in ${name}`),
    ...SCENARIOS.map(({ name }) => `play ${name}`),
    ...WORLD_VERBS.map((verb) => (TAKE_NUMBER.has(verb) ? `${verb} ` : verb)),
    ...(cluster === null ? [] : clusterWords(cluster)),
    'click ',
    'press ',
    'help',
    'quit',
  ];
}

function clusterWords({ kubernetes: { api } }: StageCluster): string[] {
  const namesOf = (type: ResourceType): string[] => api.list(type, null).map(({ metadata }) => metadata.name);
  const applications = CAST.map(({ name }) => name);
  return [
    ...applications.map((name) => `abandon ${name}`),
    ...[...applications, 'postgres'].flatMap((name) => [`rollout ${name}`, `scale ${name} `]),
    ...[...applications, 'redis'].flatMap((name) => [`break ${name}`, `mend ${name}`]),
    ...namesOf(nodes).flatMap((name) => [`kill-node ${name}`, `revive-node ${name}`]),
    ...namesOf(pods).map((name) => `crash-pod ${name}`),
    'api outage',
    'api back',
    'pods',
    'kubectl ',
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
