import { VERDICT_MEANINGS } from '../model/admission.ts';
import { usableConnections } from '../model/capacity.ts';
import { formatDuration } from '../model/duration.ts';
import { formatRise, formatTimeToFull } from '../model/forecast-words.ts';
import { countSessions, type SessionGroup } from '../model/session-group.ts';
import type { StatusReport } from '../model/status-report.ts';
import { tallyStates } from '../model/tally.ts';
import type { PaintedChart } from './connection-chart-file.ts';
import { joinLines } from './join-lines.ts';
import { killStaleButton } from './kill-stale-buttons.ts';
import { COLOURS, type EmbedField, type Message, timestamp } from './message.ts';
import { referTo } from './name-reference.ts';
import { recoverButton } from './recover-buttons.ts';
import { renderApplications } from './status-applications.ts';
import { renderPresentOrphans } from './status-orphans.ts';
import { renderPlace } from './status-place.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** `/db status`: the numbers in text, the chart besides (contract.md, fine print 3). Pure. */
export function renderStatus(report: StatusReport, chart: PaintedChart): Message {
  const { snapshot, database } = report;
  const { sessions } = snapshot;
  const description = renderDescription(report, chart);
  const first = [...renderFirings(report), ...(report.place === null ? [] : renderPresentOrphans(report.place))];
  const last = [
    ...(sessions.ok ? renderStates(sessions.value) : []),
    ...(report.place === null ? [] : renderPlace(report.place)),
  ];
  const room = FIELDS_LENGTH - description.length - lengthOf([...first, ...last]);
  return {
    embed: {
      title: renderTitle(report),
      description,
      colour: chooseColour(report),
      fields: [...first, ...renderApplications(report.applications, room), ...last],
      footer: plainUntrusted(`${database} · ${renderServer(report)}`, 200),
      timestamp: report.at,
    },
    buttons: [
      { id: `db.status:refresh:${referTo(database)}`, label: 'Refresh', style: 'quiet' } as const,
      { id: `db.connections:show:${referTo(database)}`, label: 'Connections', style: 'quiet' } as const,
      killStaleButton(database),
      recoverButton(database),
    ],
    ...(chart.ok && { file: chart.file }),
  };
}

/** Of the 6,000 characters of an embed (facts.md, Discord 7) what its title and its footer leave. */
const FIELDS_LENGTH = 5_500;

function lengthOf(fields: readonly EmbedField[]): number {
  return fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
}

function renderDescription(report: StatusReport, chart: PaintedChart): string {
  return [
    ...renderWarnings(report),
    ...renderUse(report),
    ...renderForecast(report),
    renderAdmission(report),
    ...renderSilences(report),
    ...renderLack(chart),
    ...(report.place === null ? [WITHOUT_CLUSTER] : []),
  ].join('\n');
}

/** That none is shown must not be taken for that there are none. */
const WITHOUT_CLUSTER = '-# No cluster is configured: orphaned sessions, pods and backups are out of sight';

function renderSilences({ silences }: StatusReport): string[] {
  if (silences === 0) return [];
  return [`🔕 ${silences === 1 ? '1 silence is' : `${silences} silences are`} in force: \`/alert list\` says which`];
}

function renderLack(chart: PaintedChart): string[] {
  return chart.ok ? [] : [`The chart could not be drawn: ${escapeUntrusted(chart.reason, 200)}`];
}

function renderTitle({ snapshot: { sessions, server }, database }: StatusReport): string {
  const name = escapeUntrusted(database);
  if (!sessions.ok) return `${name}: connections unknown`;
  const used = countSessions(sessions.value);
  return server.ok ? `${name}: ${used} of ${server.value.capacity.max} connections in use` : `${name}: ${used} in use`;
}

function renderWarnings({ snapshot: { server } }: StatusReport): string[] {
  if (!server.ok) return [];
  return server.value.missingPrivileges
    .filter(({ countsAreLow }) => countsAreLow)
    .map(({ consequence, remedy }) => `⚠️ **These numbers are too low.** ${consequence} Run \`${remedy}\``);
}

