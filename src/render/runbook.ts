import { escapeMarkdown } from '../incidents/escape-markdown.ts';
import { formatDuration } from '../model/duration.ts';
import type { Runbook, RunbookRung, RunbookStep } from '../recovery/view.ts';
import { writeCommands, writeStep } from './manual-steps.ts';

/**
 * The recovery by hand, as a Markdown file: the same steps that the bot carries out, each with its commands. `heading`: lines under
 * the title. Pure.
 */
export function renderRunbookMarkdown({ database, rungs }: Runbook, heading: readonly string[] = []): string {
  const text = [
    `# Recovery of ${escapeMarkdown(database, 63)} by hand`,
    '',
    ...heading,
    'Climb no further than needed: after each rung look whether new connections get in, and stop when they do.',
    'Two servers must never run on one data directory: where a step says to wait until something is gone, wait.',
    '',
    '| rung | strategy | clients notice | approved by |',
    '|---|---|---|---|',
    ...rungs.map(writeRow),
    '',
    ...rungs.flatMap(writeRung),
  ];
  return `${text.join('\n').trimEnd()}\n`;
}

/** Who must say yes to it, in the words of the messages. Pure. */
export function nameApproval({ approval }: Pick<RunbookRung, 'approval'>): string {
  return approval === 'own' ? 'you' : 'a second person';
}

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
  return [...head, ...steps.flatMap((step, index) => writeRungStep(step, index + 1))];
}

function writeRungStep(step: RunbookStep, number: number): readonly string[] {
  const { undo, deadlineMs } = step;
  return [
    ...writeStep(step, number),
    `Not true after ${formatDuration(deadlineMs)}? Stop here, and find out why before you go on.`,
    '',
    ...(undo === null ? [] : [`**To undo it:** ${escapeMarkdown(undo.title)}`, '', ...writeCommands(undo.commands)]),
  ];
}
