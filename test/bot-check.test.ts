import { expect, test } from 'vitest';
import { examineOnce } from '../src/bot-check.ts';
import type { ClusterPorts } from '../src/check/read-cluster-facts.ts';
import type { Config } from '../src/config/config.ts';
import { seen } from '../src/model/observed.ts';
import { systemClock } from '../src/time/system-clock.ts';
import { backups, clusterFacts, EVERYTHING, storage, workload } from './check/facts.ts';
import { startApi } from './sandbox/discord/api.ts';
import { configOf, MINIMAL } from './support/config.ts';

const PORTS: ClusterPorts = {
  cluster: { list: async () => clusterFacts().state },
  objects: { readWorkload: async () => seen(workload(), 0), readStorage: async () => seen(storage(), 0) },
  backups: { read: async () => seen(backups(), 0) },
  access: { review: async () => clusterFacts().access },
};

/** Nothing listens there. */
const NOWHERE = { host: '127.0.0.1', port: 1, user: 'breakwater', database: 'postgres', ssl: undefined };

async function examineIn(guildName: string, change: (config: Config) => Config = (config) => config) {
  await using api = await startApi({ guildName });
  const { sandbox } = api;
  const { secrets, databases, discord } = configOf(MINIMAL, {
    env: { DISCORD_TOKEN: sandbox.token, DATABASE_MAIN_PASSWORD: 'a-password-of-length' },
  });
  const [main] = databases;
  const config = change({
    ...EVERYTHING,
    secrets,
    databases: [{ ...EVERYTHING.databases[0], connection: NOWHERE, canary: main.canary }],
    discord: {
      ...discord,
      apiUrl: sandbox.apiUrl,
      applicationId: sandbox.applicationId,
      guildId: sandbox.guildId,
      channels: sandbox.channels,
    },
  });
  return await examineOnce(config, { cluster: PORTS, clock: systemClock, ruleIds: [] });
}

test('everything is looked at, wherever something is away', async () => {
  const findings = await examineIn('Devs');
  const of = (id: string) => findings.find((finding) => finding.id === id);
  expect(of('discord-reach')).toMatchObject({ level: 'ok', what: "the token is breakwater's, and the bot is in Devs" });
  expect(of('postgres-reach')).toMatchObject({
    level: 'fault',
    what: expect.stringContaining('nothing listens there'),
  });
  expect(of('kubernetes-reach')).toMatchObject({ level: 'ok' });
  expect(of('manifest')).toMatchObject({ level: 'fault', what: expect.stringContaining('ENOENT') });
});

test('a certificate that cannot be read is a fault that names its file', async () => {
  const ssl = {
    ca: '/nowhere/ca.pem',
    cert: undefined,
    key: undefined,
    rejectUnauthorized: true,
    serverName: undefined,
  };
  const findings = await examineIn('Devs', (config) => {
    const [main] = config.databases;
    return { ...config, databases: [{ ...main, connection: { ...NOWHERE, ssl } }] };
  });
  expect(findings.find(({ id }) => id === 'postgres-reach')).toMatchObject({
    level: 'fault',
    what: expect.stringContaining('/nowhere/ca.pem'),
  });
});

test('no finding tells a secret, whoever said it', async () => {
  const findings = await examineIn('see a-password-of-length');
  expect(JSON.stringify(findings)).toContain('[redacted]');
  expect(JSON.stringify(findings)).not.toContain('a-password-of-length');
});
