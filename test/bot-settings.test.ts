import { describe, expect, it } from 'vitest';
import { readRecoverySettings } from '../src/bot-settings.ts';
import { EVERYTHING } from './check/facts.ts';
import { configOf, MINIMAL } from './support/config.ts';
import { CLAIM, POSTGRES, SITE } from './support/place-builders.ts';

describe('what the configuration says of a recovery', () => {
  it('is told with every object by its parts, in the order of the file', () => {
    expect(readRecoverySettings(EVERYTHING.databases[0])).toMatchObject({
      database: 'main',
      applications: [{ name: 'site', match: { user: 'site' }, limit: 32 }],
      workload: POSTGRES,
      claim: CLAIM,
      dependents: [SITE],
      backup: { cronJob: { namespace: 'backups', kind: 'cronjob', name: 'blackbox' }, maxAgeMs: 26 * 3_600_000 },
      connection: { host: 'postgres.example.org', port: 5432 },
    });
  });

  it('is null where nothing is configured, and nothing is made up', () => {
    const settings = readRecoverySettings(configOf(MINIMAL).databases[0]);
    expect(settings).toMatchObject({
      workload: null,
      claim: null,
      dependents: [],
      backup: null,
      pgbouncer: null,
      volume: null,
    });
  });

  it('holds no more of a connection than how it is reached', () => {
    const [database] = EVERYTHING.databases;
    const ssl = { ca: '/ca.pem', cert: undefined, key: '/secret.key', rejectUnauthorized: true, serverName: undefined };
    const settings = readRecoverySettings({
      ...database,
      pgbouncer: { connection: { host: 'pooler', port: 6432, user: 'breakwater', ssl } },
      volume: { provider: 'linode', id: '123456' },
    });
    expect(settings.pgbouncer).toEqual({ host: 'pooler', port: 6432, user: 'breakwater' });
    expect(Object.keys(settings.connection)).toEqual(['host', 'port', 'database']);
    expect(settings.volume).toEqual({ provider: 'linode', id: '123456' });
  });
});
