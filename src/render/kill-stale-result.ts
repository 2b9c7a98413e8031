import { formatDuration } from '../model/duration.ts';
import {
  countedSessions,
  describeCounts,
  describeCriteria,
  type KillFate,
  type KillPlan,
  type KillResult,
} from '../model/kill-plan.ts';
import type { TerminationFate } from '../model/termination.ts';
import { alignCounts } from './align-counts.ts';
import type { PaintedChart } from './connection-chart-file.ts';
import { joinLines } from './join-lines.ts';
import { lookButton } from './kill-stale-buttons.ts';
import { listFates } from './kill-stale-csv.ts';
import { describeFates, renderPodFates } from './kill-stale-orphans.ts';
import { COLOURS, type EmbedField, type Message } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** While it is carried out: without buttons. Pure. */
export function renderKillProgress(begun: {
  readonly database: string;
  readonly plan: KillPlan;
  readonly by: string;
}): Message {
  const { database, plan, by } = begun;
  return {
    embed: {
      title: `${escapeUntrusted(database)}: terminating ${countedSessions(plan.targets.length)}…`,
      description: `Confirmed by <@${by}>. They are ${describeCriteria(plan.criteria)}.`,
      colour: COLOURS.warning,
    },
  };
}

/** What came of it: the counts, before → after, and who confirmed it. Pure. */
export function renderKillResult(result: KillResult, chart: PaintedChart): Message {
  const { database, outcome, fates, criteria, requestedBy, confirmedBy } = result;
  const people =
    requestedBy === confirmedBy
      ? `Confirmed by <@${confirmedBy}>.`
      : `Confirmed by <@${confirmedBy}>, asked for by <@${requestedBy}>.`;
  return {
    embed: {
      title: `${escapeUntrusted(database)}: ${describeCounts(outcome)}`,
      description: [
        `Of the ${countedSessions(fates.length)} shown, ${describeCriteria(criteria)}. ${people} It took ${formatDuration(outcome.tookMs)}.`,
        renderChange(result),
        ...renderComeback(result),
        ...renderNext(result),
        ...(chart.ok || outcome.after === null
          ? []
          : [`The chart could not be drawn: ${escapeUntrusted(chart.reason, 200)}`]),
      ].join('\n'),
      colour: chooseColour(result),
      fields: [
        renderApplications(fates),
        ...(criteria.kind === 'orphaned' ? [renderPodFates(fates)] : []),
        ...renderReasons(fates),
      ],
      footer: `confirmation ${result.confirmation}`,
      timestamp: result.endedAt,
    },
    buttons: [
      lookButton('db.status', 'Status', database),
      lookButton('db.connections', 'Connections', database),
    ].filter((button) => button !== null),
    ...(chart.ok && { file: chart.file }),
    attachments: [listFates(database, fates)],
  };
}

function renderChange({ outcome: { before, after } }: KillResult): string {
  if (after === null)
    return `In use before: **${before.used}**. In use now: unknown, the server gave no answer in time.`;
  const used = `In use: **${before.used} → ${after.used}**${after.max === null ? '' : ` of ${after.max}`}.`;
  const { usable } = after;
  if (usable === null) return used;
  const free = (count: number) => Math.max(0, usable - count);
  return `${used} Free for applications: **${free(before.used)} → ${free(after.used)}** of ${usable} usable.`;
}

/** Fewer than so many are the ordinary coming and going. */
const COMEBACK = 5;

function renderComeback({ outcome: { before, after, terminated } }: KillResult): string[] {
  const came = after === null ? 0 : after.used - (before.used - terminated);
  if (came < COMEBACK) return [];
  return [`⚠️ About ${came} have connected since: their application reconnects. Scale it down, or find what it leaks.`];
}

function renderNext({ fates, outcome: { failed, unknown } }: KillResult): string[] {
  const doubtful = fates.filter(({ fate }) => fate === 'doubtful').length;
  return [
    ...(doubtful > 0
      ? [`Spared in doubt, as a living pod may own them: **${doubtful}**. \`/db kill-stale\` looks anew.`]
      : []),
    ...(failed > 0
      ? [
          `⚠️ ${countedSessions(failed)} failed: one that hangs in the kernel or on its disk ends when that lets go. The attached list names them.`,
        ]
      : []),
    ...(unknown > 0
      ? [
          `⚠️ What became of ${unknown} is not known: no answer came. Run \`/db kill-stale\` again: it shows who is still there.`,
        ]
      : []),
  ];
}

function renderApplications(fates: readonly KillFate[]): EmbedField {
  const lines = describeFates(fates, ({ application }) => escapeUntrusted(application, 63));
  return { name: 'By application', value: joinLines(lines, 1_000) };
}

const FATE_WORDS: Readonly<Record<Exclude<TerminationFate, 'terminated'>, string>> = {
  ended: 'spared: ended meanwhile',
  used: 'spared: used since shown',
  protected: 'spared: not to be ended any more',
  doubtful: 'spared',
  failed: 'failed',
  unknown: 'unknown',
};

function renderReasons(fates: readonly KillFate[]): EmbedField[] {
  const groups = Map.groupBy(fates, ({ fate, reason }) => {
    if (fate === 'terminated') return '';
    const isOpen = fate === 'failed' || fate === 'unknown' || fate === 'doubtful';
    return isOpen && reason !== null ? `${FATE_WORDS[fate]}: ${escapeUntrusted(reason, 150)}` : FATE_WORDS[fate];
  });
  const lines = alignCounts([...groups].flatMap(([words, { length }]) => (words === '' ? [] : [[length, words]])));
  return lines.length === 0 ? [] : [{ name: 'Not terminated', value: joinLines(lines, 1_000) }];
}

function chooseColour({ outcome: { failed, unknown, terminated } }: KillResult): number {
  if (failed + unknown > 0) return COLOURS.warning;
  return terminated > 0 ? COLOURS.resolved : COLOURS.calm;
}
