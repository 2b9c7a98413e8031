import { VERDICT_MEANINGS, type Verdict } from '../model/admission.ts';
import type { ConnectFault } from './connect-fault.ts';

/**
 * What a failed connection attempt says about the server (facts.md, PostgreSQL 2). The SQLSTATE alone is ambiguous: the
 * routine decides where PostgreSQL names it, the words where a pooler only passes them on.
 */
export function classifyConnectError(fault: ConnectFault): Verdict {
  if (fault.timedOut) return fault.tcpConnected ? 'frozen' : 'unreachable';
  if (fault.fromServer) return classifySqlState(fault);
  return classifyLocalError(fault);
}

/** The fact behind a failed attempt, for people; the server's words only where they are the only clue. */
export function explainConnectError(fault: ConnectFault): string {
  const verdict = classifyConnectError(fault);
  const code = verdict === 'unrecognised' && fault.code !== null ? ` (${fault.code})` : '';
  return `cannot connect: ${VERDICT_MEANINGS[verdict].fact}${code}`;
}

function classifySqlState(fault: ConnectFault): Verdict {
  switch (fault.code ?? '') {
    case '53300': // too_many_connections
      return FULL_ROUTINES.get(fault.routine ?? '') ?? classifyWords(fault.message) ?? 'only-reserved-left';
    case '57P03': // cannot_connect_now
      return classifyCannotConnectNow(fault);
    case '28P01': // invalid_password
    case '28000': // invalid_authorization_specification: no such role, no pg_hba.conf entry
    case '42501': // insufficient_privilege: no CONNECT on the database
      return 'auth-refused';
    case '3D000': // invalid_catalog_name
      return 'no-such-database';
    case '25006': // read_only_sql_transaction
      return 'read-only';
    default:
      // PgBouncer says protocol_violation, 08P01, whatever PostgreSQL told it.
      return classifyWords(fault.message) ?? 'unrecognised';
  }
}

const FULL_ROUTINES: ReadonlyMap<string, Verdict> = new Map([
  ['InitPostgres', 'only-reserved-left'],
  ['InitProcess', 'completely-full'],
  ['ProcessStartupPacket', 'half-authenticated'], // to PostgreSQL 17
  ['BackendInitialize', 'half-authenticated'], // from PostgreSQL 18
  ['InitializeSessionUserId', 'role-limit'],
  ['CheckMyDatabase', 'database-limit'],
]);

/** One SQLSTATE and one routine for all of these; a server in another language is taken to be starting, so that people wait. */
function classifyCannotConnectNow({ message, detail }: ConnectFault): Verdict {
  if (/shutting down/.test(message)) return 'shutting-down';
  if (/Hot standby mode is disabled/.test(detail ?? '')) return 'read-only';
  if (/recovery/i.test(message) || /recovery/i.test(detail ?? '')) return 'crash-recovery';
  return 'starting';
}

const WORDS: readonly (readonly [RegExp, Verdict])[] = [
  [/remaining connection slots are reserved/, 'only-reserved-left'],
  [/too many clients already|no more connections allowed/, 'completely-full'],
  [/too many connections for role/, 'role-limit'],
  [/too many connections for database/, 'database-limit'],
  [/shutting down/, 'shutting-down'],
  [/in recovery mode|Consistent recovery state/, 'crash-recovery'],
  [/starting up|not yet accepting connections/, 'starting'],
  [/password authentication failed|SASL authentication failed|no such user|no pg_hba\.conf entry/, 'auth-refused'],
  [/database .*does not exist|no such database/, 'no-such-database'],
];

function classifyWords(message: string): Verdict | null {
  return WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}

/** What Node and pg say when no PostgreSQL error came. */
function classifyLocalError({ code, message, tcpConnected }: ConnectFault): Verdict {
  if (code === 'ECONNREFUSED') return 'stopped';
  if (TLS_WORDS.test(message) || (code !== null && TLS_CODES.test(code))) return 'tls-failed';
  // pg checks the SCRAM exchange itself, and refuses an empty password before the server can.
  if (/^SASL|SCRAM|password must be/i.test(message)) return 'auth-refused';
  if (code !== null && NETWORK_CODES.has(code)) return 'unreachable';
  // Closed without a word: a proxy or load balancer with no server behind it looks just so.
  if (tcpConnected ? /Connection terminated/.test(message) : code !== null) return 'unreachable';
  return 'unrecognised';
}

const TLS_WORDS = /does not support SSL|establishing an SSL connection|before secure TLS connection/;
const TLS_CODES =
  /^ERR_(TLS|SSL|OSSL)_|^(UNABLE_TO_|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_CERT|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;
const NETWORK_CODES = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ETIMEDOUT',
  'ECONNRESET',
  'EPIPE',
]);
