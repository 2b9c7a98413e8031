import type { Config } from './config/config.ts';
import type { ChannelActs } from './delivery/channel-acts.ts';
import { createIncidentRooms } from './delivery/keep-incident-rooms.ts';
import type { GivenUp, Outbox } from './delivery/outbox.ts';
import { createActTeller } from './delivery/tell-acts.ts';
import { createCheckTeller } from './delivery/tell-checks.ts';
import { createRecoveryTeller, type PostedRun, type RecoveryTeller } from './delivery/tell-recoveries.ts';
import type { Incident } from './incidents/incident.ts';
import type { ActRecorder, TimelineFact } from './incidents/timeline.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';

export type RoomFact = Extract<TimelineFact, { type: 'thread' | 'pin' }>;

/** What is needed of the desk of incidents. */
export interface IncidentBook {
  /** The incident that is open on a database. */
  openOn(database: string): Incident | null;
  /** Into the incident that is open on the event's database, if one is; resolves when it is durable, or the journal is known to be away. */
  recordAct(event: Parameters<ActRecorder['record']>[0]): Promise<unknown>;
  /** A fact of Breakwater's own, now. */
  record(incidentId: string, fact: RoomFact): void;
}

export interface BotIncidents extends ActRecorder {
  /** An incident's newest state, from the desk; at start all that are open or were closed lately. */
  keep(incident: Incident): void;
  posted(letterId: string, messageId: string): void;
  givenUp(letter: GivenUp): void;
  /** Tells of recoveries what must not be lost. */
  readonly recoveries: RecoveryTeller;
  /** Told where a run's new message stands; what was posted before is told at once. */
  whenRunPosted(take: (place: PostedRun) => void): void;
  /** For whether an answer is seen by everybody there. */
  isIncidentThread(channelId: string): boolean;
  stop(): Promise<void>;
}

/** Wires what incidents and acts say in Discord to the book that keeps them. */
export function startIncidents(options: {
  readonly config: Config;
  readonly outbox: Outbox;
  readonly book: IncidentBook;
  readonly acts: ChannelActs;
  readonly clock: Clock;
  readonly log: Log;
}): BotIncidents {
  const { config, outbox, book, acts, clock, log } = options;
  const { channels } = config.discord;
  const teller = createActTeller({ outbox, channels });
  const checks = createCheckTeller({ outbox, channels });
  const recoveries = createRecoveryTeller({ outbox, channels });
  const early: PostedRun[] = [];
  let takeRun = (place: PostedRun): void => void early.push(place);
  const rooms = createIncidentRooms({
    outbox,
    acts,
    alertChannel: channels.alerts,
    record: async (incidentId, fact) => book.record(incidentId, fact),
    clock,
    log,
  });
  return {
    keep: (incident) => rooms.keep(incident),
    posted(letterId, messageId) {
      rooms.posted(letterId, messageId);
      const run = recoveries.posted(letterId, messageId);
      if (run !== null) takeRun(run);
    },
    givenUp(letter) {
      rooms.givenUp(letter);
      teller.givenUp(letter);
      checks.givenUp(letter);
      recoveries.givenUp(letter);
    },
    recoveries,
    whenRunPosted(take) {
      takeRun = take;
      for (const place of early.splice(0)) take(place);
    },
    isIncidentThread: (channelId) => rooms.isThread(channelId),
    async record(event) {
      // The outbox is durable by itself: an audit that waited for the incident would be lost with it.
      const { fact, ...when } = event;
      if (fact.type === 'act') teller.tell({ ...when, fact }, book.openOn(fact.database) !== null);
      await book.recordAct(event);
    },
    stop: () => rooms.stop(),
  };
}
