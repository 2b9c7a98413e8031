import type { Alert } from './alerts/alert.ts';
import type { AlertDesk } from './alerts/alert-desk.ts';
import { closenessOf } from './alerts/closeness.ts';
import { judgeDatabase } from './alerts/judge-views.ts';
import type { Rule } from './alerts/rule.ts';
import { totalThresholds } from './alerts/total-thresholds.ts';
import type { BotKubernetes } from './bot-kubernetes.ts';
import { type DatabaseLogin, openDatabase } from './bot-login.ts';
import { startPlace } from './bot-place.ts';
import type { DatabaseConfig } from './config/config.ts';
import type { DatabaseFigures } from './http/metrics/metrics-source.ts';
import type { Admission } from './model/admission.ts';
import { usableConnections } from './model/capacity.ts';
import type { Clock } from './model/clock.ts';
import type { DatabaseRecovery, PoolerConsole } from './model/database-recovery.ts';
import type { HealthFacts } from './model/health.ts';
import { createHistory, LAST_HOURS } from './model/history.ts';
import type { Log } from './model/log.ts';
import { type Observed, unseen } from './model/observed.ts';
import { readTrend } from './model/read-trend.ts';
import type { MissingPrivilege } from './model/server-facts.ts';
import type { Service } from './model/service-state.ts';
import type { Snapshot } from './model/snapshot.ts';
import type { SourceState } from './model/source-state.ts';
import { reportOrphans } from './model/summarise-orphans.ts';
import { tallyApplications } from './model/tally.ts';
import type { ActingDatabase } from './operations/kill-stale-parts.ts';
import type { WatchedDatabase } from './operations/read-status.ts';
import { paintConnectionChart } from './render/connection-chart-file.ts';
import type { MessageFile } from './render/message.ts';
import { decideSamplingInterval } from './watch/sampling-interval.ts';
import { type SnapshotAnswer, watchDatabase } from './watch/watch-database.ts';

export interface BotDatabase extends WatchedDatabase, ActingDatabase {
  readonly backup: DatabaseConfig['backup'];
  readonly watch: WatchedDatabase['watch'];
  readonly actions: ActingDatabase['actions'];
  readonly recovery: DatabaseRecovery;
  /** Null: no PgBouncer is configured. */
  readonly pooler: PoolerConsole | null;
  /** A fresh, ordinary connection, now; unseen where no canary role is configured. */
  admit(): Promise<Observed<Admission>>;
  /** Whether the bot sees it. */
  source(): SourceState;
  /** When it was last looked at, seen or not; null before the first look. */
  look(): HealthFacts['databases'][number];
  /** Its numbers as they are known, for metrics. */
  figures(): DatabaseFigures;
  /** The chart that goes with an alert on it; null when it cannot be drawn. */
  paint(alert: Alert): Promise<MessageFile | null>;
  close(): Promise<void>;
}

