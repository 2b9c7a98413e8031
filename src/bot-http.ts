import { randomBytes } from 'node:crypto';
import { hasRoomFor, judgeExternal } from './alerts/external-findings.ts';
import type { BotAlerts } from './bot-alerts.ts';
import type { BotDatabase } from './bot-database.ts';
import type { Config } from './config/config.ts';
import type { Clock } from './model/clock.ts';
import { decideReadiness, type HealthReport } from './model/health.ts';
import type { Log } from './model/log.ts';
import type { Redactor } from './model/redact.ts';
import type { ServiceState } from './model/service-state.ts';
import { keepBeating } from './probes/keep-beating.ts';
import { probeService } from './probes/probe-service.ts';

/** Wires what the outside asks of the bot: health, metrics, webhooks, and the heartbeat that it sends itself. */
export async function startHttp(options: {
  readonly config: Config;
  readonly version: string;
  readonly databases: readonly BotDatabase[];
  readonly alerts: BotAlerts;
  readonly services: { states(): readonly ServiceState[] };
  /** When Discord acknowledged the newest heartbeat, on whichever connection; null before the first. */
  readonly acknowledgedAt: () => number | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
}): Promise<{ stop(): Promise<void> }> {
  const { config, version, databases, alerts, services, acknowledgedAt, clock, log, redactor } = options;
  const startedAt = clock.now();

  function readHealth(): HealthReport {
    const facts = {
      startedAt,
      gateway: { acknowledgedAt: acknowledgedAt() },
      delivery: alerts.outbox.health(),
      journal: alerts.journalBlind(),
      databases: databases.map((database) => database.look()),
    };
    return decideReadiness(facts, clock.now());
  }

  function readMetrics() {
    const now = clock.now();
    const { oldestWaitingMs, silentSince } = alerts.outbox.health();
    return {
      now,
      startedAt,
      version,
      databases: databases.map((database) => database.figures()),
      alerts: alerts.desk.living(),
      services: services.states(),
      health: readHealth(),
      gateway: { acknowledgedAt: acknowledgedAt() },
      outbox: {
        waiting: alerts.outbox.waiting(),
        oldestAt: oldestWaitingMs === null ? null : now - oldestWaitingMs,
        silentSince,
      },
      deliveries: alerts.deliveries(),
      journalWritable: alerts.journalBlind() === null,
    };
  }

  // First, since it may throw, and nobody would stop the heart.
  const server = config.http ? await serve(config.http) : null;
  const heart = config.heartbeat
    ? keepBeating({
        ...config.heartbeat,
        isWell: () => wellnessOf(readHealth()),
        request: probeService,
        clock,
        log,
      })
    : null;

  async function serve(listen: NonNullable<Config['http']>) {
    // Loaded here, so that a bot that serves nothing does not pay for prom-client.
    const { startHttpServer } = await import('./http/start-http-server.ts');
    return startHttpServer({
      listen,
      webhookToken: config.secrets.webhookToken,
      databases: databases.map(({ name }) => name),
      readHealth,
      readMetrics,
      async acceptAlerts(received) {
        if (!hasRoomFor(received, alerts.desk.living())) throw new Error('too many alerts of others live already');
        alerts.desk.take(judgeExternal(received, alerts.desk.living()), clock.now());
        await alerts.desk.settled();
        return alerts.journalBlind() === null ? 'durable' : 'later';
      },
      clock,
      log,
      redactor,
      newReference: () => randomBytes(4).toString('hex'),
    });
  }

  return {
    async stop() {
      await Promise.all([server?.stop(), heart?.stop()]);
    },
  };
}

function wellnessOf({ parts }: HealthReport) {
  const faults = parts.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  return faults.length === 0 ? ({ ok: true } as const) : ({ ok: false, reasons: faults } as const);
}
