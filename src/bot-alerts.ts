import { randomBytes } from 'node:crypto';
import { type Alert, letterId } from './alerts/alert.ts';
import { type AlertDesk, createAlertDesk } from './alerts/alert-desk.ts';
import { isWatched } from './alerts/is-watched.ts';
import type { Transition } from './alerts/lifecycle.ts';
import type { Rule } from './alerts/rule.ts';
import { type BotIncidents, startIncidents } from './bot-incidents.ts';
import type { BotStreams } from './bot-journal.ts';
import type { Config } from './config/config.ts';
import { createAnnouncer } from './delivery/announce-alerts.ts';
import type { ChannelActs } from './delivery/channel-acts.ts';
import { createDeliveryCounts } from './delivery/count-deliveries.ts';
import { createOutbox } from './delivery/create-outbox.ts';
import type { Outbox } from './delivery/outbox.ts';
import { createLetterRenderer, describeAlert } from './delivery/render-letter.ts';
import type { RecoveryTeller } from './delivery/tell-recoveries.ts';
import { createChannelTransport } from './discord/channel-transport.ts';
import { createRest } from './discord/rest.ts';
import { createWebhookTransport } from './discord/webhook-transport.ts';
import type { HolderReader } from './incidents/holders.ts';
import type { Incident } from './incidents/incident.ts';
import { createIncidentDesk, type IncidentDesk } from './incidents/incident-desk.ts';
import type { Clock } from './model/clock.ts';
import { EXTERNAL_SOURCES } from './model/external-alert.ts';
import type { Log } from './model/log.ts';
import type { Redactor } from './model/redact.ts';
import { OWN_SCOPE, type SourceState } from './model/source-state.ts';
import { renderLastWord } from './render/last-word.ts';
import type { MessageFile } from './render/message.ts';

/** A post that hangs must not hold up the next one for long; Discord answers in well under a second when it is well. */
const POST_WITHIN_MS = 5_000;

/** The end waits so long for it: the supervisor starts anew, and must not be kept from it. */
const LAST_WORD_MS = 2_500;
const NOT_WATCHED = 'No longer watched: its rule, database or service has left the configuration.';

export interface BotAlerts {
  readonly desk: AlertDesk;
  readonly incidents: IncidentDesk;
  /** What incidents and acts say in Discord. */
  readonly rooms: BotIncidents;
  readonly outbox: Outbox;
  /** What recoveries say that must not be lost; `rooms.whenRunPosted` tells where it stands. */
  readonly recoveries: RecoveryTeller;
  /** The thread of the incident that is open on a database; null where there is none. */
  threadOf(database: string): string | null;
  /** Attempts to post and to edit since the start, by outcome. */
  deliveries(): Readonly<Record<string, number>>;
  /** Since when the journal does not answer, and why; null while it does. */
  journalBlind(): SourceState['blind'];
  /** Whether the bot's own ways are open, with what is known of the gateway. */
  sources(gateway: SourceState['blind']): readonly SourceState[];
  /** The gateway, or the token, is dead for good: what waits goes out by the fallback webhook, if there is one. */
  tellByOtherWay(reason: string): void;
  stop(): Promise<void>;
}

