import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERDICT_MEANINGS, type Verdict } from '../../src/model/admission.ts';
import { classifyConnectError, explainConnectError } from '../../src/postgres/classify-connect-error.ts';
import type { ConnectFault } from '../../src/postgres/connect-fault.ts';

const LOCAL: ConnectFault = {
  tcpConnected: true,
  timedOut: false,
  code: null,
  routine: null,
  message: '',
  detail: null,
  fromServer: false,
};
const SERVER: ConnectFault = { ...LOCAL, fromServer: true };

const TOO_MANY = 'sorry, too many clients already';
const CASES: readonly (readonly [string, Verdict, ConnectFault])[] = [
  ['only superuser slots left', 'only-reserved-left', { ...SERVER, code: '53300', routine: 'InitPostgres' }],
  ['no slot left at all', 'completely-full', { ...SERVER, code: '53300', routine: 'InitProcess', message: TOO_MANY }],
  [
    'too many half-open, to 17',
    'half-authenticated',
    { ...SERVER, code: '53300', routine: 'ProcessStartupPacket', message: TOO_MANY },
  ],
  [
    'too many half-open, from 18',
    'half-authenticated',
    { ...SERVER, code: '53300', routine: 'BackendInitialize', message: TOO_MANY },
  ],
  ["the role's limit", 'role-limit', { ...SERVER, code: '53300', routine: 'InitializeSessionUserId' }],
  ["the database's limit", 'database-limit', { ...SERVER, code: '53300', routine: 'CheckMyDatabase' }],
  [
    '53300 of a routine not known, by its words',
    'completely-full',
    { ...SERVER, code: '53300', routine: 'New', message: TOO_MANY },
  ],
  [
    '53300 without routine and known words',
    'only-reserved-left',
    { ...SERVER, code: '53300', message: 'trop de clients' },
  ],
  ['starting', 'starting', { ...SERVER, code: '57P03', message: 'the database system is starting up' }],
  ['starting, in another language', 'starting', { ...SERVER, code: '57P03', message: 'das Datenbanksystem startet' }],
  ['after a crash', 'crash-recovery', { ...SERVER, code: '57P03', message: 'the database system is in recovery mode' }],
  [
    'replaying WAL',
    'crash-recovery',
    {
      ...SERVER,
      code: '57P03',
      message: 'the database system is not yet accepting connections',
      detail: 'Consistent recovery state has not been yet reached.',
    },
  ],
  [
    'a standby that takes no readers',
    'read-only',
    {
      ...SERVER,
      code: '57P03',
      message: 'the database system is not accepting connections',
      detail: 'Hot standby mode is disabled.',
    },
  ],
  ['shutting down', 'shutting-down', { ...SERVER, code: '57P03', message: 'the database system is shutting down' }],
  ['a wrong password', 'auth-refused', { ...SERVER, code: '28P01' }],
  ['no pg_hba.conf entry', 'auth-refused', { ...SERVER, code: '28000' }],
  ['no CONNECT on the database', 'auth-refused', { ...SERVER, code: '42501' }],
  ['no such database', 'no-such-database', { ...SERVER, code: '3D000' }],
  ['a read-only transaction', 'read-only', { ...SERVER, code: '25006' }],
  [
    'PgBouncer before a full server',
    'completely-full',
    { ...SERVER, code: '08P01', message: `server login failed: FATAL ${TOO_MANY}` },
  ],
  [
    'PgBouncer before the reserved slots',
    'only-reserved-left',
    {
      ...SERVER,
      code: '08P01',
      message: 'FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute',
    },
  ],
  [
    'PgBouncer itself full',
    'completely-full',
    { ...SERVER, code: '08P01', message: 'no more connections allowed (max_client_conn)' },
  ],
  [
    'PgBouncer before a role at its limit',
    'role-limit',
    { ...SERVER, code: '08P01', message: 'too many connections for role "site"' },
  ],
  [
    'PgBouncer before a wrong password',
    'auth-refused',
    { ...SERVER, code: '08P01', message: 'password authentication failed' },
  ],
  [
    'PgBouncer without such a database',
    'no-such-database',
    { ...SERVER, code: '08P01', message: 'no such database: site' },
  ],
  ['an error not known', 'unrecognised', { ...SERVER, code: 'XX000', message: 'cache lookup failed' }],
  ['nothing listens', 'stopped', { ...LOCAL, tcpConnected: false, code: 'ECONNREFUSED' }],
  ['TCP, then silence', 'frozen', { ...LOCAL, timedOut: true }],
  ['not even TCP', 'unreachable', { ...LOCAL, tcpConnected: false, timedOut: true }],
  ['no such name', 'unreachable', { ...LOCAL, tcpConnected: false, code: 'ENOTFOUND' }],
  ['no route', 'unreachable', { ...LOCAL, tcpConnected: false, code: 'EHOSTUNREACH' }],
  ['a network error not known', 'unreachable', { ...LOCAL, tcpConnected: false, code: 'EWEIRD' }],
  ['reset', 'unreachable', { ...LOCAL, code: 'ECONNRESET' }],
  ['closed without a word', 'unreachable', { ...LOCAL, message: 'Connection terminated unexpectedly' }],
  ['TLS asked for, not offered', 'tls-failed', { ...LOCAL, message: 'The server does not support SSL connections' }],
  ['TLS refused', 'tls-failed', { ...LOCAL, message: 'There was an error establishing an SSL connection' }],
  ['a certificate out of date', 'tls-failed', { ...LOCAL, code: 'CERT_HAS_EXPIRED' }],
  ['a certificate of nobody', 'tls-failed', { ...LOCAL, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
  ['a certificate for another name', 'tls-failed', { ...LOCAL, code: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
  ['no common TLS version', 'tls-failed', { ...LOCAL, code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }],
  [
    'closed within the TLS handshake',
    'tls-failed',
    {
      ...LOCAL,
      code: 'ECONNRESET',
      message: 'Client network socket disconnected before secure TLS connection was established',
    },
  ],
  [
    'an empty password',
    'auth-refused',
    { ...LOCAL, message: 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string' },
  ],
  ['nonsense', 'unrecognised', { ...LOCAL, message: 'Received unexpected rowDescription message from backend.' }],
];

describe('classifyConnectError', () => {
  it.each(CASES)('%s: %s', (_case, verdict, fault) => {
    expect(classifyConnectError(fault)).toBe(verdict);
  });

  it('knows every error, and never calls one admitted', () => {
    const text = fc.option(fc.string());
    const faults = fc.record({
      tcpConnected: fc.boolean(),
      timedOut: fc.boolean(),
      code: fc.oneof(text, fc.constantFrom('53300', '57P03', '08P01')),
      routine: fc.oneof(text, fc.constantFrom('InitPostgres', 'toString', '__proto__')),
      message: fc.string(),
      detail: text,
      fromServer: fc.boolean(),
    });
    fc.assert(
      fc.property(faults, (fault) => {
        const verdict = classifyConnectError(fault);
        expect(VERDICT_MEANINGS[verdict]).toBeDefined();
        expect(verdict).not.toBe('admitted');
      }),
    );
  });
});

describe('explainConnectError', () => {
  it('gives the fact in words', () => {
    expect(explainConnectError({ ...SERVER, code: '53300', routine: 'InitPostgres' })).toBe(
      'cannot connect: full: only reserved slots are left',
    );
  });

  it('names the SQLSTATE of an error not known, and never quotes the server', () => {
    expect(explainConnectError({ ...SERVER, code: 'XX000', message: '@everyone' })).toBe(
      'cannot connect: the server answered with an error that Breakwater does not know (XX000)',
    );
  });
});