/** Wires one database: its source, its watch, and what follows from each snapshot. */
export function startDatabase(options: {
  readonly database: DatabaseConfig;
  readonly tls: DatabaseLogin['tls'];
  readonly secrets: DatabaseLogin['secrets'];
  /** Null: no cluster is configured. */
  readonly kubernetes: BotKubernetes | null;
  readonly rules: readonly Rule[];
  /** The services that cannot work without it. */
  readonly dependents: readonly Service[];
  readonly desk: AlertDesk;
  readonly clock: Clock;
  readonly log: Log;
}): BotDatabase {
  const { database, tls, secrets, kubernetes, rules, dependents, desk, clock } = options;
  const { name, applications, sampling, protect } = database;
  const log = nameDatabase(options.log, name);
  const history = createHistory(LAST_HOURS);
  let missingBefore = '';
  let lastSample: Snapshot['sessions'] = unseen('not sampled yet', clock.now());
  let lookedAt: number | null = null;
  let judged: Snapshot['sessions'] | null = null;
  let blind: SourceState['blind'] = { since: clock.now(), reason: 'not sampled yet' };
  const { source, actions, recovery, pooler } = openDatabase({ database, tls, secrets, clock, log });
  const watch = watchDatabase({
    database: name,
    source,
    canary: database.canary !== undefined,
    clock,
    log: options.log,
    onSnapshot,
  });

  const place =
    kubernetes &&
    startPlace({
      database,
      kubernetes,
      ...kubernetes,
      actions,
      reportOrphans,
      sessions: () => watch.latest().sessions,
      clock,
    });

  function onSnapshot(snapshot: Snapshot): SnapshotAnswer {
    const { sessions, server } = snapshot;
    // Before the first one, and after an outage, nobody's sessions could be counted.
    if (sessions.ok && blind !== null) place?.recount();
    if (server.ok) sayWhatIsMissing(server.value.missingPrivileges);
    const tallies = sessions.ok ? tallyApplications(sessions.value, applications) : null;
    history.record(sessions.at, tallies && new Map(tallies.map((tally) => [tally.name, tally.count])));
    const now = clock.now();
    // The first snapshot of a sample; later ones carry other news.
    if (sessions !== judged) lookedAt = now;
    judged = sessions;
    if (sessions.ok) lastSample = sessions;
    blind = sessions.ok ? null : { since: blind?.since ?? now, reason: sessions.reason };
    const trend = trendNow(snapshot, now);
    const activity = watch.activity();
    const view = { snapshot, applications, protect, trend, activity, dependents };
    const judgements = judgeDatabase(rules, view, database.alerts);
    desk.take(judgements, now);
    const closeness = sessions.ok ? closenessOf(judgements, rules) : null;
    return {
      intervalMs: decideSamplingInterval({ closeness, forecast: trend.forecast, sampling }),
      // Who exactly it is: worth a row per session only while something fires.
      wantsActivity: judgements.some(({ findings }) => findings.some(({ standing }) => standing === 'firing')),
    };
  }

  function trendNow({ server }: Snapshot, now: number) {
    return readTrend(history, server.ok ? usableConnections(server.value.capacity) : null, now);
  }

  /** Once, and again when it changes: a grant, or a promotion to another server. */
  function sayWhatIsMissing(missing: readonly MissingPrivilege[]): void {
    const now = missing.map(({ privilege }) => privilege).join();
    if (now === missingBefore) return;
    missingBefore = now;
    for (const { privilege, consequence, remedy, countsAreLow } of missing) {
      const fields = { privilege, consequence, remedy };
      if (countsAreLow) log.error(fields, 'the role lacks a privilege: its numbers are too low');
      else log.warn(fields, 'the role lacks a privilege');
    }
  }

  function fireAt(): number | null {
    const { server } = watch.latest();
    const rule = database.alerts['connections-total'];
    return server.ok && rule?.enabled ? totalThresholds(rule, server.value.capacity).fireAt : null;
  }

  return {
    name,
    applications,
    watch,
    history,
    protect,
    actions: {
      ...actions,
      async terminate(targets) {
        const report = await actions.terminate(targets);
        place?.recount();
        return report;
      },
    },
    recovery,
    pooler,
    admit: () => source.probeAdmission(),
    cluster: kubernetes,
    backup: database.backup,
    place: () => place?.place() ?? null,
    lastSample: () => lastSample,
    fireAt,
    firing: () =>
      desk
        .firing()
        .filter((alert) => alert.database === name)
        .map(({ rule, severity, finding, firedAt, since, acknowledged, silenced }) => ({
          rule,
          severity,
          headline: finding.headline,
          firedAt: firedAt ?? since,
          ownedBy: acknowledged?.by ?? null,
          silenced: silenced !== null,
        })),
    figures: () => {
      const snapshot = watch.latest();
      const { forecast } = trendNow(snapshot, clock.now());
      return {
        snapshot,
        applications,
        forecast,
        sampledAt: lastSample.ok ? lastSample.at : null,
        sampleMs: watch.sampleMs(),
        place: place?.place() ?? null,
      };
    },
    silences: () => desk.silences(clock.now()).length,
    look: () => ({ name, lookedAt, everyMs: sampling.calmMs }),
    source: () => ({ database: name, name: 'postgres', blind }),
    async paint({ rule, subject, firedAt }) {
      const painted = await paintConnectionChart({
        database: name,
        at: clock.now(),
        snapshot: watch.latest(),
        history,
        configured: applications,
        fireAt: fireAt(),
        forecast: trendNow(watch.latest(), clock.now()).forecast,
        ...(rule === 'connections-application' && { focus: subject }),
        ...(firedAt !== null && { firedAt }),
      });
      if (painted.ok) return painted.file;
      log.warn({ reason: painted.reason }, 'the chart cannot be drawn; the alert goes without it');
      return null;
    },
    async close() {
      await Promise.all([watch.stop(), place?.stop()]);
      await Promise.all([source.close(), actions.close()]);
    },
  };
}

/** The lines say of which database they are. */
function nameDatabase(log: Log, database: string): Log {
  return {
    debug: (fields, message) => log.debug({ database, ...fields }, message),
    info: (fields, message) => log.info({ database, ...fields }, message),
    warn: (fields, message) => log.warn({ database, ...fields }, message),
    error: (fields, message) => log.error({ database, ...fields }, message),
  };
}
