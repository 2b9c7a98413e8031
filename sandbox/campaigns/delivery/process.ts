import { createOutbox } from '../../../src/delivery/create-outbox.ts';
import type { Outbox } from '../../../src/delivery/outbox.ts';
import type { ChannelTransport } from '../../../src/delivery/transport.ts';
import type { Tuning } from '../../../src/delivery/tuning.ts';
import { createChannelTransport } from '../../../src/discord/channel-transport.ts';
import { createRest } from '../../../src/discord/rest.ts';
import type { Journal } from '../../../src/journal/journal.ts';
import { openSqliteJournal } from '../../../src/journal/open-sqlite-journal.ts';
import { createStreamWriter } from '../../../src/journal/stream-writer.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Log } from '../../../src/model/log.ts';
import { systemClock } from '../../../src/time/system-clock.ts';
import type { SandboxDiscord } from '../../discord/create-sandbox-discord.ts';
import { describeContent, renderContent } from './content.ts';

/** Everything some hundred times faster than in earnest, in the same proportions; the sandbox forgets nonces after 2 s. */
const TUNING: Partial<Tuning> = {
  editEveryMs: 20,
  retryFirstMs: 25,
  retryMostMs: 60,
  refusedRetryMs: 100,
  deniedRetryMs: 40,
  trustNonceMs: 800,
  lateMs: 400,
  clockSkewMs: 1_000,
  staleAfterMs: 250,
  budget: { posts: 3, edits: 3, perMs: 40 },
  journalPatienceMs: 5_000,
  compactEvery: 30,
  stepAsideAfter: 1_000,
};
const REQUEST_MS = 150;

/** One process of the bot, as far as delivery goes. */
export interface Process {
  readonly outbox: Outbox;
  /** As kill -9: nothing more leaves it, and what is on the wire arrives. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProcess(options: {
  readonly sandbox: SandboxDiscord;
  readonly path: string;
  readonly log: Log;
  readonly random: () => number;
}): Promise<Process> {
  const { sandbox, path, log, random } = options;
  const dead = new AbortController();
  const opened = await openSqliteJournal({ path, clock: systemClock, log });
  if (!opened.ok) throw new Error(opened.reason);
  const writer = createStreamWriter({
    journal: mortalJournal(opened.journal, dead.signal),
    stream: 'outbox',
    clock: mortalClock(dead.signal),
    log,
    onFenced: (epoch) => log.error({ epoch }, 'fenced'),
  });
  const transport = (channel: string): ChannelTransport => {
    const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token, timeoutMs: REQUEST_MS, longestWaitMs: 0 });
    return mortalTransport(createChannelTransport(rest, channel), dead.signal);
  };
  const { alerts } = sandbox.channels;
  let nonces = 0;
  const outbox = await createOutbox({
    journal: writer,
    transports: { critical: transport(alerts), normal: transport(alerts), elsewhere: transport },
    fallback: null,
    render: renderContent(sandbox.roles.onCall),
    describe: describeContent,
    clock: mortalClock(dead.signal),
    log,
    newNonce: () => `${opened.journal.epoch}-${(nonces += 1)}`,
    random,
    tuning: TUNING,
  });
  return {
    outbox,
    async kill() {
      dead.abort();
      await opened.journal.close();
    },
    async stop() {
      await outbox.stop();
      await writer.stop();
      await opened.journal.close();
    },
  };
}

const NEVER = new Promise<never>(() => {});

/** After death a call is not made, and what was under way is never answered. */
async function mortal<T>(dead: AbortSignal, call: () => Promise<T>): Promise<T> {
  if (dead.aborted) return NEVER;
  const result = await call();
  return dead.aborted ? NEVER : result;
}

function mortalTransport(transport: ChannelTransport, dead: AbortSignal): ChannelTransport {
  return {
    post: (message, nonce) => mortal(dead, () => transport.post(message, nonce)),
    edit: (messageId, message) => mortal(dead, () => transport.edit(messageId, message)),
    find: (mark, sinceMs) => mortal(dead, () => transport.find(mark, sinceMs)),
  };
}

function mortalJournal(journal: Journal, dead: AbortSignal): Journal {
  return {
    epoch: journal.epoch,
    append: (...args) => mortal(dead, () => journal.append(...args)),
    read: (...args) => mortal(dead, () => journal.read(...args)),
    list: (...args) => mortal(dead, () => journal.list(...args)),
    compact: (...args) => mortal(dead, () => journal.compact(...args)),
    close: () => journal.close(),
  };
}

function mortalClock(dead: AbortSignal): Clock {
  return {
    now: () => systemClock.now(),
    sleep: (ms, signal) =>
      // Its timers die with it: they would keep the campaign alive.
      mortal(dead, () => systemClock.sleep(ms, AbortSignal.any([dead, ...(signal ? [signal] : [])]))),
  };
}
