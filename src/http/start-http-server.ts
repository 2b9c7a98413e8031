import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../model/clock.ts';
import type { ExternalAlert } from '../model/external-alert.ts';
import type { HealthReport } from '../model/health.ts';
import type { Log } from '../model/log.ts';
import type { Redactor } from '../model/redact.ts';
import type { Secret } from '../model/secret.ts';
import { answerLive, answerReady } from './answer-health.ts';
import { createHandler } from './create-handler.ts';
import { describeListenFault } from './describe-listen-fault.ts';
import { createMetricsAnswer } from './metrics/answer-metrics.ts';
import type { MetricsSource } from './metrics/metrics-source.ts';
import { createWebhookCounts } from './metrics/webhook-counts.ts';
import { createSparing } from './sparing.ts';
import { alertmanagerWebhook } from './webhooks/alertmanager.ts';
import { grafanaWebhook } from './webhooks/grafana.ts';
import { createWebhookReceiver } from './webhooks/receive-webhook.ts';

export interface HttpServer {
  /** Where it listens; the port that was found where 0 was asked for. */
  readonly host: string;
  readonly port: number;
  /** Ends within a second, whatever is open: what is being answered has half of it. */
  stop(): Promise<void>;
}

export interface HttpServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Undefined: every webhook is refused. */
  readonly webhookToken: Secret | undefined;
  /** The names of the watched databases. */
  readonly databases: readonly string[];
  /** Neither may wait for PostgreSQL or Discord: they tell what is known. */
  readonly readHealth: () => HealthReport;
  readonly readMetrics: () => MetricsSource;
  /**
   * Takes the alerts of others over, in order: `durable` once they are in the journal, `later` when they go on without
   * it. Rejects when the sender must send them again.
   */
  readonly acceptAlerts: (alerts: readonly ExternalAlert[]) => Promise<'durable' | 'later'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly newReference: () => string;
  /** Looks through every answer. */
  readonly redactor?: Redactor;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpLimits {
  /** For all of a request's head, and for all of the request. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** A connection on which nothing moves. */
  readonly idleMs: number;
  readonly connections: number;
  readonly headerBytes: number;
}

const LIMITS: HttpLimits = {
  headersMs: 5_000,
  requestMs: 10_000,
  idleMs: 15_000,
  connections: 100,
  headerBytes: 16 << 10,
};
const GRACE_MS = 500;

/** Serves health, metrics and webhooks. Rejects with a UserFacingError when it cannot listen there. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { listen, readHealth, readMetrics, clock, log } = options;
  const limits = { ...LIMITS, ...options.limits };
  const webhooks = createWebhookCounts();
  const receive = createWebhookReceiver({
    token: options.webhookToken,
    databases: options.databases,
    accept: options.acceptAlerts,
    clock,
    log,
    onOutcome: (source, outcome) => webhooks.count(source, outcome),
  });
  const handle = createHandler({
    routes: {
      '/livez': { method: 'GET', answer: answerLive },
      '/readyz': { method: 'GET', answer: () => answerReady(readHealth()) },
      '/metrics': { method: 'GET', answer: createMetricsAnswer(readMetrics, () => webhooks.read()) },
      '/webhooks/alertmanager': { method: 'POST', answer: (request) => receive(request, alertmanagerWebhook) },
      '/webhooks/grafana': { method: 'POST', answer: (request) => receive(request, grafanaWebhook) },
    },
    clock,
    log,
    newReference: options.newReference,
    redactor: options.redactor,
  });
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
      maxHeaderSize: limits.headerBytes,
    },
    (request, response) => void handle(request, response),
  );
  server.timeout = limits.idleMs;
  server.maxConnections = limits.connections;
  const maySayFull = createSparing(clock);
  server.on('drop', () => {
    if (maySayFull()) log.warn({ connections: limits.connections }, 'too many HTTP connections: some are cut');
  });
  const { address, port } = await listenOn(server, listen);
  server.on('error', (err) => log.error({ err }, 'the HTTP server has a fault'));
  log.info({ address, port }, 'serving health, metrics and webhooks');

  return { host: address, port, stop: () => stopServer(server, clock) };
}

async function listenOn(server: Server, listen: HttpServerOptions['listen']): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: listen.host, port: listen.port }, resolve);
  try {
    await promise;
  } catch (error) {
    throw describeListenFault(error, listen);
  }
  server.off('error', reject);
  return server.address() as AddressInfo;
}

async function stopServer(server: Server, clock: Clock): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const over = new AbortController();
  await Promise.race([closed, clock.sleep(GRACE_MS, over.signal)]);
  over.abort();
  server.closeAllConnections();
  await closed;
}
