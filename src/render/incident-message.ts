import type { Incident, IncidentAlert } from '../incidents/incident.ts';
import { lacksPermission } from '../incidents/lacks-permission.ts';
import { tellPeak } from '../incidents/tell-peak.ts';
import { formatDuration } from '../model/duration.ts';
import { joinLines } from './join-lines.ts';
import { type Button, COLOURS, type EmbedField, type Message, timestamp } from './message.ts';
import { mention, renderTimelineLine } from './timeline-line.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** How much there is of an incident of which only a part is at hand. */
export interface IncidentTotals {
  readonly alerts: number;
  readonly firing: number;
  readonly events: number;
}

const LINES_SHOWN = 8;
const LINE_LENGTH = 200;

/**
 * An incident as it stands: the pinned message, edited in place, and the answer to `/incident status`, which alone has
 * something to refresh. Pure; `now` in epoch milliseconds.
 */
export function renderIncidentSummary(
  incident: Incident,
  now: number,
  { refresh = false, totals }: { readonly refresh?: boolean; readonly totals?: IncidentTotals | undefined } = {},
): Message {
  const { id, title, databases, openedAt, openedBy } = incident;
  return {
    embed: {
      title: `${wordForIncident(incident)}: ${escapeUntrusted(title, 180)}`,
      description: [
        ...describeClosing(incident),
        `**Next:** ${adviseNext(incident)}`,
        ...renderLatest(incident, totals?.events),
      ].join('\n'),
      colour: chooseColour(incident),
      fields: [
        {
          name: databases.length === 1 ? 'Database' : 'Databases',
          value:
            joinLines(
              databases.map((name) => escapeUntrusted(name, 63)),
              500,
            ) || 'none',
          inline: true,
        },
        {
          name: 'Commander',
          value: incident.commander === null ? 'nobody yet' : mention(incident.commander.member),
          inline: true,
        },
        {
          name: 'Opened',
          value: `${timestamp(openedAt)}${openedBy === null ? '' : ` by ${mention(openedBy)}`}`,
          inline: true,
        },
        ...renderAlerts(incident, totals),
        ...renderPlace(incident),
      ],
      footer: incidentFooter(id),
      timestamp: refresh ? now : openedAt,
    },
    buttons: renderButtons(incident, refresh),
  };
}

/** Tells an incident's own message from all others. */
export function incidentFooter(id: string): string {
  return `incident · ${plainUntrusted(id, 60)}`;
}

/** Open while something of it fires or nothing ever did; the word stands in the title, as an alert's does. */
export function wordForIncident({ closed, calmSince }: Pick<Incident, 'closed' | 'calmSince'>): string {
  if (closed !== null) return '⚪ closed';
  return calmSince === null ? '🔴 open' : '🟢 calm';
}

function chooseColour({ closed, calmSince }: Incident): number {
  if (closed !== null) return COLOURS.unknown;
  return calmSince === null ? COLOURS.critical : COLOURS.resolved;
}

/** Who closed it and what it cost; nothing while it is open. */
export function describeClosing({ closed, openedAt }: Pick<Incident, 'closed' | 'openedAt'>): readonly string[] {
  if (closed === null) return [];
  const { by, at, severity, impact } = closed;
  return [
    `Closed by ${mention(by)} ${timestamp(at)} after ${formatDuration(at - openedAt)}, severity ${escapeUntrusted(severity, 60)}.`,
    ...(impact.trim() === '' ? [] : [`Impact: ${escapeUntrusted(impact, 800)}`]),
  ];
}

function adviseNext({ closed, calmSince, commander, alerts }: Incident): string {
  if (closed !== null) return 'fill in the post-mortem while people remember.';
  if (calmSince !== null) {
    const firing = alerts.filter(({ resolvedAt }) => resolvedAt === null).length;
    const lingering =
      firing === 0 ? '' : `, though ${firing === 1 ? 'a warning still fires' : `${firing} warnings still fire`}`;
    return `calm since ${timestamp(calmSince)}${lingering}: look whether every workload is well again, then close it with \`/incident close\`.`;
  }
  if (alerts.length === 0) return 'no alert belongs to it: close it with `/incident close` when it is over.';
  if (commander === null) return 'nobody has acknowledged: press Acknowledge on the alert, and you lead.';
  return `${mention(commander.member)} leads. See who holds the connections with \`/db connections\`, end what nobody needs with \`/db kill-stale\`.`;
}

