import { type ClusterAct, parseClusterLine } from './parse-cluster-line.ts';

/** What a person typed into the sandbox's terminal. */
export type Line =
  | { readonly kind: 'slash'; readonly command: string; readonly options: Readonly<Record<string, string>> }
  | { readonly kind: 'click'; readonly button: number; readonly message: number | null }
  | { readonly kind: 'as'; readonly member: string }
  | { readonly kind: 'in'; readonly channel: string }
  | { readonly kind: 'press'; readonly label: string }
  | { readonly kind: 'world'; readonly verb: WorldVerb; readonly count: number | null }
  | { readonly kind: 'cluster'; readonly act: ClusterAct }
  | { readonly kind: 'play'; readonly scenario: string }
  | { readonly kind: 'help' | 'quit' | 'nothing' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What changes the world; some take a number. */
export const WORLD_VERBS = [
  'leak',
  'fill',
  'kill',
  'quiet',
  'freeze',
  'hang',
  'crash',
  'oom',
  'thaw',
  'outage',
  'back',
] as const;
export type WorldVerb = (typeof WORLD_VERBS)[number];

const COUNTED = /^(\S+)(?:\s+(\d+))?$/;

/**
 * Reads one line: `/db status database:main`, `1` or `click 1 of 3`, `press Acknowledge`, `as rosa`, `in alerts`, `leak 20`,
 * `abandon site`, `play connection-surge`, `help`, `quit`. Pure.
 */
export function parseLine(text: string): Line {
  const line = text.trim();
  if (line === '') return { kind: 'nothing' };
  if (line.startsWith('/')) return parseSlash(line.slice(1));
  if (line === 'help' || line === 'quit') return { kind: line };
  const click = /^(?:click\s+)?(\d+)(?:\s+of\s+(\d+))?$/.exec(line);
  if (click)
    return { kind: 'click', button: Number(click[1]), message: click[2] === undefined ? null : Number(click[2]) };
  const as = /^as\s+(\S+)$/.exec(line);
  if (as?.[1] !== undefined) return { kind: 'as', member: as[1] };
  const inside = /^in\s+#?(.+)$/.exec(line);
  if (inside?.[1] !== undefined) return { kind: 'in', channel: inside[1] };
  const play = /^play\s+(\S+)$/.exec(line);
  if (play?.[1] !== undefined) return { kind: 'play', scenario: play[1] };
  const press = /^press\s+(.+)$/.exec(line);
  if (press?.[1] !== undefined) return { kind: 'press', label: press[1] };
  const cluster = parseClusterLine(line);
  if (cluster !== null)
    return 'act' in cluster ? { kind: 'cluster', act: cluster.act } : { kind: 'unknown', reason: cluster.reason };
  const [, word, count] = COUNTED.exec(line) ?? [];
  const verb = WORLD_VERBS.find((each) => each === word);
  if (verb !== undefined) return { kind: 'world', verb, count: count === undefined ? null : Number(count) };
  return { kind: 'unknown', reason: `I do not know ${JSON.stringify(line)}. Type help.` };
}

function parseSlash(line: string): Line {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const firstOption = words.findIndex((word) => word.includes(':'));
  const names = firstOption === -1 ? words : words.slice(0, firstOption);
  const options: Record<string, string> = {};
  let current: string | null = null;
  for (const word of firstOption === -1 ? [] : words.slice(firstOption)) {
    const [, name, value] = /^([a-z][a-z0-9-]*):(.*)$/.exec(word) ?? [];
    if (name !== undefined) {
      options[name] = value ?? '';
      current = name;
    } else if (current !== null) {
      // A value with blanks runs to the next option, as it does in Discord's box.
      options[current] = `${options[current]} ${word}`.trim();
    }
  }
  if (names.length === 0) return { kind: 'unknown', reason: 'Which command? Try /db status.' };
  return { kind: 'slash', command: names.join(' '), options };
}
