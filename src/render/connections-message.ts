import { OWN_APPLICATION } from '../model/application.ts';
import type { ConnectionsReport } from '../model/connections-report.ts';
import { formatDuration } from '../model/duration.ts';
import { addStates, type ConnectionGroup, type StateCount } from '../model/group-sessions.ts';
import { countSessions } from '../model/session-group.ts';
import { type ConnectionsPlace, connectionsId, fingerprintOf } from './connections-place.ts';
import { joinLines } from './join-lines.ts';
import { type Button, COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** As much as a phone shows without much scrolling. */
const PAGE_SIZE = 5;

/** `/db connections`: one page of groups, the largest first. `asked` is where the reader wants to be. Pure. */
export function renderConnections(
  report: ConnectionsReport,
  asked: Pick<ConnectionsPlace, 'page' | 'fingerprint'> = { page: 1, fingerprint: '' },
): Message {
  const { database, filter, groups, at } = report;
  const all = groups.ok ? groups.value : [];
  const pages = Math.max(1, Math.ceil(all.length / PAGE_SIZE));
  const page = Math.min(Math.max(1, asked.page), pages);
  const begin = (page - 1) * PAGE_SIZE;
  const shown = all.slice(begin, begin + PAGE_SIZE);
  const place = { database, filter, page, fingerprint: fingerprintOf(all) };
  const range = shown.length === 0 ? '' : ` · groups ${begin + 1} to ${begin + shown.length} of ${all.length}`;
  return {
    embed: {
      title: describeTitle(report),
      description: [
        [...renderDoubts(report), ...renderMoves(asked, page, place.fingerprint), renderSum(report)].join('\n'),
        ...shown.map(renderGroup),
        ...renderOthers(report),
      ].join('\n\n'),
      colour: report.sessions.ok ? COLOURS.calm : COLOURS.unknown,
      footer: plainUntrusted(`${database} · page ${page} of ${pages}${range}`, 200),
      timestamp: at,
    },
    buttons: renderButtons(report, place, pages),
  };
}

/** The fact, and what it is narrowed to. */
export function describeTitle({ database, filter, groups, total }: ConnectionsReport): string {
  const parts = [filter.application, filter.state].flatMap((part) => (part === null ? [] : escapeUntrusted(part, 40)));
  const narrowed = parts.map((part) => ` · ${part}`).join('');
  const name = escapeUntrusted(database, 40);
  if (!groups.ok) return `${name}: connections unknown${narrowed}`;
  const count = countSessions(groups.value);
  const numbers = parts.length === 0 ? String(total) : `${count} of ${total}`;
  return `${name}: ${numbers} ${total === 1 ? 'connection' : 'connections'}${narrowed}`;
}

function renderDoubts({ sessions, groups }: ConnectionsReport): string[] {
  if (sessions.ok) return [];
  const single = `⚠️ The single sessions are unknown: ${escapeUntrusted(sessions.reason, 200)}`;
  if (!groups.ok) return [single, `Nothing was counted before: ${escapeUntrusted(groups.reason, 200)}`];
  return [single, `What the last sample counted, ${timestamp(groups.at)}:`];
}

function renderMoves(asked: { page: number; fingerprint: string }, page: number, fingerprint: string): string[] {
  if (asked.page > page) return [`Page ${asked.page} is gone: the list is shorter now, this is its end.`];
  if (asked.fingerprint === '' || asked.fingerprint === fingerprint) return [];
  return ['The list has changed since: groups may have moved to other pages.'];
}

function renderSum({ groups, total, holders }: ConnectionsReport): string {
  if (!groups.ok) return 'Look at `/db status`: it says whether the database lets anybody in.';
  const states = addStates(groups.value).map(({ state, count }) => `${count} ${state}`);
  if (states.length > 0) return states.join(', ');
  if (total === 0) return 'Nobody holds a connection.';
  const names = holders.map((name) => escapeUntrusted(name, 63));
  return `No session fits. Connections are held by:\n${joinLines(names, 800)}`;
}

function renderGroup(group: ConnectionGroup): string {
  const { application, address, count, states, oldestTransactionMs } = group;
  const itself = application === OWN_APPLICATION ? ' (itself)' : '';
  const from = address === null ? 'local socket' : escapeUntrusted(address, 45);
  const open = oldestTransactionMs === null ? [] : [`oldest transaction ${formatDuration(oldestTransactionMs)}`];
  const small = [...open, ...renderLimit(group)];
  return [
    `**${count} ${escapeUntrusted(application, 80)}**${itself} · ${from}`,
    ...states.map(renderState),
    ...(small.length > 0 ? [`-# ${small.join(' · ')}`] : []),
  ].join('\n');
}

function renderState({ state, count, longestMs }: StateCount): string {
  const longest = longestMs === null ? '' : `, ${count === 1 ? 'for' : 'longest'} ${formatDuration(longestMs)}`;
  return `${count} ${state}${longest}`;
}

/** The limit is the application's, whatever its pods. */
function renderLimit({ applicationCount, limit }: ConnectionGroup): string[] {
  if (limit === null) return [];
  return [`in all ${applicationCount}, limit ${limit}${applicationCount >= limit ? ' ⚠️' : ''}`];
}

/** What PostgreSQL runs for itself, by the names of pg_stat_activity (its documentation, "backend_type"). */
const SERVERS_OWN = new Set([
  'archiver',
  'autovacuum launcher',
  'background writer',
  'checkpointer',
  'io worker',
  'logger',
  'logical replication launcher',
  'slotsync worker',
  'startup',
  'walreceiver',
  'walsummarizer',
  'walwriter',
]);

function renderOthers({ others }: ConnectionsReport): string[] {
  if (others.length === 0) return [];
  const own = others.filter(({ backendType }) => backendType !== null && SERVERS_OWN.has(backendType));
  const named = others
    .filter((other) => !own.includes(other))
    .map(({ backendType, count }) => `${count} ${escapeUntrusted(backendType ?? 'of unknown kind', 40)}`);
  const parts = [
    ...named.slice(0, 6),
    ...(named.length > 6 ? [`${named.length - 6} other kinds`] : []),
    ...(own.length > 0 ? [`${countSessions(own)} of the server's own processes`] : []),
  ];
  return [`-# Not counted, as no client's: ${parts.join(', ')}`];
}

/** One row: where to, how much of it, and the list anew; the act on the whole list last. */
function renderButtons({ sessions, filter }: ConnectionsReport, place: ConnectionsPlace, pages: number): Button[] {
  const { page } = place;
  const narrowed = filter.application !== null || filter.state !== null;
  const turnTo = (to: number): string => connectionsId('page', { ...place, page: to });
  return [
    { id: turnTo(page - 1), label: 'Previous', style: 'quiet', disabled: page <= 1 },
    { id: turnTo(page + 1), label: 'Next', style: 'quiet', disabled: page >= pages },
    narrowed
      ? { id: connectionsId('widen', place), label: 'Show all', style: 'quiet' }
      : { id: connectionsId('narrow', place), label: 'Narrow…', style: 'quiet' },
    { id: connectionsId('csv', place), label: 'CSV', style: 'quiet', disabled: !sessions.ok },
    { id: connectionsId('refresh', { ...place, fingerprint: '' }), label: 'Refresh', style: 'quiet' },
  ];
}
