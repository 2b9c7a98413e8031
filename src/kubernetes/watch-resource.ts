import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import type { SourceState } from '../model/source-state.ts';
import { ApiError, readWatchError } from './api-error.ts';
import { decideRetryDelay } from './backoff.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list-all.ts';

/** Takes what a watch says, in order. */
export interface WatchSink<T> {
  /** All there is; what is not among them is gone. `askedAt`: from then on nothing is missed. */
  replace(items: readonly T[], askedAt: number): void;
  put(item: T): void;
  remove(item: T): void;
}

export interface ResourceWatch {
  /** When it last proved to be alive, epoch milliseconds; null before the first list. */
  aliveAt(): number | null;
  /** Why what it said last no longer counts; null while it does. */
  blind(): SourceState['blind'];
  /** Why nothing new comes, though what it said last still counts; null while it is heard. */
  faulty(): SourceState['blind'];
  close(): Promise<void>;
}

/** The server ends each watch after so long: a quiet cluster proves itself with the next one, and with the bookmark before. */
const TIMEOUT_S = 50;
/** Then it should long have ended it. */
const LASTS_MS = 60_000;
export const STALE_AFTER_MS = 90_000;
/** A watch that lived so long was a good one. */
const SETTLED_AFTER_MS = 5_000;

/** Lists, then watches from there, for ever: goes on where a connection broke, lists anew where it cannot. */
export function watchResource<T>(options: {
  readonly client: KubernetesClient;
  /** The name of its connection, and of what is watched. */
  readonly what: 'pods' | 'nodes';
  readonly path: string;
  readonly parse: (object: unknown) => T;
  readonly sink: WatchSink<T>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}): ResourceWatch {
  const { client, what, path, parse, sink, clock, random, log } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const startedAt = clock.now();
  let version: string | null = null;
  let aliveAt: number | null = null;
  let fault: string | null = null;

  const prove = (): void => {
    aliveAt = clock.now();
    fault = null;
  };

  async function list(): Promise<string> {
    const askedAt = clock.now();
    const { items, resourceVersion } = await listAll(client, clock, { path, parse });
    sink.replace(items, askedAt);
    prove();
    return resourceVersion;
  }

  /** Resolves when the server ended it in time; `version` is then where the next one goes on. */
  async function watch(from: string): Promise<void> {
    let told = false;
    await client.stream({
      lane: what,
      path,
      query: { watch: true, allowWatchBookmarks: true, resourceVersion: from, timeoutSeconds: TIMEOUT_S },
      lastsMs: LASTS_MS,
      signal,
      onOpen: prove,
      onLine(line) {
        const { type, object } = eventSchema.parse(JSON.parse(line));
        if (type === 'ERROR') throw readWatchError(object);
        if (type === 'ADDED' || type === 'MODIFIED') sink.put(parse(object));
        if (type === 'DELETED') sink.remove(parse(object));
        version = versionSchema.parse(object).metadata.resourceVersion;
        told = true;
        prove();
      },
    });
    // The server sends a bookmark before it ends a watch. One that says nothing at all may wait for a version that will not
    // come for long: that of an etcd which was restored from a backup (golden 171).
    if (!told) version = null;
  }

  async function run(): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      const begunAt = clock.now();
      let waitMs = 0;
      try {
        version ??= await list();
        await watch(version);
      } catch (error) {
        if (signal.aborted) return;
        if (!losesNothing(error)) version = null;
        fault = error instanceof ApiError && error.fault === 'expired' ? null : describe(error);
        waitMs = error instanceof ApiError ? Math.min(error.retryAfterMs ?? 0, STALE_AFTER_MS / 2) : 0;
        const again = version === null ? 'list' : 'watch';
        if (error instanceof ApiError) log.info({ what, fault: error.message, again }, 'a watch of the cluster ended');
        else log.error({ what, err: error, again }, 'a watch of the cluster could not be read');
      }
      attempt = clock.now() - begunAt >= SETTLED_AFTER_MS ? 0 : attempt + 1;
      await clock.sleep(Math.max(waitMs, decideRetryDelay(attempt, random)), signal);
    }
  }
  const running = run();

  return {
    aliveAt: () => aliveAt,
    blind() {
      const since = aliveAt ?? startedAt;
      if (aliveAt === null) return { since, reason: fault ?? `The ${what} of the cluster have not been listed yet.` };
      const silentMs = clock.now() - aliveAt;
      if (silentMs < STALE_AFTER_MS) return null;
      // In a moment, not an age: alerts carry it, and each change of their text is an edit.
      const moment = new Date(aliveAt).toISOString().slice(11, 16);
      const silence = `Nothing has been heard of the ${what} of the cluster since ${moment} UTC`;
      return { since, reason: fault === null ? `${silence}.` : `${silence}. ${fault}` };
    },
    faulty: () => (fault === null ? null : { since: aliveAt ?? startedAt, reason: fault }),
    async close() {
      closing.abort();
      await running;
    },
  };
}

const eventSchema = z.object({ type: z.string(), object: z.unknown() });
const versionSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

/** It can go on where it stood; after anything else only a list helps. */
function losesNothing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === null ? error.fault !== 'failed' : error.fault === 'too-many' || error.fault === 'unavailable';
}

function describe(error: unknown): string {
  return error instanceof ApiError ? error.message : 'What the API server says of them cannot be read.';
}
