import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Application } from '../../src/model/application.ts';
import { configOf, MINIMAL, MINIMAL_ENV, RULES } from '../support/config.ts';

it('fills in every default of the smallest file', () => {
  const { secrets, databases, ...rest } = configOf(MINIMAL);
  expect(rest).toEqual({
    discord: {
      apiUrl: 'https://discord.com/api',
      applicationId: '100000000000000001',
      guildId: '100000000000000002',
      channels: { alerts: '100000000000000003', audit: '100000000000000003' },
      roles: { observe: [], respond: [], recover: [], onCall: undefined },
      approval: 'two-person',
      breakGlassAfterMs: 120_000,
    },
    journal: { kind: 'sqlite', path: '/etc/breakwater/breakwater.db' },
    kubernetes: undefined,
    linode: { apiUrl: 'https://api.linode.com/v4' },
    http: undefined,
    heartbeat: undefined,
    services: [],
  });
  const [{ protect, alerts, ...database }] = databases;
  expect(database).toMatchObject({
    connection: { host: 'postgres.example.org', port: 5432, user: 'breakwater', database: 'postgres', ssl: undefined },
    sampling: { calmMs: 5_000, fastMs: 250 },
    applications: [],
    dependents: [],
  });
  expect(protect).toEqual(expect.arrayContaining(['pg_dump', 'pg_basebackup', 'alembic']));
  expect(Object.keys(alerts)).toEqual(['connections-total', 'connections-application']);
  expect(secrets.databases.get('main')?.password?.reveal()).toBe('a-password');
});

it('reads what is beside the file relative to the file', () => {
  const config = configOf(
    `${MINIMAL}    manifest: ./manifests/postgres.yaml\njournal: { sqlite: data/b.db }\nkubernetes: { kubeconfig: /etc/breakwater/kubeconfig }\n`,
  );
  expect(config.databases[0].manifest).toBe('/etc/breakwater/manifests/postgres.yaml');
  expect(config.journal).toEqual({ kind: 'sqlite', path: '/etc/breakwater/data/b.db' });
  expect(config.kubernetes?.kubeconfig).toBe('/etc/breakwater/kubeconfig');
});

it('takes TLS files, and verifies unless told otherwise', () => {
  const config = configOf(MINIMAL.replace('user: breakwater }', 'user: b, ssl: { ca: ca.pem, serverName: db } }'));
  expect(config.databases[0].connection.ssl).toEqual({
    ca: '/etc/breakwater/ca.pem',
    cert: undefined,
    key: undefined,
    rejectUnauthorized: true,
    serverName: 'db',
  });
});

it.each([
  ['"0.0.0.0:8080"', { host: '0.0.0.0', port: 8080 }],
  ['":9090"', { host: '0.0.0.0', port: 9090 }],
  ['"[::1]:0"', { host: '::1', port: 0 }],
  ['localhost:80', { host: 'localhost', port: 80 }],
])('listens on %s', (listen, expected) => {
  expect(configOf(`${MINIMAL}http: { listen: ${listen} }\n`).http).toEqual(expected);
});

it('gives each application as the model knows it', () => {
  const applications: readonly Application[] = configOf(
    `${MINIMAL}    applications: [{ name: site, match: { user: site }, limit: 32, workload: default/deployment/site }]\n`,
  ).databases[0].applications;
  expect(applications).toEqual([
    { name: 'site', match: { user: 'site' }, limit: 32, workload: 'default/deployment/site' },
  ]);
});

it('gives each service its intervals, with defaults', () => {
  const { services } = configOf(
    `${MINIMAL}services: [{ name: web, url: "https://x.example/" }, { name: api, url: "https://y.example/", dependsOn: main, impact: the app, every: 1m, timeout: 3s }]\n`,
  );
  const none = { dependsOn: undefined, impact: undefined };
  expect(services).toEqual([
    { name: 'web', url: 'https://x.example/', ...none, everyMs: 15_000, timeoutMs: 10_000 },
    { name: 'api', url: 'https://y.example/', dependsOn: 'main', impact: 'the app', everyMs: 60_000, timeoutMs: 3_000 },
  ]);
});

it('takes a key without a value as one that is not there', () => {
  expect(
    configOf(`${MINIMAL}    alerts:\n      # connections-total: {}\n    applications:\nservices:\n`).services,
  ).toEqual([]);
});

it('says so when there is no file', () => {
  const loaded = loadConfig({ path: resolve('/nowhere/breakwater.yaml'), env: MINIMAL_ENV, rules: RULES });
  expect(loaded).toMatchObject({
    ok: false,
    faults: [{ line: 1, column: 1, message: expect.stringContaining('cannot be read (ENOENT)') as string }],
  });
});