/** Wires what remembers, decides and tells: the journal, the desk, the outbox; takes up what a former life left. */
export async function startAlerts(options: {
  readonly config: Config;
  readonly rules: readonly Rule[];
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly streams: BotStreams;
  readonly acts: ChannelActs;
  readonly paint: (alert: Alert) => Promise<MessageFile | null>;
  readonly readHolders: HolderReader;
}): Promise<BotAlerts> {
  const { config, rules, clock, log, redactor, streams, paint, readHolders } = options;
  const { discord, secrets } = config;
  const firstSteps = new Map(rules.map(({ id, firstStep }) => [id, firstStep]));
  const fallbackUrl = secrets.discordFallbackWebhookUrl;
  const token = secrets.discordToken.reveal();
  const counted = createDeliveryCounts();
  // A REST of its own for each lane: requests of one bucket wait for each other inside the client, rate limits too.
  const sender = () =>
    createRest({ apiUrl: discord.apiUrl, token, timeoutMs: POST_WITHIN_MS, longestWaitMs: 0, redactor });
  const transport = (rest: ReturnType<typeof sender>, channel: string) =>
    counted.count(createChannelTransport(rest, channel));
  const { alerts } = discord.channels;
  // Buckets are of one channel each: the others may share one.
  const others = sender();
  const fallback = fallbackUrl ? createWebhookTransport({ url: fallbackUrl, redactor }) : null;
  let lastWord: Promise<unknown> = Promise.resolve();
  // What the outbox and the desk tell before it is there, it asks for itself.
  let rooms: BotIncidents | null = null;
  const outbox = await createOutbox({
    journal: streams.outbox,
    transports: {
      critical: transport(sender(), alerts),
      normal: transport(sender(), alerts),
      elsewhere: (channel) => transport(others, channel),
    },
    onPosted: (id, messageId) => rooms?.posted(id, messageId),
    onGivenUp: (letter) => rooms?.givenUp(letter),
    fallback,
    render: createLetterRenderer({
      onCallRole: discord.roles.onCall,
      firstStepOf: (rule) => firstSteps.get(rule) ?? '',
      paint,
      readEvidence: (runId) => streams.readEvidence(runId),
      now: () => clock.now(),
    }),
    describe: describeAlert,
    clock,
    log,
    newNonce: () => randomBytes(12).toString('hex'),
    random: Math.random,
  });
  const desk = createAlertDesk({
    rules,
    alerts: streams.alerts,
    silences: streams.silences,
    past: streams.past,
    now: clock.now(),
    onTransitions: tell,
  });
  const incidents = createIncidentDesk({
    databases: config.databases.map(({ name }) => name),
    alerts: desk,
    readHolders,
    past: streams.incidents,
    openStream: (stream) => streams.open(stream),
    onChange: async (incident) => rooms?.keep(incident),
    log,
  });
  const openOn = (database: string): Incident | null =>
    incidents.list().find(({ closed, databases }) => closed === null && databases.includes(database)) ?? null;
  rooms = startIncidents({
    config,
    outbox,
    book: {
      openOn,
      recordAct: (event) => incidents.record(event),
      record(id, fact) {
        if (fact.type === 'thread') incidents.standsIn(id, fact, clock.now());
        else incidents.pinned(id, fact, clock.now());
      },
    },
    acts: options.acts,
    clock,
    log,
  });
  const announcer = createAnnouncer({ outbox, symptomsOf: (key) => desk.symptomsOf(key) });

  async function tell(transitions: readonly Transition[]): Promise<void> {
    for (const { kind, alert } of transitions) {
      if (kind === 'changed') continue;
      log.info({ alert: alert.key, severity: alert.severity, value: alert.finding.value }, kind);
    }
    announcer.announce(transitions.filter(({ alert }) => !isTooLateToTell(alert)));
    withoutHarm(() => incidents.take(transitions, clock.now()));
  }

  /** A fault of ours in keeping incidents must not end the alerting. */
  function withoutHarm(keep: () => void): void {
    try {
      keep();
    } catch (err) {
      log.error({ err }, 'a fault of ours in keeping incidents; alerts go on');
    }
  }

  /**
   * That Discord could not be reached is told by the outbox's note once it is over, with its beginning and its end: as an
   * alert it could only come late. Where there is another way to people, that tells it.
   */
  function isTooLateToTell({ rule, subject, state, id, post }: Alert): boolean {
    if (fallbackUrl || rule !== 'source-blind' || subject !== 'discord') return false;
    if (outbox.has(letterId({ id, post }) ?? '')) return false;
    return state === 'resolved' || outbox.health().silentSince !== null;
  }

  const settings = new Map(config.databases.map(({ name, alerts }) => [name, alerts]));
  const inCluster = config.kubernetes === undefined ? [] : config.databases;
  const workloads = new Map(
    inCluster.map(({ name, workload, dependents }) => [name, [...(workload ? [workload] : []), ...dependents]]),
  );
  const configured = { rules, settings, services: config.services, workloads, foreign: EXTERNAL_SOURCES };
  desk.retire((alert) => (isWatched(alert, configured) ? null : NOT_WATCHED), clock.now());
  announcer.reconcile(desk.firing(), desk.over());
  withoutHarm(() => incidents.reconcile(clock.now()));
  const incidentRooms = rooms;
  for (const incident of incidents.list()) incidentRooms.keep(incident);

  return {
    desk,
    incidents,
    rooms: incidentRooms,
    outbox,
    recoveries: incidentRooms.recoveries,
    threadOf: (database) => openOn(database)?.thread?.channelId ?? null,
    deliveries: () => counted.counts(),
    sources: (gateway) => {
      const { silentSince, reason } = outbox.health();
      // One message that does not get through while others do is no sign that Discord is away.
      const delivery = silentSince === null ? null : { since: silentSince, reason: reason ?? 'nothing is delivered' };
      // One blindness in two ways has one beginning.
      const since = Math.min(delivery?.since ?? Number.POSITIVE_INFINITY, gateway?.since ?? Number.POSITIVE_INFINITY);
      const discord = delivery ?? gateway;
      return [
        { database: OWN_SCOPE, name: 'discord', blind: discord && { ...discord, since } },
        { database: OWN_SCOPE, name: 'journal', blind: streams.blindSince() },
      ];
    },
    journalBlind: () => streams.blindSince(),
    tellByOtherWay(reason) {
      outbox.gatewayDead(reason);
      if (fallback) lastWord = Promise.race([fallback.send(renderLastWord(reason)), clock.sleep(LAST_WORD_MS)]);
    },
    async stop() {
      try {
        await lastWord;
        await desk.settled();
        await incidents.settled();
        await incidentRooms.stop();
      } finally {
        await outbox.stop();
      }
    },
  };
}
