import type { Alert } from '../alerts/lifecycle.ts';
import { formatDuration } from '../model/duration.ts';
import { COLOURS, type Embed, type Message, type MessageFile, timestamp } from './message.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

export interface AlertMessageInput {
  readonly alert: Alert;
  /** The rule's "what to do first". */
  readonly firstStep: string;
  /** Pinged once, by the post of a critical alert that still fires (product.md §4). */
  readonly onCallRole: string | undefined;
  readonly chart: MessageFile | null;
}

/** The one message of an alert, whatever its state. Pure. */
export function renderAlert(input: AlertMessageInput): Message {
  const { alert, onCallRole, chart } = input;
  const critical = alert.severity === 'critical';
  const pings = critical && alert.state === 'firing' && onCallRole !== undefined;
  return {
    ...(critical && { content: renderContent(alert, pings ? onCallRole : undefined) }),
    ...(pings && { pingRoles: [onCallRole] }),
    embed: renderEmbed(input),
    buttons: [{ id: `db.status:show:${encodeURIComponent(alert.database)}`, label: 'Status', style: 'quiet' }],
    ...(chart && { file: chart }),
  };
}

/** Phones show the content and not the embed: it carries the fact. */
function renderContent(alert: Alert, role: string | undefined): string {
  const fact = `**${escapeUntrusted(alert.database)}**: ${escapeUntrusted(alert.finding.headline, 200)}`;
  if (alert.state === 'resolved') return `Resolved: ${fact}`;
  return role === undefined ? fact : `<@&${role}> ${fact}`;
}

function renderEmbed({ alert, firstStep }: AlertMessageInput): Embed {
  const { finding, blind, firedAt, resolvedAt } = alert;
  const lines = [];
  if (blind)
    lines.push(`⚠️ Not resolved, only unseen (${timestamp(blind.since)}): ${escapeUntrusted(blind.reason, 300)}`);
  if (alert.state === 'firing' && finding.evidence !== '') lines.push(escapeUntrusted(finding.evidence, 600));
  if (alert.state === 'firing') lines.push(`**First:** ${firstStep}`);
  if (alert.state === 'resolved' && firedAt !== null && resolvedAt !== null) {
    lines.push(
      `Lasted ${formatDuration(resolvedAt - firedAt)}, from ${timestamp(firedAt, 'T')} to ${timestamp(resolvedAt, 'T')}.`,
    );
  }
  return {
    title: `${wordForState(alert)}: ${escapeUntrusted(finding.headline, 200)}`,
    description: lines.join('\n'),
    colour: chooseColour(alert),
    fields: [
      { name: 'Database', value: escapeUntrusted(alert.database), inline: true },
      { name: 'Peak', value: alert.peak === null ? 'unknown' : String(alert.peak), inline: true },
      { name: 'Fired', value: firedAt === null ? 'not yet' : timestamp(firedAt), inline: true },
      ...(finding.impact === '' ? [] : [{ name: 'Affects', value: escapeUntrusted(finding.impact, 500) }]),
    ],
    footer: plainUntrusted(alert.key, 200),
    ...(firedAt !== null && { timestamp: firedAt }),
  };
}

/** The state's word stands in the title (contract.md, Discord); the dot says it again to those who skim. */
function wordForState(alert: Alert): string {
  if (alert.state === 'resolved') return '🟢 resolved';
  return alert.severity === 'critical' ? '🔴 firing' : '🟠 firing';
}

function chooseColour(alert: Alert): number {
  return alert.state === 'resolved' ? COLOURS.resolved : COLOURS[alert.severity];
}
