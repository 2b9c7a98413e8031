import type { Log } from '../model/log.ts';
import type { Message } from '../render/message.ts';

/** Shows how far something has come: one edit at a time, and of those that wait the newest only (facts.md, Discord 5). */
export interface Progress {
  /** Returns at once and never throws: no act stands still for a picture of it. */
  show(message: Message): void;
  /** Drops what waits. Resolves when no edit is under way, with whether any was sent. */
  end(): Promise<boolean>;
}

export function createProgress(send: (message: Message) => Promise<unknown>, log: Log): Progress {
  let newest: Message | null = null;
  let underWay: Promise<void> | null = null;
  let begun = false;
  let ended = false;

  async function sendNewest(): Promise<void> {
    while (newest !== null) {
      const message = newest;
      newest = null;
      try {
        await send(message);
      } catch (err) {
        log.warn({ err }, 'progress could not be shown');
      }
    }
    underWay = null;
  }

  return {
    show(message) {
      if (ended) return;
      begun = true;
      newest = message;
      underWay ??= sendNewest();
    },
    async end() {
      ended = true;
      newest = null;
      await underWay;
      return begun;
    },
  };
}
