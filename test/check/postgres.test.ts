import { describe, expect, it } from 'vitest';
import type { CheckFacts } from '../../src/check/check.ts';
import { runChecks } from '../../src/check/run-checks.ts';
import type { Verdict } from '../../src/model/admission.ts';
import type { PostgresFacts } from '../../src/model/postgres-facts.ts';
import { CHECKS, EVERYTHING, facts, inPostgres, postgresFacts, problems, role, told } from './facts.ts';

const { server, settings, roles } = postgresFacts();
const setting = (parts: Partial<PostgresFacts['settings']>): CheckFacts =>
  inPostgres({ settings: { ...settings, ...parts } });
const withRole = (name: string, parts: Parameters<typeof role>[0]): CheckFacts =>
  inPostgres({ roles: new Map([...roles, [name, role(parts)]]) });
const withCanary = (verdict: Verdict, serverSaid: string | null = null): CheckFacts =>
  inPostgres({ canary: { verdict, inferred: false, tookMs: 1, serverSaid } });
const lacking = (privilege: 'pg_monitor' | 'reserved slots', remedy: string): CheckFacts =>
  inPostgres({
    sessions: { total: 40, hidden: privilege === 'pg_monitor' ? 31 : 0 },
    server: {
      ...server,
      missingPrivileges: [{ privilege, consequence: 'It hurts.', remedy, countsAreLow: privilege === 'pg_monitor' }],
    },
  });
const named = (name: string): CheckFacts['config'] => {
  const [main] = EVERYTHING.databases;
  return {
    ...EVERYTHING,
    databases: [{ ...main, applications: [{ name: 'site', match: { user: name }, limit: 32 }] }],
  };
};

it.each<[string, CheckFacts, readonly (readonly [string, string | null])[]]>([
  [
    'a server that is too old',
    inPostgres({ server: { ...server, versionNumber: 120_022, version: '12.22' } }),
    [['fault postgres-reach · main', 'Upgrade it to PostgreSQL 18: https://www.postgresql.org/docs/18/upgrading.html']],
  ],
  [
    'a server that nobody tried',
    inPostgres({ server: { ...server, versionNumber: 190_000, version: '19.0' } }),
    [['warning postgres-reach · main', 'Take a newer Breakwater, or watch its log for statements that fail.']],
  ],
  [
    'a standby',
    inPostgres({ server: { ...server, inRecovery: true } }),
    [['warning postgres-reach · main', 'Point the configuration at the primary. (databases: main: connection.host)']],
  ],
  [
    'no pg_monitor',
    lacking('pg_monitor', 'GRANT pg_monitor TO "breakwater";'),
    [['fault postgres-privileges · main: pg_monitor', 'GRANT pg_monitor TO "breakwater";']],
  ],
  [
    'no reserved slots',
    lacking('reserved slots', 'GRANT pg_use_reserved_connections TO "breakwater";'),
    [['warning postgres-privileges · main: reserved slots', 'GRANT pg_use_reserved_connections TO "breakwater";']],
  ],
  [
    'the keepalives of Linux',
    setting({ keepalive: { idleS: 7_200, intervalS: 75, count: 9 } }),
    [
      [
        'warning postgres-vanished-clients · main: keepalives',
        'ALTER SYSTEM SET tcp_keepalives_idle = 60;\nALTER SYSTEM SET tcp_keepalives_interval = 10;\nALTER SYSTEM SET tcp_keepalives_count = 6;\nSELECT pg_reload_conf();',
      ],
    ],
  ],
  [
    'statements that outlive their client',
    setting({ clientCheckMs: 0 }),
    [
      [
        'warning postgres-vanished-clients · main: client check',
        "ALTER SYSTEM SET client_connection_check_interval = '10s';\nSELECT pg_reload_conf();",
      ],
    ],
  ],
  [
    'no end to idle transactions, as a hint',
    setting({ idleInTransactionMs: 0 }),
    [
      [
        'ok postgres-idle-in-transaction · main: idle in transaction',
        "ALTER SYSTEM SET idle_in_transaction_session_timeout = '10min';\nSELECT pg_reload_conf();",
      ],
    ],
  ],
  [
    'no activities',
    setting({ trackActivities: false }),
    [
      [
        'fault postgres-statistics · main: track_activities',
        'ALTER SYSTEM SET track_activities = on;\nSELECT pg_reload_conf();',
      ],
    ],
  ],
  [
    'a pooler',
    inPostgres({ pooled: true }),
    [
      [
        'fault postgres-pooler · main: pooler',
        'Point connection.host and connection.port of main at the server; the pooler belongs under pgbouncer:.',
      ],
    ],
  ],
  [
    'an application without a CONNECTION LIMIT',
    withRole('site', { connectionLimit: null }),
    [['warning postgres-application-roles · main: site', 'ALTER ROLE "site" CONNECTION LIMIT 40;']],
  ],
  [
    'a CONNECTION LIMIT below the alert',
    withRole('site', { connectionLimit: 20 }),
    [
      [
        'warning postgres-application-roles · main: site',
        'ALTER ROLE "site" CONNECTION LIMIT 40;   -- or lower its limit in the configuration',
      ],
    ],
  ],
  [
    'an application that is a superuser',
    withRole('site', { superuser: true }),
    [
      [
        'fault postgres-application-roles · main: site',
        `ALTER ROLE "site" NOSUPERUSER;\n-- if it is the server's only one, make another first`,
      ],
    ],
  ],
  [
    'an application whose role is not there',
    inPostgres({ roles: new Map([['canary', role()]]) }),
    [
      [
        'warning postgres-application-roles · main: site',
        'Correct match.user of site. The roles that log in:\nSELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY 1;',
      ],
    ],
  ],
  [
    'limits that do not fit together',
    withRole('site', { connectionLimit: 93 }),
    [
      [
        'warning postgres-limit-sum · main: sum of limits',
        'Lower the limits, or:\nALTER SYSTEM SET max_connections = 110;   -- takes effect when PostgreSQL restarts',
      ],
    ],
  ],
  [
    'an application whose limit the bot may not set, as an option',
    withRole('site', { adjustable: false }),
    [
      [
        'ok postgres-optional-grants · main: cap-application',
        'ALTER ROLE "breakwater" CREATEROLE;\nGRANT "site" TO "breakwater" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;',
      ],
    ],
  ],
  [
    'a canary that is a superuser',
    withRole('canary', { superuser: true, usesReservedSlots: true }),
    [['fault postgres-canary · main: canary: superuser', 'ALTER ROLE "canary" NOSUPERUSER;']],
  ],
  [
    'a canary with reserved slots',
    withRole('canary', { usesReservedSlots: true }),
    [['fault postgres-canary · main: canary: reserved slots', 'REVOKE pg_use_reserved_connections FROM "canary";']],
  ],
  [
    'a canary whose password is wrong',
    withCanary('auth-refused', 'password authentication failed for user "canary"'),
    [
      [
        'fault postgres-canary · main: canary: login',
        'CREATE ROLE "canary" LOGIN CONNECTION LIMIT 2;   -- unless it is there\n\\password "canary"   -- in psql; the same as its password in the environment\n-- and a line for it in pg_hba.conf',
      ],
    ],
  ],
  [
    'a canary without its database',
    withCanary('no-such-database'),
    [['fault postgres-canary · main: canary: login', 'CREATE DATABASE "postgres";   -- or correct canary.database']],
  ],
  [
    'a canary of one connection',
    withCanary('role-limit'),
    [['fault postgres-canary · main: canary: login', 'ALTER ROLE "canary" CONNECTION LIMIT 2;']],
  ],
  // The server's trouble, not the canary's.
  ['a full server', withCanary('completely-full'), [['unknown postgres-canary · main: canary: login', null]]],
])('%s', (_, given, expected) => {
  expect(told(given)).toEqual(expected);
});

