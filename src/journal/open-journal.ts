import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { Journal } from './journal.ts';
import type { Opened } from './open-sqlite-journal.ts';

/** A file that is damaged is read through at each attempt: seldom enough to cost nothing. */
const RETRY_MS = 30_000;

/**
 * The journal that `open` gives; when it gives none, one in its place that is unavailable, for that reason, and opens
 * it later: a bot that cannot remember still watches (product.md §7). It is opened by reading, so that whoever writes
 * has read, and knows its epoch, which is 0 until then.
 */
export async function openJournal(options: {
  readonly open: () => Promise<Opened>;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Journal> {
  const first = await options.open();
  return first.ok ? first.journal : createLateJournal({ ...options, reason: first.reason });
}

function createLateJournal(options: {
  readonly open: () => Promise<Opened>;
  readonly clock: Clock;
  readonly log: Log;
  readonly reason: string;
}): Journal {
  const { open, clock, log } = options;
  let { reason } = options;
  let notBefore = clock.now() + RETRY_MS;
  let journal: Journal | null = null;
  let closed = false;
  log.error({ reason }, 'the journal does not open: nothing is remembered beyond a restart until it does');

  async function tryAgain(): Promise<void> {
    if (closed || clock.now() < notBefore) return;
    notBefore = clock.now() + RETRY_MS;
    const opened = await open();
    if (!opened.ok) reason = opened.reason;
    else if (closed) await opened.journal.close();
    else journal = opened.journal;
  }

  return {
    get epoch() {
      return journal?.epoch ?? 0;
    },
    async append(...given) {
      return journal?.append(...given) ?? { ok: false, kind: 'unavailable', reason };
    },
    async read(...given) {
      if (journal === null) await tryAgain();
      return journal?.read(...given) ?? { ok: false, reason };
    },
    async list(...given) {
      if (journal === null) await tryAgain();
      return journal?.list(...given) ?? { ok: false, reason };
    },
    async compact(...given) {
      return journal?.compact(...given) ?? { ok: false, kind: 'unavailable', reason };
    },
    async close() {
      closed = true;
      await journal?.close();
    },
  };
}
