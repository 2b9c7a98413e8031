import type { BotAlerts } from './bot-alerts.ts';
import { startBackups } from './bot-backups.ts';
import { attendConfirmations, openConfirmations, type Settled } from './bot-confirmations.ts';
import type { BotDatabase } from './bot-database.ts';
import type { BotStreams } from './bot-journal.ts';
import type { BotKubernetes } from './bot-kubernetes.ts';
import { startRecovery } from './bot-recovery.ts';
import { retellKill, summariseInterruption } from './bot-retelling.ts';
import type { Config } from './config/config.ts';
import type { Confirmation } from './confirmations/confirmation.ts';
import type { DiscordChannelActs } from './discord/channel-acts.ts';
import type { LevelRead } from './discord/member-levels.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';
import { createAlertOperations } from './operations/alert-operations.ts';
import { createOperations } from './operations/create-operations.ts';
import { createIncidentOperations } from './operations/incident-operations.ts';
import { createKillStale } from './operations/kill-stale.ts';
import type { Operations } from './operations/operations.ts';
import { chooseDatabase } from './operations/read-status.ts';
import type { Message } from './render/message.ts';

/** A thousand sessions take a second; the supervisor waits for more than this. */
const ACT_WITHIN_MS = 3_000;

/** Wires what people can do, and takes up what a former life was doing for them. */
export async function startResponding(options: {
  readonly config: Config;
  readonly databases: readonly BotDatabase[];
  /** Null: no cluster is configured. */
  readonly kubernetes: BotKubernetes | null;
  readonly alerts: BotAlerts;
  readonly streams: BotStreams;
  readonly acts: DiscordChannelActs;
  readonly readLevel: (memberId: string) => Promise<LevelRead>;
  readonly nameMembers: (memberIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<{ readonly operations: Operations; stop(): Promise<void> }> {
  const { config, databases, kubernetes, alerts, streams, acts, nameMembers, readLevel, clock, log } = options;
  const confirmations = await openConfirmations({ streams, clock, log });
  const killStale = createKillStale({ databases, confirmations, recorder: alerts.rooms, clock });

  async function settle(confirmation: Confirmation, signal: AbortSignal): Promise<Settled> {
    const found = await killStale.inspectInterrupted(confirmation, signal);
    return { outcome: { ...found }, ...summariseInterruption(found) };
  }

  const editMessage = async (channelId: string, messageId: string, message: Message): Promise<boolean> =>
    (await acts.editMessage(channelId, messageId, message)).kind !== 'failed';
  const backups = await startBackups({
    databases,
    jobs: kubernetes?.backups ?? null,
    streams,
    editMessage,
    recorder: alerts.rooms,
    clock,
    log,
  });
  const attending = attendConfirmations({
    desk: confirmations,
    settle,
    retell: (confirmation) => retellKill(killStale, confirmation),
    editMessage,
    recorder: alerts.rooms,
    clock,
    log,
  });
  const recovery = await startRecovery({ config, databases, kubernetes, alerts, streams, acts, readLevel, clock, log });
  const operations = createOperations(
    databases,
    {
      killStale,
      backups: backups.operations,
      recover: recovery.recover,
      alerts: createAlertOperations({
        desk: alerts.desk,
        applications: namesOfApplications(config),
        unseen: () => databases.filter((each) => each.source().blind !== null).map(({ name }) => name),
        clock,
      }),
      incidents: createIncidentOperations({
        desk: alerts.incidents,
        chooseDatabase: (name) => chooseDatabase(databases, name).name,
        nameMembers,
        clock,
      }),
    },
    clock,
  );
  return {
    operations,
    /** What is being carried out has a moment to end, so that the next life need not guess what became of it. */
    async stop() {
      const bound = new AbortController();
      await Promise.all([
        attending.stop(),
        backups.stop(),
        recovery.stop(),
        Promise.race([killStale.settled(), clock.sleep(ACT_WITHIN_MS, bound.signal)]),
      ]);
      bound.abort();
    },
  };
}

function namesOfApplications({ databases }: Config): readonly string[] {
  return [...new Set(databases.flatMap(({ applications }) => applications.map(({ name }) => name)))];
}