function renderUse({ snapshot: { sessions, server } }: StatusReport): string[] {
  if (!sessions.ok) {
    // A lost session knows since when; a failed sample only knows of itself.
    const when = server.ok ? `tried ${timestamp(sessions.at)}` : `lost ${timestamp(server.at)}`;
    return [`No numbers: ${escapeUntrusted(sessions.reason, 300)} (${when})`];
  }
  if (!server.ok) return [`The limits are unknown: ${escapeUntrusted(server.reason, 300)}`];
  const { capacity } = server.value;
  const used = countSessions(sessions.value);
  const usable = usableConnections(capacity);
  const free = Math.max(0, usable - used);
  return [`**${used}** used · **${usable}** usable · **${capacity.max}** max · ${free} free for applications`];
}

/** Nothing when steady, and nothing where the lines above say already why nothing is known. */
function renderForecast({ forecast, snapshot: { sessions, server } }: StatusReport): string[] {
  if (!sessions.ok || !server.ok || forecast.kind === 'steady') return [];
  if (forecast.kind === 'unknown') return [`Forecast: unknown, ${escapeUntrusted(forecast.reason, 200)}`];
  if (forecast.inMs === 0) return [];
  return [`Forecast: **full in ${formatTimeToFull(forecast.inMs)}** (${formatRise(forecast.perMinute)})`];
}

function renderAdmission({ snapshot: { admission } }: StatusReport): string {
  if (!admission.ok) return `New connections: unknown, ${escapeUntrusted(admission.reason, 300)}`;
  const { verdict, inferred, serverSaid } = admission.value;
  const meaning = VERDICT_MEANINGS[verdict];
  const how = inferred ? 'inferred from the counts' : `tried ${timestamp(admission.at)}`;
  const words = verdict === 'unrecognised' && serverSaid !== null ? ` “${escapeUntrusted(serverSaid, 200)}”` : '';
  const next = meaning.lets === 'in' ? '' : `\n${meaning.next}`;
  return `New connections: **${meaning.fact}** (${how})${words}${next}`;
}

function renderFirings({ alerts }: StatusReport): EmbedField[] {
  if (alerts.length === 0) return [];
  const lines = alerts.map(({ severity, headline, firedAt, ownedBy, silenced }) => {
    const owner = ownedBy === null ? '' : ` · owned by <@${ownedBy}>`;
    const mark = silenced ? '🔕' : severity === 'critical' ? '🔴' : '🟠';
    return `${mark} ${escapeUntrusted(headline, 200)} · ${timestamp(firedAt)}${owner}`;
  });
  return [{ name: `Alerts: ${alerts.length} firing`, value: joinLines(lines, 1024) }];
}

function renderStates(groups: readonly SessionGroup[]): EmbedField[] {
  const states = tallyStates(groups).map(({ state, count }) => `${count} ${state}`);
  const oldest = groups.reduce<number | null>((most, { oldestTransactionMs: ms }) => {
    return ms === null ? most : Math.max(most ?? 0, ms);
  }, null);
  const lockWaits = groups.reduce((sum, group) => sum + group.lockWaits, 0);
  return [
    { name: 'By state', value: states.join('\n') || 'no sessions', inline: true },
    { name: 'Oldest transaction', value: oldest === null ? 'none open' : formatDuration(oldest), inline: true },
    { name: 'Lock waits', value: lockWaits === 0 ? 'none' : `${lockWaits} waiting`, inline: true },
  ];
}

function renderServer({ snapshot: { server } }: StatusReport): string {
  if (!server.ok) return 'server unknown';
  return `PostgreSQL ${server.value.version}${server.value.inRecovery ? ', standby' : ''}`;
}

function chooseColour({ snapshot, alerts }: StatusReport): number {
  const { admission, sessions } = snapshot;
  const shutOut = admission.ok && VERDICT_MEANINGS[admission.value.verdict].lets === 'nobody in';
  if (shutOut || alerts.some(({ severity }) => severity === 'critical')) return COLOURS.critical;
  if (alerts.length > 0) return COLOURS.warning;
  return sessions.ok ? COLOURS.calm : COLOURS.unknown;
}
