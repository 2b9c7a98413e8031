import { type CheckFinding, isProse } from '../model/check-finding.ts';
import { COLOURS, type Message } from './message.ts';
import { codeUntrusted, escapeUntrusted } from './untrusted.ts';

/** So many are told; a description holds 4,096 characters (facts.md, Discord 7). */
const MOST_SHOWN = 8;
/** Of so many it is also told why and how to mend it: more would fill two screens of a phone. */
const MOST_MENDED = 3;
const MOST_CHARACTERS = 3_600;

/** The faults that a look at everything found, and that were not there at the look before. `instead`: why it stands elsewhere. Pure. */
export function renderNewFaults(faults: readonly CheckFinding[], instead: string | null = null): Message {
  const { length: count } = faults;
  let room = MOST_CHARACTERS;
  const shown = faults
    .slice(0, MOST_SHOWN)
    .map(describe)
    .filter((text) => (room -= text.length + 2) >= 0);
  const more = count - shown.length;
  const parts = [
    ...shown,
    ...(more > 0 ? [`… and ${more} more.`] : []),
    'All of it, with what is well: `breakwater check`',
    ...(instead === null
      ? []
      : [`Told here, as the audit channel takes no messages: ${escapeUntrusted(instead, 200)}`]),
  ];
  return {
    embed: {
      title: `check found ${count} new fault${count === 1 ? '' : 's'}`,
      description: parts.join('\n\n'),
      colour: COLOURS.warning,
      footer: 'check',
    },
  };
}

function describe(finding: CheckFinding, index: number): string {
  const { area, subject, what, why, mend } = finding;
  const fact = `**${escapeUntrusted(area)} · ${escapeUntrusted(subject)}**: ${escapeUntrusted(what, 300)}`;
  if (index >= MOST_MENDED) return fact;
  return [
    fact,
    ...(why === null ? [] : [escapeUntrusted(why, 300)]),
    ...(mend === null ? [] : describeMend(mend.split('\n'))),
  ].join('\n');
}

/** Sentences as text, and what is to be copied in a block of its own. */
function describeMend(lines: readonly string[]): readonly string[] {
  const count = lines.findIndex((line) => !isProse(line));
  const [prose, commands] = count === -1 ? [lines, []] : [lines.slice(0, count), lines.slice(count)];
  return [
    ...prose.map((line) => escapeUntrusted(line, 400)),
    ...(commands.length === 0 ? [] : ['```', ...commands.map((line) => keepIndent(line)), '```']),
  ];
}

/** Of what may be copied only what would end the block, or hides, goes. */
function keepIndent(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  return indent + codeUntrusted(line, 400);
}
