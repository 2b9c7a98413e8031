import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { MetricsSource } from '../../src/http/metrics/metrics-source.ts';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../src/http/start-http-server.ts';
import type { ExternalAlert } from '../../src/model/external-alert.ts';
import { createSecret } from '../../src/model/secret.ts';
import { NOW } from '../support/builders.ts';
import { createMovableClock, type MovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';

export const TOKEN = 'a-webhook-token';

export interface TestServer extends HttpServer {
  readonly log: ReturnType<typeof createRecordedLog>;
  readonly clock: MovableClock;
  /** What was handed over, call by call. */
  readonly accepted: (readonly ExternalAlert[])[];
  get(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The real server on a free port; what it is given is calm and can be changed. */
export async function startServer(options: Partial<HttpServerOptions> = {}): Promise<TestServer> {
  const log = createRecordedLog();
  const clock = createMovableClock();
  const accepted: (readonly ExternalAlert[])[] = [];
  const server = await startHttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    webhookToken: createSecret(TOKEN),
    databases: ['main'],
    readHealth: () => ({ parts: [{ name: 'gateway', ok: true, detail: 'fine' }] }),
    readMetrics: () => metricsSource(),
    async acceptAlerts(alerts) {
      accepted.push(alerts);
      return 'durable';
    },
    clock,
    log,
    newReference: () => 'ref-1',
    ...options,
  });
  const base = `http://127.0.0.1:${server.port}`;
  return {
    ...server,
    log,
    clock,
    accepted,
    get: (path, init) => fetch(base + path, init),
    post: (path, body, headers = { authorization: `Bearer ${TOKEN}` }) =>
      fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** A connection by hand: what it has received so far, and its end. */
export async function dial(port: number): Promise<Socket & { readonly closed$: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString('utf8')));
  socket.on('error', () => undefined); // a reset is one way to be closed
  const closed$ = once(socket, 'close').then(() => received);
  await once(socket, 'connect');
  return Object.assign(socket, { closed$ });
}

export function metricsSource(parts: Partial<MetricsSource> = {}): MetricsSource {
  return {
    now: NOW,
    startedAt: NOW - 60_000,
    version: '0.1.0',
    databases: [],
    alerts: [],
    services: [],
    health: { parts: [] },
    gateway: { acknowledgedAt: NOW - 1_000 },
    outbox: { waiting: 0, oldestAt: null, silentSince: null },
    deliveries: {},
    journalWritable: true,
    ...parts,
  };
}

/** One alert as Alertmanager 0.25 sends it. */
export function alertPayload(parts: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    status: 'firing',
    labels: { alertname: 'DiskFull', instance: 'node-1:9100', severity: 'critical' },
    annotations: { summary: 'The disk of node-1 is full', description: '97 % of /var are in use.' },
    startsAt: '2020-12-11T13:20:00.123456789Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.org:9090/graph?g0.expr=up',
    fingerprint: 'c6eadffa33fcdf37',
    ...parts,
  };
}
