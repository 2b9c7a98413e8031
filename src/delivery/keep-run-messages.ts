import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { isOver, type RecoveryRun } from '../recovery/run.ts';
import type { RunView } from '../recovery/view.ts';
import type { Message } from '../render/message.ts';
import { renderContinued, renderRun } from '../render/recover-message.ts';

/** What became of an edit. */
type Edited =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: number };

/** Keeps the one message of each recovery at its newest state, over outages of Discord. */
export interface RunMessages {
  /** A run has changed. Returns at once. */
  readonly changed: (id: string) => void;
  /** Takes the buttons out of a message that another one continues. Never rejects. */
  readonly retire: (view: RunView, place: NonNullable<RecoveryRun['place']>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** One edit at a time, and of what waits the newest only (facts.md, Discord 5). */
const BETWEEN_EDITS_MS = 1_000;
const RETRY_MS = { first: 1_000, most: 60_000 } as const;

export function keepRunMessages(options: {
  readonly find: (id: string) => RunView | null;
  /** Never throws. */
  readonly edit: (channelId: string, messageId: string, message: Message) => Promise<Edited>;
  /** Its message says how it ended. */
  readonly told: (id: string) => void;
  /** Its message cannot be edited any more: deleted, or a permission is gone. */
  readonly lost: (view: RunView) => void;
  readonly clock: Clock;
  readonly log: Log;
}): RunMessages {
  const { find, edit, told, lost, clock, log } = options;
  const wanted = new Map<string, number>();
  const loops = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  async function keep(id: string): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const version = wanted.get(id);
      const view = find(id);
      const place = view?.run.place;
      if (!view || !place) return;
      if (isContinued(view.run)) return told(id);
      const edited = await edit(place.channelId, place.messageId, renderRun(view));
      if (edited.kind === 'refused') {
        log.warn({ run: id, ...place, reason: edited.reason }, 'the message of a recovery cannot be edited');
        if (isOver(view.run)) told(id);
        return lost(view);
      }
      if (edited.kind === 'done') {
        failures = 0;
        // As it was drawn: what came meanwhile is drawn next.
        if (isOver(view.run)) told(id);
        if (wanted.get(id) === version) {
          // In the same turn as the judgement: what changes next begins anew.
          loops.delete(id);
          return;
        }
        await clock.sleep(BETWEEN_EDITS_MS, stopping.signal);
      } else {
        const backoff = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures);
        failures += 1;
        await clock.sleep(Math.max(edited.retryAfterMs, backoff), stopping.signal);
      }
    }
  }

  return {
    changed(id) {
      wanted.set(id, (wanted.get(id) ?? 0) + 1);
      if (loops.has(id)) return;
      const loop = keep(id)
        .catch((err: unknown) => log.error({ err, run: id }, 'the message of a recovery is not kept any more'))
        .finally(() => {
          if (loops.get(id) === loop) loops.delete(id);
        });
      loops.set(id, loop);
    },
    async retire(view, { channelId, messageId }) {
      const edited = await edit(channelId, messageId, renderContinued(view));
      if (edited.kind !== 'done')
        log.warn({ run: view.run.id, reason: edited.reason }, 'an old message keeps its buttons');
    },
    async stop() {
      stopping.abort();
      await Promise.all(loops.values());
    },
  };
}

/** The same message shows the request that took its place. */
function isContinued({ state }: RecoveryRun): boolean {
  return state.kind === 'superseded' && state.next !== null;
}
