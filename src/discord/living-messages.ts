import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { Message } from '../render/message.ts';
import type { Answer } from './command.ts';

/** Messages that change after they were shown, unless somebody else has shown something in them by then. */
export interface LivingMessages {
  /**
   * Comes before anything is shown in a message (null: in one that is yet to be): what was to become of it is off.
   * Resolves when no such edit is under way, with the turn that this showing has.
   */
  take(messageId: string | null): Promise<number>;
  /** What the message of that turn turns into later. Resolves when it is over; never rejects. */
  become(
    turn: number,
    messageId: string,
    later: NonNullable<Answer['later']>,
    edit: (message: Message) => Promise<unknown>,
  ): Promise<void>;
}

const EARLY_MS = 5;
/** How long an interaction's token can edit (facts.md, Discord 6). */
const TOKEN_LIVES_MS = 15 * 60_000;

export function createLivingMessages(options: {
  readonly clock: Clock;
  readonly log: Log;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}): LivingMessages {
  const { clock, log, signal } = options;
  /** The newest showing in each message that a token can still edit. */
  const newest = new Map<string, { readonly turn: number; readonly at: number; editing: Promise<void> | null }>();
  let turns = 0;

  return {
    async take(messageId) {
      turns += 1;
      const turn = turns;
      if (messageId === null) return turn;
      forgetOld();
      const editing = newest.get(messageId)?.editing ?? null;
      newest.set(messageId, { turn, at: clock.now(), editing });
      await editing;
      return turn;
    },
    async become(turn, messageId, later, edit) {
      const waitMs = later.at - clock.now();
      if (waitMs > TOKEN_LIVES_MS) {
        log.error({ messageId, waitMs }, 'a message cannot change so late: Discord keeps no token for so long');
        return;
      }
      const known = newest.get(messageId);
      if (known !== undefined && known.turn > turn) return;
      const showing = known?.turn === turn ? known : { turn, at: clock.now(), editing: null };
      newest.set(messageId, showing);
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      // A timer may fire a moment before the clock says so, and then what it would become is not true yet.
      while (!signal.aborted && clock.now() < later.at && newest.get(messageId)?.turn === turn)
        await clock.sleep(EARLY_MS, signal);
      if (signal.aborted || newest.get(messageId)?.turn !== turn) return;
      showing.editing = change();
      await showing.editing;
      showing.editing = null;

      async function change(): Promise<void> {
        try {
          const message = later.becomes();
          if (message === null) return;
          await edit(message);
          later.shown?.();
        } catch (err) {
          log.error({ err, messageId }, 'a message could not be changed when its time had come');
        }
      }
    },
  };

  function forgetOld(): void {
    for (const [id, { at }] of newest) if (clock.now() - at > TOKEN_LIVES_MS) newest.delete(id);
  }
}
