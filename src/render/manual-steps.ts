import { escapeMarkdown } from '../incidents/escape-markdown.ts';
import { stripInvisible } from '../model/plain-text.ts';
import type { ManualCommand } from '../recovery/step.ts';
import type { ManualStep } from '../recovery/view.ts';
import type { EmbedField, MessageFile } from './message.ts';
import { codeUntrusted } from './untrusted.ts';

/**
 * The commands of the first steps, as one block to copy from, in an embed's field; what has no room, or could not be copied as
 * it stands, is in the file. Empty where there is none. Pure.
 */
export function renderManualField(name: string, steps: readonly ManualStep[]): readonly EmbedField[] {
  const blocks = steps.filter(({ commands }) => commands.length > 0).map(writeBlock);
  if (blocks.length === 0) return [];
  const shown: string[] = [];
  let room = FIELD_ROOM;
  for (const block of blocks) {
    if (block === null || block.length + 1 > room) break;
    shown.push(block);
    room -= block.length + 1;
  }
  const left = blocks.length - shown.length;
  const rest =
    left === 0
      ? `In full: \`${MANUAL_FILE}\`.`
      : `${left} ${shown.length > 0 ? 'more' : left === 1 ? 'step' : 'steps'} with commands: \`${MANUAL_FILE}\`.`;
  const code = shown.length === 0 ? [] : ['```sh', shown.join('\n'), '```'];
  return [{ name, value: [...code, `-# ${rest}`].join('\n') }];
}

export const MANUAL_FILE = 'by-hand.md';

const HOW = [
  'Copy each command as it stands, one at a time, all into one terminal, and read its answer before the next. kubectl must point at the',
  'cluster; psql wants the password of a superuser (PGPASSWORD), postgres unless PGUSER says otherwise. `/runbook` says how to get there.',
  '',
];

/** Of 1,024 (facts.md, Discord 7), what the fences and the last line leave. */
const FIELD_ROOM = 900;

/** All of it as a file. Pure. */
export function attachManual(title: string, steps: readonly ManualStep[]): readonly MessageFile[] {
  if (steps.length === 0) return [];
  const text = [
    `# ${escapeMarkdown(title)}`,
    '',
    ...HOW,
    ...steps.flatMap((step, index) => writeStep(step, index + 1)),
  ];
  return [
    {
      name: MANUAL_FILE,
      type: 'text/markdown',
      description: `How to do it by hand: ${steps.length} steps with their commands`,
      data: new TextEncoder().encode(`${text.join('\n').trimEnd()}\n`),
    },
  ];
}

/** One step as a chapter of a Markdown file. Pure. */
export function writeStep({ title, commands }: Omit<ManualStep, 'step'>, number: number): readonly string[] {
  return [`### ${number}. ${escapeMarkdown(title)}`, '', ...writeCommands(commands)];
}

/** What is said, and what is run in a block that can be copied literally. Pure. */
export function writeCommands(commands: readonly ManualCommand[]): readonly string[] {
  return commands.flatMap(({ say, run, otherwise }) => {
    const said = escapeMarkdown(say, 1_000);
    const or = otherwise === undefined ? [] : [`**Otherwise:** ${escapeMarkdown(otherwise, 2_000)}`, ''];
    if (run === null) return [said, '', ...or];
    const hidden = isPlain(run) ? [] : ['**Careful:** this command contains characters that cannot be seen.', ''];
    const fence = '`'.repeat(Math.max(3, longestRun(run) + 1));
    return [said, '', ...hidden, `${fence}sh`, run, fence, '', ...or];
  });
}

/** Null where Discord would show something else than what must be run. */
function writeBlock({ title, commands }: ManualStep): string | null {
  const lines = [`# ${codeUntrusted(title, 120)}`];
  for (const { say, run } of commands) {
    if (run?.includes('`') || !isPlain(run ?? '')) return null;
    lines.push(`# ${codeUntrusted(say, 160)}`, ...(run === null ? [] : [run]));
  }
  return lines.join('\n');
}

/** Nothing in it is invisible or reorders a line. */
function isPlain(run: string): boolean {
  return run.split('\n').every((line) => stripInvisible(line) === line.replace(/\s+/gu, ' ').trim());
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