function renderLatest({ events }: Incident, total = events.length): string[] {
  // Thread and pin have a field of their own.
  const told = events.filter(({ fact: { type } }) => type !== 'thread' && type !== 'pin').sort((a, b) => a.at - b.at);
  if (told.length === 0) return [];
  // Of a long one only the last are at hand.
  const earlier = told.length + (total - events.length) - LINES_SHOWN;
  const lines = told.slice(-LINES_SHOWN).map((event) => `- ${renderTimelineLine(event, LINE_LENGTH)}`);
  return [
    '',
    ...(earlier > 0 ? [`-# ${earlier} earlier ${earlier === 1 ? 'entry is' : 'entries are'} in the post-mortem`] : []),
    ...lines,
  ];
}

function renderAlerts({ alerts }: Incident, totals?: IncidentTotals): EmbedField[] {
  if (alerts.length === 0) return [];
  const firing = alerts.filter(({ resolvedAt }) => resolvedAt === null);
  const resolved = alerts.filter(({ resolvedAt }) => resolvedAt !== null);
  const worstFirst = firing.toSorted((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
  const name =
    (totals?.firing ?? firing.length) === 0
      ? `Alerts: all ${totals?.alerts ?? alerts.length} resolved`
      : `Alerts: ${totals?.firing ?? firing.length} of ${totals?.alerts ?? alerts.length} firing`;
  return [
    {
      name: alerts.length === 1 ? 'Alert' : name,
      value: joinLines([...worstFirst, ...resolved].map(renderAlertLine), 1_000),
    },
  ];
}

function renderAlertLine(alert: IncidentAlert): string {
  const { headline, firedAt, since, resolvedAt, acknowledgedBy } = alert;
  // Of one that fires the peak is not over.
  const words = resolvedAt === null ? headline : tellPeak(headline, alert);
  const owner = acknowledgedBy === null || resolvedAt !== null ? '' : ` · owned by ${mention(acknowledgedBy)}`;
  return `${wordForAlert(alert)}: ${escapeUntrusted(words, 170)} · ${timestamp(resolvedAt ?? firedAt ?? since)}${owner}`;
}

function wordForAlert({ severity, resolvedAt, acknowledgedBy }: IncidentAlert): string {
  if (resolvedAt !== null) return '🟢 resolved';
  return `${severity === 'critical' ? '🔴' : '🟠'} ${acknowledgedBy === null ? 'firing' : 'acknowledged'}`;
}

/** Where people talk about it, and what Breakwater was not allowed to do for them. */
function renderPlace({ thread, pin }: Incident): EmbedField[] {
  const lines = [
    ...(thread?.channelId ? [`Thread: <#${plainUntrusted(thread.channelId, 20).replaceAll(/\D/g, '')}>`] : []),
    ...(thread?.refused
      ? [
          `No thread (${escapeUntrusted(thread.refused, 150)}): what happens is told in this channel.${lacksPermission(thread.refused) ? ' Grant Breakwater *Create Public Threads* and *Send Messages in Threads* here.' : ''}`,
        ]
      : []),
    ...(pin?.refused
      ? [
          `Not pinned (${escapeUntrusted(pin.refused, 150)})${lacksPermission(pin.refused) ? ': grant Breakwater *Pin Messages* here.' : '.'}`,
        ]
      : []),
  ];
  return lines.length === 0 ? [] : [{ name: 'Where', value: lines.join('\n') }];
}

/** Each carries the incident's id: a post of uncertain outcome is found by it in the channel's history. */
function renderButtons({ id, closed, calmSince }: Incident, refresh: boolean): readonly Button[] {
  const buttons: Button[] = [
    { id: `incident.note:ask:${id}`, label: 'Note…', style: 'quiet' },
    { id: `incident.postmortem:show:${id}`, label: 'Post-mortem', style: 'quiet' },
    ...(refresh ? [{ id: `incident.status:refresh:${id}`, label: 'Refresh', style: 'quiet' } as const] : []),
  ];
  return closed === null
    ? [{ id: `incident.close:ask:${id}`, label: 'Close…', style: calmSince === null ? 'quiet' : 'act' }, ...buttons]
    : buttons;
}
