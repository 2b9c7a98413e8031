/** A record of what happened that can be read back and waited on: no polling. */
export interface Feed<T> {
  /** The newest entries, oldest first; at most `keep` of them. */
  readonly items: readonly T[];
  push(item: T): void;
  /** Calls the listener for each later entry; returns what ends that. */
  on(listener: (item: T) => void): () => void;
  /** The first entry, past or to come, that fits. Rejects after `timeoutMs` (default 5 s) or when the feed closes. */
  waitFor(fits: (item: T) => boolean, options?: WaitOptions): Promise<T>;
  close(): void;
}

export interface WaitOptions {
  readonly timeoutMs?: number;
  /** Whether an entry that is already there counts; it does by default. */
  readonly past?: boolean;
  /** Named in the error when nothing came. */
  readonly what?: string;
}

export function createFeed<T>(keep = 10_000): Feed<T> {
  const items: T[] = [];
  const listeners = new Set<(item: T) => void>();
  const closers = new Set<() => void>();

  return {
    items,
    push(item) {
      items.push(item);
      if (items.length > keep) items.shift();
      for (const listener of Array.from(listeners)) listener(item);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    waitFor(fits, { timeoutMs = 5_000, past = true, what = 'what was waited for' } = {}) {
      const present = past ? items.find(fits) : undefined;
      if (present !== undefined) return Promise.resolve(present);
      return new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer);
          listeners.delete(look);
          closers.delete(closed);
        };
        const look = (item: T): void => {
          if (!fits(item)) return;
          end();
          resolve(item);
        };
        const closed = (): void => {
          end();
          reject(new Error(`the sandbox closed while waiting for ${what}`));
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`${what} did not come within ${timeoutMs} ms`));
        }, timeoutMs);
        listeners.add(look);
        closers.add(closed);
      });
    },
    close() {
      for (const closer of Array.from(closers)) closer();
      listeners.clear();
    },
  };
}
