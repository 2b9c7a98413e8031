import { escapeMarkdown } from '../incidents/escape-markdown.ts';
import type { LaterRung, Runbook, RunbookRung, RunbookStep } from '../recovery/view.ts';
import { writeCommands, writeStep } from './manual-steps.ts';

/**
 * The recovery by hand, as a Markdown file: the same steps that the bot carries out, each with its commands. `heading`: lines under
 * the title. Pure.
 */
export function renderRunbookMarkdown(
  { database, before, rungs, later }: Runbook,
  heading: readonly string[] = [],
): string {
  const text = [
    `# Recovery of ${escapeMarkdown(database, 63)} by hand`,
    '',
    ...heading,
    'Copy each command as it stands, one at a time, and read its answer before the next: what it must say stands above it, what to do',
    'where it says anything else stands below. Climb no further than needed: after each rung look how the server is, and stop when it is well.',
    'Two servers must never run on one data directory: where a step waits until something is gone, nothing is forced.',
    '',
    '| rung | strategy | clients notice | approved by |',
    '|---|---|---|---|',
    ...rungs.map(writeRow),
    '',
    '## Before any rung',
    '',
    ...writeCommands(before),
    ...rungs.flatMap(writeRung),
    ...later.flatMap(writeLater),
  ];
  return `${text.join('\n').trimEnd()}\n`;
}

/** Who must say yes to it, in the words of the messages. Pure. */
export function nameApproval({ approval }: Pick<RunbookRung, 'approval'>): string {
  return approval === 'own' ? 'you' : 'a second person';
}

const AFTER =
  '**Then** look how the server is, as in [Before any rung](#before-any-rung). It is well: stop here, and watch it for 10 min.';

function writeRow(rung: RunbookRung): string {
  const name = `\`${rung.strategy}\`${rung.missing === null ? '' : ' (not configured)'}`;
  return `| ${rung.rung} | ${name} | ${escapeMarkdown(rung.impact, 500)} | ${nameApproval(rung)} |`;
}

function writeRung(rung: RunbookRung): readonly string[] {
  const { strategy, summary, impact, steps, missing } = rung;
  const head = [
    `## Rung ${rung.rung}: ${strategy}`,
    '',
    escapeMarkdown(summary, 1_000),
    '',
    `- **Clients notice:** ${escapeMarkdown(impact, 500)}`,
    `- **Approved by:** ${nameApproval(rung)}`,
    `- **The bot does it with:** \`/db recover strategy:${strategy}\``,
    '',
  ];
  if (missing !== null)
    return [...head, `**Not possible with this configuration:** ${escapeMarkdown(missing, 500)}`, ''];
  return [...head, ...steps.flatMap((step, index) => writeStep(step, index + 1)), AFTER, '', ...writeUndo(steps)];
}

function writeLater({ strategy, rung, todo }: LaterRung): readonly string[] {
  return [
    `## Rung ${rung}: ${strategy}`,
    '',
    'The bot does not carry it out, so there are no commands: in words, and with a second person.',
    '',
    ...todo.map((each, index) => `${index + 1}. ${each}`),
    '',
  ];
}

/** Apart from the steps: whoever goes through them from top to bottom must not take back what was just done. */
function writeUndo(steps: readonly RunbookStep[]): readonly string[] {
  const undos = steps.flatMap(({ undo }) => undo ?? []).toReversed();
  if (undos.length === 0) return [];
  const when =
    'Not part of the way: where you do not go on to the end, or no longer want what was done. The last first.';
  return ['### To take it back', '', when, '', ...undos.flatMap(writeOneUndo)];
}

function writeOneUndo({ title, commands }: NonNullable<RunbookStep['undo']>): readonly string[] {
  return [`**${escapeMarkdown(title)}**`, '', ...writeCommands(commands)];
}
