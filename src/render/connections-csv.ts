import type { ConnectionsReport, ListedSession } from '../model/connections-report.ts';
import { stripInvisible } from '../model/plain-text.ts';
import { describeTitle } from './connections-message.ts';
import { writeCsv } from './csv.ts';
import { COLOURS, type Message } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

const HEADER = [
  'pid',
  'backend_start',
  'user',
  'database',
  'application',
  'application_name',
  'address',
  'state',
  'seconds_in_state',
  'seconds_in_transaction',
  'seconds_connected',
  'wait_event',
  'statement',
] as const;

/** The sessions that fit the filter as a file, a row each; says why not where they are not known one by one. Pure. */
export function renderConnectionsCsv(report: ConnectionsReport): Message {
  const { sessions, at } = report;
  if (!sessions.ok) {
    return {
      embed: {
        title: describeTitle(report),
        description: `There is no list to give: ${escapeUntrusted(sessions.reason, 300)}\nPress CSV again once the database answers.`,
        colour: COLOURS.unknown,
        timestamp: at,
      },
    };
  }
  const count = sessions.value.length;
  return {
    embed: {
      title: describeTitle(report),
      description: `${count === 1 ? '1 session' : `${count} sessions`}, a row each. Statements stand without their literals.`,
      colour: COLOURS.calm,
      timestamp: sessions.at,
    },
    attachments: [
      {
        name: 'connections.csv',
        type: 'text/csv',
        description: `Sessions of ${report.database}, one by one`,
        data: writeCsv(HEADER, sessions.value.map(toRow)),
      },
    ],
  };
}

function toRow(session: ListedSession): readonly (string | number | null)[] {
  return [
    session.pid,
    session.backendStart,
    clean(session.user),
    clean(session.database),
    clean(session.application),
    clean(session.applicationName),
    session.address,
    session.state,
    toSeconds(session.stateMs),
    toSeconds(session.transactionMs),
    toSeconds(session.ageMs),
    clean([session.waitEventType, session.waitEvent].flatMap((part) => part ?? []).join(' ') || null),
    clean(session.statement),
  ];
}

/** What cannot be seen, or turns the direction of writing, has no place in a table either. */
function clean(text: string | null): string | null {
  return text === null ? null : stripInvisible(text);
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1_000);
}
