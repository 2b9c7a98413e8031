import { randomBytes } from 'node:crypto';
import type { BotStreams } from './bot-journal.ts';
import type { Confirmation, ConfirmationDesk, Expired, LooseEnd } from './confirmations/confirmation.ts';
import { createConfirmationDesk, OVER_KEPT } from './confirmations/confirmation-desk.ts';
import type { ActFact, ActRecorder } from './incidents/timeline.ts';
import type { Json } from './journal/journal.ts';
import type { Clock } from './model/clock.ts';
import type { Log } from './model/log.ts';
import { renderExpired, renderInterrupted } from './render/confirmation-message.ts';
import type { Message } from './render/message.ts';

/** What the world says about an act that was interrupted. */
export interface Settled {
  /** Kept in the journal as what became of it. */
  readonly outcome: Json;
  /** In one line, with what is known and what is not: "12 of 45 sessions are gone, 33 are still there". Plain text. */
  readonly summary: string;
  readonly figures?: Readonly<Record<string, number>>;
}

/** What is told of an end once more, after the life that saw it ended. */
export interface Retold extends Pick<Settled, 'summary' | 'figures'> {
  readonly message: Message;
}

/** A preview that expires while nobody looks may stand for a second more; a click on it is refused in time anyway. */
const TICK_MS = 1_000;
/** Discord may be away just then; after the last one the buttons stand, and a click on them is refused with the reason. */
const EDIT_AFTER_MS = [0, 5_000, 30_000, 120_000, 600_000] as const;
/** What a database or Discord still answers by then is heard; the next life takes up the rest. */
const STOP_WITHIN_MS = 2_000;

/** The desk over the streams `runs/<id>`, with what the newest of them remember. */
export async function openConfirmations(options: {
  readonly streams: Pick<BotStreams, 'open' | 'release' | 'readNewest' | 'fenced'>;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<ConfirmationDesk> {
  const { streams, clock, log } = options;
  const past = await streams.readNewest('runs/', OVER_KEPT);
  return createConfirmationDesk({
    runs: {
      async write(id, events) {
        const written = await streams.open(`runs/${id}`).write(events);
        return streams.fenced() ? 'fenced' : written;
      },
      close: (id) => streams.release(`runs/${id}`),
    },
    past,
    newId: () => randomBytes(5).toString('hex'),
    clock,
    log,
  });
}

/**
 * Lets previews expire on a clock, and takes up what a former life left: what it showed loses its buttons, and of what it
 * was carrying out the world is asked and the members are told. Nothing is carried out again.
 */
export function attendConfirmations(options: {
  readonly desk: ConfirmationDesk;
  /** Looks what became of an act; within deadlines of its own, and with what is not known said. */
  readonly settle: (confirmation: Confirmation, signal: AbortSignal) => Promise<Settled>;
  /** What there is to record and to show of one that is over; null where nobody can tell any more. */
  readonly retell: (confirmation: Confirmation) => Promise<Retold | null>;
  /** Whether nothing is left to do: it is edited, or never can be. Never throws. */
  readonly editMessage: (channelId: string, messageId: string, message: Message) => Promise<boolean>;
  readonly recorder: ActRecorder;
  readonly clock: Clock;
  readonly log: Log;
}): { stop(): Promise<void> } {
  const { desk, settle, retell, editMessage, recorder, clock, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const underWay = new Set<Promise<void>>();

  async function expire(): Promise<void> {
    while (!signal.aborted) {
      for (const expired of desk.expireDue(clock.now())) begin(tellExpired(expired));
      await clock.sleep(TICK_MS, signal);
    }
  }

  async function tellExpired({ confirmation, orphaned }: Expired): Promise<void> {
    await record(confirmation, confirmation);
    if (orphaned) await edit(confirmation, renderExpired(confirmation));
  }

  async function takeUp(confirmation: Confirmation): Promise<void> {
    log.warn({ run: confirmation.id, act: confirmation.act }, 'the bot ended while this was carried out');
    const settled = await settle(confirmation, signal).catch((err: unknown): Settled => {
      log.error({ err, run: confirmation.id }, 'what became of an interrupted act cannot be found out');
      return { outcome: null, summary: 'nothing: what became of it could not be found out' };
    });
    // Then the next life takes it up.
    if (signal.aborted) return;
    const ended = await desk.settleInterrupted(confirmation.id, settled.outcome);
    await record(ended, settled);
    await edit(ended, renderInterrupted(ended, settled.summary));
  }

  /** The bot ended, or Discord was away, between the end and its telling: no message must say "under way" for ever. */
  async function tieUp({ confirmation, recorded, told }: LooseEnd): Promise<void> {
    const retold = await retell(confirmation);
    if (retold === null) return;
    if (!recorded) await record(confirmation, retold);
    if (!told) await edit(confirmation, retold.message);
  }

  /** Of one that is over, as it ended. */
  async function record(confirmation: Confirmation, { summary, figures }: Pick<Settled, 'summary' | 'figures'>) {
    const { id, act, database, state } = confirmation;
    if (state.kind === 'open' || state.kind === 'claimed') return;
    const fact: ActFact = {
      type: 'act',
      act,
      database,
      stage: state.kind,
      confirmation: id,
      summary,
      ...(figures && { figures }),
    };
    const by = state.kind === 'done' || state.kind === 'cancelled' ? state.by : null;
    await recorder.record({ at: 'endedAt' in state ? state.endedAt : state.at, by, fact });
    desk.seenTo(id, 'recorded');
  }

  async function edit({ id, shownAt }: Confirmation, message: Message): Promise<void> {
    if (shownAt === null) return;
    for (const ms of EDIT_AFTER_MS) {
      if (ms > 0) await clock.sleep(ms, signal);
      if (signal.aborted) return;
      if (await editMessage(shownAt.channelId, shownAt.messageId, message)) return desk.seenTo(id, 'told');
    }
    log.warn({ run: id, ...shownAt }, 'a message keeps its buttons: Discord could not be told');
  }

  function begin(task: Promise<void>): void {
    const guarded = task
      .catch((err: unknown) => log.error({ err }, 'a confirmation that is over could not be told'))
      .finally(() => underWay.delete(guarded));
    underWay.add(guarded);
  }

  // Before anything else ends, which is seen to by whoever ends it.
  for (const end of desk.looseEnds()) begin(tieUp(end));
  const running = expire();
  for (const confirmation of desk.interrupted()) begin(takeUp(confirmation));
  return {
    async stop() {
      stopping.abort();
      await running;
      const bound = new AbortController();
      await Promise.race([Promise.all(underWay), clock.sleep(STOP_WITHIN_MS, bound.signal)]);
      bound.abort();
    },
  };
}
