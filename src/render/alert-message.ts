import type { Alert } from '../alerts/alert.ts';
import { formatBytes } from '../model/bytes.ts';
import { formatDuration } from '../model/duration.ts';
import { OWN_SCOPE } from '../model/source-state.ts';
import { joinLines } from './join-lines.ts';
import { killStaleButton } from './kill-stale-buttons.ts';
import {
  type Button,
  COLOURS,
  type Embed,
  type EmbedField,
  type Message,
  type MessageFile,
  timestamp,
} from './message.ts';
import { referTo } from './name-reference.ts';
import { recoverButton } from './recover-buttons.ts';
import { codeUntrusted, escapeUntrusted, plainUntrusted } from './untrusted.ts';

export interface AlertMessageInput {
  readonly alert: Alert;
  /** The rule's "what to do first"; empty for alerts of others. */
  readonly firstStep: string;
  /** Pinged by the post of a critical alert that still fires (product.md §4). */
  readonly onCallRole: string | undefined;
  readonly chart: MessageFile | null;
  /** The facts of the alerts that it mutes; hostile text. */
  readonly symptoms?: readonly string[];
  /** A newer message about the same alert stands below; `lost`: nobody knows of this one any more. */
  readonly superseded?: boolean | 'lost';
}

/** The one message of an alert, whatever its state. Pure. */
export function renderAlert(input: AlertMessageInput): Message {
  const { alert, onCallRole, chart, superseded = false } = input;
  const critical = alert.severity === 'critical';
  const pings =
    critical && alert.post?.pings === true && isLoud(alert) && superseded === false && onCallRole !== undefined;
  return {
    ...(critical && { content: renderContent(alert, pings ? onCallRole : undefined) }),
    ...(pings && { pingRoles: [onCallRole] }),
    embed: renderEmbed(input),
    buttons: superseded !== false ? [] : renderButtons(alert),
    ...(chart && { file: chart }),
  };
}

/** Fires, and nobody has asked for quiet. */
function isLoud({ state, silenced }: Alert): boolean {
  return state === 'firing' && silenced === null;
}

/** Phones show the content and not the embed: it carries the fact. */
function renderContent(alert: Alert, role: string | undefined): string {
  const headline = escapeUntrusted(alert.finding.headline, 200);
  const fact = alert.database === OWN_SCOPE ? headline : `**${escapeUntrusted(alert.database)}**: ${headline}`;
  if (alert.state === 'resolved') return `Resolved: ${fact}`;
  return role === undefined ? fact : `<@&${role}> ${fact}`;
}

function renderEmbed(input: AlertMessageInput): Embed {
  const { alert, superseded = false } = input;
  const { finding, firedAt, database } = alert;
  return {
    title: `${superseded === false ? wordForState(alert) : SUPERSEDED[superseded === 'lost' ? 'lost' : 'again'].title}: ${escapeUntrusted(finding.headline, 200)}`,
    description: renderLines(input).join('\n'),
    colour: superseded !== false ? COLOURS.unknown : chooseColour(alert),
    fields: [
      {
        name: 'Database',
        // Of the bot's own scope are also services and alerts of others that belong to no watched database.
        value: database === OWN_SCOPE ? 'none' : escapeUntrusted(database),
        inline: true,
      },
      ...renderPeak(alert),
      { name: 'Fired', value: firedAt === null ? 'not yet' : timestamp(firedAt), inline: true },
      ...(finding.impact === '' ? [] : [{ name: 'Affects', value: escapeUntrusted(finding.impact, 500) }]),
    ],
    footer: plainUntrusted(alert.key, 200),
    ...(firedAt !== null && { timestamp: firedAt }),
  };
}

const SUPERSEDED = {
  again: { title: '⚪ posted again below', line: 'The newest state stands in a newer message.' },
  lost: {
    title: '⚪ out of sight',
    line: 'Breakwater could not read its journal and lost this alert: what fires now stands in newer messages.',
  },
} as const;

function renderLines({ alert, firstStep, symptoms = [], superseded = false }: AlertMessageInput): string[] {
  const { finding, blind, firedAt, resolvedAt, acknowledged, silenced, muted, state, ending } = alert;
  if (superseded !== false) return [SUPERSEDED[superseded === 'lost' ? 'lost' : 'again'].line];
  const lines = [];
  if (acknowledged) lines.push(`This alert was acknowledged by <@${acknowledged.by}> ${timestamp(acknowledged.at)}.`);
  if (state === 'resolved') {
    if (ending !== null) lines.push(escapeUntrusted(ending, 200));
    if (firedAt !== null && resolvedAt !== null) {
      lines.push(
        `Lasted ${formatDuration(resolvedAt - firedAt)}, from ${timestamp(firedAt, 'T')} to ${timestamp(resolvedAt, 'T')}.`,
      );
    }
    if (silenced) lines.push(renderSilenced(silenced));
    return lines;
  }
  if (silenced) lines.push(renderSilenced(silenced));
  if (blind)
    lines.push(`⚠️ Not resolved, only unseen (${timestamp(blind.since)}): ${escapeUntrusted(blind.reason, 300)}`);
  if (finding.evidence !== '') lines.push(escapeUntrusted(finding.evidence, 600));
  const first = finding.firstStep ?? firstStep;
  if (first !== '') lines.push(`**First:** ${first}`);
  if (symptoms.length > 0) lines.push(renderSymptoms(symptoms));
  // What it is muted by may be what it causes: only the quiet is a fact.
  if (muted) lines.push(`-# Kept quiet while \`${codeUntrusted(muted.by, 150)}\` fires.`);
  return lines;
}