it('quotes a role whatever it is called', () => {
  const given = { ...withRole('si"te; --', { connectionLimit: null }), config: named('si"te; --') };
  expect(told(given)[0]?.[1]).toBe('ALTER ROLE "si""te; --" CONNECTION LIMIT 40;');
});

it('says how many sessions are hidden from it', () => {
  const [finding] = problems(lacking('pg_monitor', 'GRANT …'));
  expect(finding?.what).toBe('breakwater lacks pg_monitor (31 of 40 sessions are hidden from it now)');
});

it('says how long the incident lasts with the keepalives of Linux', () => {
  const [finding] = problems(setting({ keepalive: { idleS: 7_200, intervalS: 75, count: 9 } }));
  expect(finding?.what).toBe('a client that vanishes is noticed after 2 h 11 min (tcp_keepalives_idle = 7200 s)');
});

it('says of each application whether the bot may set its CONNECTION LIMIT', () => {
  const [main] = EVERYTHING.databases;
  const applications = ['site', 'shop', 'boss'].map((name) => ({ name, match: { user: name }, limit: 5 }));
  const config: CheckFacts['config'] = { ...EVERYTHING, databases: [{ ...main, applications }] };
  const words = (parts: Readonly<Record<string, Parameters<typeof role>[0]>>) => {
    const given = {
      ...inPostgres({ roles: new Map(Object.entries(parts).map(([name, of]) => [name, role(of)])) }),
      config,
    };
    return runChecks(CHECKS, given).find(({ id }) => id === 'postgres-optional-grants')?.what;
  };
  expect(words({ site: {}, shop: { adjustable: false }, boss: { superuser: true, adjustable: false } })).toBe(
    'optional: the bot may not set the CONNECTION LIMIT of shop; the bot may set the CONNECTION LIMIT of site; superusers ignore theirs: boss',
  );
  expect(words({ site: {}, shop: {} })).toBe('the bot may set the CONNECTION LIMIT of site, shop');
  expect(words({ boss: { superuser: true } })).toBe(
    'no application has a limit to set; superusers ignore theirs: boss',
  );
});

describe('before PostgreSQL 16', () => {
  it('the option needs no grant for each role', () => {
    const given = inPostgres({
      server: { ...server, versionNumber: 150_018, version: '15.18' },
      roles: new Map([...roles, ['site', role({ adjustable: false })]]),
    });
    expect(told(given)[0]?.[1]).toBe('ALTER ROLE "breakwater" CREATEROLE;');
  });

  it('and before 14 there is no client check to miss', () => {
    expect(told(setting({ clientCheckMs: null }))).toEqual([]);
  });
});

it('says who cannot connect, what the server said, and how to try', () => {
  const refused = { kind: 'refused', verdict: 'auth-refused', serverSaid: 'no pg_hba.conf entry' } as const;
  const [first, ...others] = problems(facts({ postgres: new Map([['main', refused]]) }));
  expect(first).toMatchObject({
    level: 'fault',
    id: 'postgres-reach',
    what: 'breakwater cannot connect to postgres.example.org:5432: the server refuses the role or its password (“no pg_hba.conf entry”)',
    mend: 'Check the role, its password and pg_hba.conf.\nThe role: breakwater setup-sql --database main\npsql "host=postgres.example.org port=5432 user=breakwater dbname=postgres"',
  });
  expect(new Set(others.map(({ level }) => level))).toEqual(new Set(['unknown']));
});
