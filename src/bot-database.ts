import type { ConnectionOptions } from 'node:tls';
import type { AlertDesk } from './alerts/alert-desk.ts';
import type { Alert } from './alerts/lifecycle.ts';
import type { Rule } from './alerts/rule.ts';
import { totalThresholds } from './alerts/total-thresholds.ts';
import type { DatabaseConfig, DatabaseSecrets } from './config/config.ts';
import { createAnnouncer } from './delivery/announce-alerts.ts';
import type { MessageBoard } from './delivery/message-board.ts';
import type { Clock } from './model/clock.ts';
import { createHistory } from './model/history.ts';
import type { Log } from './model/log.ts';
import { unseen } from './model/observed.ts';
import type { MissingPrivilege } from './model/server-facts.ts';
import type { Snapshot } from './model/snapshot.ts';
import { tallyApplications } from './model/tally.ts';
import type { WatchedDatabase } from './operations/read-status.ts';
import { createDatabaseSource } from './postgres/create-database-source.ts';
import { paintConnectionChart } from './render/connection-chart-file.ts';
import type { MessageFile } from './render/message.ts';
import { decideSamplingInterval } from './watch/sampling-interval.ts';
import { watchDatabase } from './watch/watch-database.ts';

/** What charts look back on (product.md §4); one point a second. */
const HISTORY = { bucketMs: 1_000, spanMs: 30 * 60_000 } as const;

export interface BotDatabase extends WatchedDatabase {
  close(): Promise<void>;
}

/** Wires one database: its source, its watch, and what follows from each snapshot. */
export function startDatabase(options: {
  readonly database: DatabaseConfig;
  /** `connection.ssl`, its files read; absent means plaintext. */
  readonly tls: ConnectionOptions | undefined;
  readonly secrets: DatabaseSecrets | undefined;
  readonly onCallRole: string | undefined;
  readonly rules: readonly Rule[];
  readonly desk: AlertDesk;
  readonly board: MessageBoard;
  readonly clock: Clock;
  readonly log: Log;
}): BotDatabase {
  const { database, tls, secrets, onCallRole, rules, desk, board, clock, log } = options;
  const { name, applications, sampling } = database;
  const history = createHistory(HISTORY);
  let missingBefore = '';
  const source = createDatabaseSource({
    connection: { ...database.connection, password: secrets?.password?.reveal(), ssl: tls },
    canary: database.canary && { ...database.canary, password: secrets?.canaryPassword?.reveal() },
    clock,
    log: nameDatabase(log, name),
    random: Math.random,
  });
  const firstSteps = new Map(rules.map(({ id, firstStep }) => [id, firstStep]));
  const announce = createAnnouncer({
    board,
    onCallRole,
    firstStepOf: (rule) => firstSteps.get(rule) ?? '',
    paint,
    now: () => clock.now(),
  });
  const watch = watchDatabase({
    database: name,
    source,
    canary: database.canary !== undefined,
    clock,
    log,
    onSnapshot,
  });

  function onSnapshot(snapshot: Snapshot): number {
    const { sessions, server } = snapshot;
    if (server.ok) sayWhatIsMissing(server.value.missingPrivileges);
    const tallies = sessions.ok ? tallyApplications(sessions.value, applications) : null;
    history.record(sessions.at, tallies && new Map(tallies.map((tally) => [tally.name, tally.count])));
    const { transitions, closeness } = desk.take(
      {
        snapshot,
        applications,
        protect: database.protect,
        trend: { totals: [], forecast: { kind: 'unknown', reason: 'not looked at yet' } },
        activity: unseen('not read', snapshot.at),
        dependents: [],
      },
      clock.now(),
    );
    for (const { kind, alert } of transitions) {
      if (kind !== 'changed')
        log.info({ alert: alert.key, severity: alert.severity, value: alert.finding.value }, kind);
    }
    announce(transitions);
    return decideSamplingInterval(sessions.ok ? closeness : null, sampling);
  }

  /** Once, and again when it changes: a grant, or a promotion to another server. */
  function sayWhatIsMissing(missing: readonly MissingPrivilege[]): void {
    const now = missing.map(({ privilege }) => privilege).join();
    if (now === missingBefore) return;
    missingBefore = now;
    for (const { privilege, consequence, remedy, countsAreLow } of missing) {
      const fields = { database: name, privilege, consequence, remedy };
      if (countsAreLow) log.error(fields, 'the role lacks a privilege: its numbers are too low');
      else log.warn(fields, 'the role lacks a privilege');
    }
  }

  async function paint({ rule, subject, firedAt }: Alert): Promise<MessageFile | null> {
    const painted = await paintConnectionChart({
      database: name,
      at: clock.now(),
      snapshot: watch.latest(),
      history,
      configured: applications,
      fireAt: fireAt(),
      ...(rule === 'connections-application' && { focus: subject }),
      ...(firedAt !== null && { firedAt }),
    });
    if (painted.ok) return painted.file;
    log.warn({ reason: painted.reason, database: name }, 'the chart cannot be drawn; the alert goes without it');
    return null;
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
    fireAt,
    firing: () =>
      desk.firing(name).map(({ rule, severity, finding, firedAt, since }) => ({
        rule,
        severity,
        headline: finding.headline,
        firedAt: firedAt ?? since,
      })),
    async close() {
      await watch.stop();
      await source.close();
    },
  };
}

/** The source's lines say of which database they are. */
function nameDatabase(log: Log, database: string): Log {
  return {
    debug: (fields, message) => log.debug({ database, ...fields }, message),
    info: (fields, message) => log.info({ database, ...fields }, message),
    warn: (fields, message) => log.warn({ database, ...fields }, message),
    error: (fields, message) => log.error({ database, ...fields }, message),
  };
}
