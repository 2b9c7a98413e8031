import type { Clock } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import type { Evidence, EvidenceFile } from '../model/evidence.ts';
import type { Log } from '../model/log.ts';
import { ApiError } from './api-error.ts';

/** Gathers what is captured part by part: one that fails or comes late is a gap, and spoils no other. */
export interface EvidenceParts {
  /** What the part came to; null where it came to nothing, which is noted. */
  read<T>(what: string, act: () => Promise<T>): Promise<T | null>;
  /** `print` may fail like anything else that reads what the cluster said. */
  keep(name: string, print: () => string): void;
  miss(gap: string): void;
  /** What is left of the time, milliseconds; 1 at least. */
  leftMs(): number;
  /** Waits for all of them, or for the end of the time. */
  finish(all: readonly Promise<unknown>[]): Promise<Evidence>;
}

export function createEvidenceParts(clock: Clock, log: Log, withinMs: number): EvidenceParts {
  const endsAt = clock.now() + withinMs;
  const files: EvidenceFile[] = [];
  const gaps: string[] = [];
  const pending = new Set<string>();
  const note = (what: string, error: unknown): void => {
    if (!(error instanceof ApiError)) log.error({ err: error, part: what }, 'a part of the evidence cannot be read');
    gaps.push(`${what}: ${error instanceof ApiError ? error.message : 'what was answered cannot be read'}`);
  };
  return {
    async read(what, act) {
      pending.add(what);
      try {
        return await act();
      } catch (error) {
        note(what, error);
        return null;
      } finally {
        pending.delete(what);
      }
    },
    keep(name, print) {
      try {
        files.push({ name: nameFile(name), text: print() });
      } catch (error) {
        note(name, error);
      }
    },
    miss: (gap) => void gaps.push(gap),
    leftMs: () => Math.max(1, endsAt - clock.now()),
    async finish(all) {
      const over = new AbortController();
      const whole = Promise.all(all.map((each) => each.catch((error: unknown) => note('the rest of a part', error))));
      await Promise.race([whole, clock.sleep(withinMs, over.signal)]);
      over.abort();
      const late = [...pending].map((what) => `${what}: not there after ${formatDuration(withinMs)}`);
      // Copies: what comes after all goes nowhere.
      return { files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)), gaps: [...gaps, ...late] };
    },
  };
}

/** Names come from the cluster: nothing in them may lead elsewhere. */
function nameFile(name: string): string {
  return name
    .replaceAll(/[^\w.-]/g, '-')
    .replace(/^\.+/, '')
    .slice(-120);
}