function renderSilenced({ by, until }: NonNullable<Alert['silenced']>): string {
  return `Silenced by <@${by}> until ${timestamp(until, 'f')}.`;
}

function renderSymptoms(symptoms: readonly string[]): string {
  const shown = symptoms.map((symptom) => `- ${escapeUntrusted(symptom, 150)}`);
  return `Explains, and keeps quiet, ${symptoms.length === 1 ? 'one other alert' : `${symptoms.length} other alerts`}:\n${joinLines(shown, 800)}`;
}

function renderPeak({ peak, finding: { unit } }: Alert): EmbedField[] {
  if (peak === null || unit === undefined) return [];
  const shown = { count: String, duration: formatDuration, bytes: formatBytes }[unit](peak);
  return [{ name: 'Peak', value: shown, inline: true }];
}

/** The state's word stands in the title (contract.md, Discord); the dot says it again to those who skim. */
export function wordForState({ state, severity, acknowledged, silenced }: Alert): string {
  if (state === 'resolved') return '🟢 resolved';
  if (silenced) return '🔕 silenced';
  if (acknowledged) return severity === 'critical' ? '🔴 acknowledged' : '🟠 acknowledged';
  return severity === 'critical' ? '🔴 firing' : '🟠 firing';
}

function chooseColour({ state, severity, silenced }: Alert): number {
  if (state === 'resolved') return COLOURS.resolved;
  return silenced ? COLOURS.unknown : COLOURS[severity];
}

/**
 * Every message carries its own id in a custom id: a post of uncertain outcome is found by it in the channel's history.
 * Acts on the alert first, then the look, then what may put it right (product.md §4).
 */
function renderButtons(alert: Alert): readonly Button[] {
  const { id, acknowledged, silenced, state } = alert;
  const look = renderLook(alert);
  if (state === 'resolved') return [look];
  return [
    acknowledged
      ? ({ id: `alert.ack:back:${id}`, label: 'Hand back', style: 'quiet' } as const)
      : ({ id: `alert.ack:now:${id}`, label: 'Acknowledge', style: 'act' } as const),
    silenced
      ? ({ id: `alert.unsilence:now:${id}`, label: 'Unsilence', style: 'quiet' } as const)
      : ({ id: `alert.silence:hour:${id}`, label: 'Silence 1 h', style: 'quiet' } as const),
    ...renderLocksButton(alert),
    ...renderBackupsButton(alert),
    look,
    ...renderKill(alert),
    ...renderRecover(alert),
  ];
}

/** Alerts that ending sessions may put right; `database-unreachable` names them where it is full. */
const ABOUT_SESSIONS = /^(connections-.+|database-unreachable|idle-in-transaction|long-transaction)$/;

/** Of one application where the alert is about one. */
function renderKill({ rule, database, subject, ...alert }: Alert): readonly Button[] {
  if (database === OWN_SCOPE || !ABOUT_SESSIONS.test(rule)) return [];
  const application = rule === 'connections-application' ? subject : '';
  return [killStaleButton(database, application, markOf(alert))];
}

/** Alerts that a rung of the ladder may put right. */
const ABOUT_SERVERS = /^(connections-.+|database-unreachable|workload-unhealthy|node-not-ready)$/;

function renderRecover({ rule, database, ...alert }: Alert): readonly Button[] {
  return database === OWN_SCOPE || !ABOUT_SERVERS.test(rule) ? [] : [recoverButton(database, markOf(alert))];
}

/** What a queue behind a lock is looked at with; it carries its message's letter, as each look does. */
function renderLocksButton({ id, rule, database, post }: Alert): readonly Button[] {
  if (rule !== 'lock-waits') return [];
  return [{ id: `db.locks:show:${referTo(database)}:${id}.${post?.number ?? 0}`, label: 'Locks', style: 'quiet' }];
}

/** What became of the last ones, and the button that starts one. */
function renderBackupsButton({ id, rule, database, post }: Alert): readonly Button[] {
  if (rule !== 'backup-stale') return [];
  return [
    { id: `db.backup-status:show:${referTo(database)}:${markOf({ id, post })}`, label: 'Backups', style: 'quiet' },
  ];
}

/** A name that would not fit into a custom id beside the letter's (facts.md, Discord 7: 100 characters). */
const LONGEST_NAME = 64;

function renderLook({ id, database, post }: Alert): Button {
  const letter = markOf({ id, post });
  const name = encodeURIComponent(database);
  if (database === OWN_SCOPE || name.length > LONGEST_NAME) {
    return { id: `alert.list:show:${letter}`, label: 'Open alerts', style: 'quiet' };
  }
  return { id: `db.status:show:${name}:${letter}`, label: 'Status', style: 'quiet' };
}

function markOf({ id, post }: Pick<Alert, 'id' | 'post'>): string {
  return `${id}.${post?.number ?? 0}`;
}
