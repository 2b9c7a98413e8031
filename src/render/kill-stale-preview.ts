import { ORPHANED_FROM_MS } from '../model/decide-ownership.ts';
import { formatDuration } from '../model/duration.ts';
import {
  countedSessions,
  describeCriteria,
  type KillPlan,
  type KillPreview,
  type KillTarget,
} from '../model/kill-plan.ts';
import { SPARE_REASONS } from '../model/spare-session.ts';
import { DEFAULT_OLDER_THAN_MS, type StaleCriteria } from '../model/stale-criteria.ts';
import { countSpared, findYoung, type JudgedSession } from '../model/staleness.ts';
import { alignCounts } from './align-counts.ts';
import { joinLines } from './join-lines.ts';
import { choiceButtons, confirmButtons } from './kill-stale-buttons.ts';
import { listJudged } from './kill-stale-csv.ts';
import { countDoubts, renderDoubts, renderGonePods, renderOrigin, renderOrphanWarnings } from './kill-stale-orphans.ts';
import { COLOURS, type EmbedField, type Message, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

type Preview<Kind extends KillPreview['kind']> = Extract<KillPreview, { readonly kind: Kind }>;

/** What `/db kill-stale` would do, before anybody confirms it. Pure. */
export function renderKillPreview(preview: KillPreview): Message {
  switch (preview.kind) {
    case 'ready':
      return renderReady(preview);
    case 'nothing':
      return renderNothing(preview);
    case 'choose':
      return renderChoice(preview);
  }
}

function renderReady({ database, at, confirmation, plan, ...looked }: Preview<'ready'>): Message {
  const judged = clientsAmong(looked.judged);
  const { targets, criteria } = plan;
  const isOrphaned = criteria.kind === 'orphaned';
  return {
    embed: {
      title: `${escapeUntrusted(database)}: ${countedSessions(targets.length)} would be terminated`,
      description: [
        `They are **${describeCriteria(criteria)}**${renderOwner(criteria, ', of ')}.`,
        ...renderRemains(plan),
        ...renderWarnings(criteria, judged),
        `Exactly these: one that is used before the click${isOrphaned ? ', or whose address comes back,' : ''} is spared. This offer expires ${timestamp(confirmation.until)}.`,
      ].join('\n'),
      colour: COLOURS.warning,
      fields: [
        renderCounts('By application', targets, ({ application }) => application),
        renderCounts('By state', targets, ({ state }) => state),
        isOrphaned
          ? renderGonePods(judged)
          : renderCounts('By address', targets, ({ address }) => address ?? 'local socket'),
        renderOldest(targets, isOrphaned ? OLDEST_OF_PODS : OLDEST),
        ...(isOrphaned ? renderDoubts(judged) : []),
        ...renderSpared(judged),
      ],
      footer: `confirmation ${confirmation.id}`,
      timestamp: at,
    },
    buttons: confirmButtons(confirmation, targets.length),
    attachments: [listJudged(database, judged)],
  };
}

function renderNothing({ database, at, criteria, choices, ...looked }: Preview<'nothing'>): Message {
  const judged = clientsAmong(looked.judged);
  const others = choices.filter(({ count }) => count > 0);
  return {
    embed: {
      title: `${escapeUntrusted(database)}: nothing to terminate`,
      description: [
        `Of ${countedSessions(judged.length)} none${renderOwner(criteria, ' of ')} is **${describeCriteria(criteria)}** and may be ended.`,
        ...renderYoung(criteria, judged),
        ...(criteria.kind === 'orphaned' ? renderNeverSelected(judged) : []),
        ...renderWarnings(criteria, judged),
        'Who holds the connections is in `/db status`; scaling down the application that holds the most frees them too.',
      ].join('\n'),
      colour: COLOURS.calm,
      fields: [...(criteria.kind === 'orphaned' ? renderDoubts(judged) : []), ...renderSpared(judged)],
      timestamp: at,
    },
    buttons: choiceButtons(database, criteria.application, others),
    attachments: [listJudged(database, judged)],
  };
}

function renderChoice({ database, at, why, application, choices }: Preview<'choose'>): Message {
  const some = choices.find(({ count }) => count > 0);
  const counts = alignCounts(choices.map((choice) => [choice.count, describeCriteria(choice)]));
  const of = application === null ? '' : ` of **${escapeUntrusted(application)}**`;
  return {
    embed: {
      title: `${escapeUntrusted(database)}: nothing terminated, orphaned sessions unknown`,
      description: [
        `Whose pods are gone cannot be told: ${escapeUntrusted(why.replace(/\.$/, ''), 300)}.`,
        some
          ? `Run \`/db kill-stale\` again once that is mended. By idleness, which a living pod may be too, these${of} could go:`
          : `Run \`/db kill-stale\` again once that is mended. By idleness none${of} could go:`,
        ...counts,
        some
          ? `A button shows what would be terminated; nothing is before you confirm it. The same by hand: \`/db kill-stale kind: ${some.kind} older-than: ${some.olderThanMs / 1_000}s\`.`
          : 'Who holds the connections is in `/db status`; scaling down the application that holds the most frees them too.',
      ].join('\n'),
      colour: COLOURS.unknown,
      timestamp: at,
    },
    buttons: choiceButtons(database, application, choices),
  };
}

/** A session is a client's: the server's own processes hold none of the connections that people count. */
function clientsAmong(judged: readonly JudgedSession[]): readonly JudgedSession[] {
  return judged.filter(({ verdict }) => verdict.kind === 'selected' || verdict.reason !== 'backend');
}

function renderOwner({ application }: StaleCriteria, before: string): string {
  return application === null ? '' : `${before}**${escapeUntrusted(application)}**`;
}

function renderRemains({ targets, holders: { used, usable, max } }: KillPlan): string[] {
  const after = Math.max(0, used - targets.length);
  if (usable === null || max === null) return [`In use: **${used} → ${after}**; how many there may be is unknown.`];
  const [freeNow, freeAfter] = [Math.max(0, usable - used), Math.max(0, usable - after)];
  return [
    `In use: **${used} → ${after}** of ${max}. Free for applications: **${freeNow} → ${freeAfter}** of ${usable} usable.`,
  ];
}

function renderWarnings({ kind, olderThanMs }: StaleCriteria, judged: readonly JudgedSession[]): string[] {
  const usual = DEFAULT_OLDER_THAN_MS[kind];
  const selected = judged.some(({ verdict }) => verdict.kind === 'selected');
  const pooled = judged.some(({ verdict }) => verdict.kind === 'spared' && verdict.reason === 'pooler');
  return [
    ...(selected && olderThanMs < usual
      ? [
          `⚠️ ${formatDuration(olderThanMs)} is less than the usual ${formatDuration(usual)}: some of these may be in use, and their application will see errors.`,
        ]
      : []),
    ...(kind === 'orphaned' ? renderOrphanWarnings(judged) : []),
    ...(selected && kind === 'idle-in-transaction' ? ['⚠️ Their transactions are rolled back.'] : []),
    ...(pooled
      ? [
          "The pooler's sessions are left to it: whose query the next one carries is not seen from here. `RECONNECT` on its console renews them.",
        ]
      : []),
  ];
}

function renderNeverSelected(judged: readonly JudgedSession[]): string[] {
  const { unknown, reused } = countDoubts(judged);
  if (unknown + reused === 0) return [];
  return [
    `In doubt are **${unknown + reused}** (unknown ${unknown}, address reused ${reused}): these are never selected.`,
  ];
}

/** In a surge nobody has been idle for long, and right after a rollout nobody is old enough to be anybody's no more. */
function renderYoung({ kind }: StaleCriteria, judged: readonly JudgedSession[]): string[] {
  const { count, longestMs } = findYoung(judged, kind);
  const homeless = countHomeless(judged);
  const soon = `**${homeless}** may be: no living pod has their address, but they are connected for less than ${formatDuration(ORPHANED_FROM_MS)}. Look again then.`;
  const are = count === 1 ? '**1** is, but not for that long' : `**${count}** are, but not for that long`;
  return [
    ...(homeless === 0 ? [] : [soon]),
    ...(count === 0
      ? []
      : [`${are}: the longest for ${formatDuration(longestMs)}. A smaller \`older-than\` selects them.`]),
  ];
}

/** Who is too young for anybody to say whose it is. */
function countHomeless(judged: readonly JudgedSession[]): number {
  return judged.filter(
    ({ verdict, ownership }) =>
      verdict.kind === 'spared' && verdict.reason === 'young' && ownership?.kind === 'unknown',
  ).length;
}

function renderCounts(name: string, targets: readonly KillTarget[], of: (target: KillTarget) => string): EmbedField {
  const counts = [...Map.groupBy(targets, of)].sort(([, a], [, b]) => b.length - a.length);
  const lines = alignCounts(counts.map(([key, members]) => [members.length, escapeUntrusted(key, 63)]));
  return { name, value: joinLines(lines, 500), inline: true };
}

/** On a phone each takes three lines, and more with a pod's name. */
const OLDEST = 5;
const OLDEST_OF_PODS = 3;

function renderOldest(targets: readonly KillTarget[], most: number): EmbedField {
  const lines = targets.slice(0, most).map((target) => {
    const { pid, user, database, state, stateMs, ageMs } = target;
    const who = `${escapeUntrusted(user ?? '?', 63)}@${escapeUntrusted(database ?? '?', 63)}`;
    return `pid ${pid} · ${who} ${renderOrigin(target)} · ${state} for ${formatDuration(stateMs)} · connected for ${formatDuration(ageMs)}`;
  });
  const rest = targets.length > most ? [`-# and ${targets.length - most} more, in the attached list`] : [];
  return { name: 'The oldest', value: joinLines([...lines, ...rest], 1_000) };
}

function renderSpared(judged: readonly JudgedSession[]): EmbedField[] {
  const spared = countSpared(judged);
  if (spared.length === 0) return [];
  const total = spared.reduce((sum, { count }) => sum + count, 0);
  const lines = alignCounts(spared.map(({ reason, count }) => [count, SPARE_REASONS[reason]]));
  return [{ name: `Left alone: ${total}`, value: joinLines(lines, 1_000) }];
}
