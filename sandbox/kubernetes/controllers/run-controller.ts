import type { Clock } from '../../../src/model/clock.ts';
import type { KubeApi, KubeEvent } from '../api/kube-api.ts';
import type { KubeObject } from '../api/object.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { StatusError } from '../api/status-error.ts';

export interface ControllerParts {
  readonly api: KubeApi;
  readonly clock: Clock;
}

export interface Controller {
  stop(): void;
}

/** How soon what the server refused is tried again: doubled at each refusal, as a controller's work queue does. */
const RETRY_MS = { first: 1_000, longest: 60_000 };

/**
 * Calls `reconcile` with each key that a change, or the world at the start, names: once per microtask however many changes
 * there were. It answers after how many milliseconds it wants to look again without a change, or null. What the server
 * refuses (StatusError) is tried again later; any other error is a fault of the sandbox and ends the process.
 */
export function runController({
  api,
  clock,
  keysOf,
  reconcile,
}: ControllerParts & {
  readonly keysOf: (type: ResourceType, object: KubeObject, change: KubeEvent['type']) => Iterable<string>;
  readonly reconcile: (key: string) => number | null;
}): Controller {
  const stopping = new AbortController();
  const queued = new Set<string>();
  const alarms = new Map<string, AbortController>();
  const refusals = new Map<string, number>();

  function enqueue(keys: Iterable<string>): void {
    const idle = queued.size === 0;
    for (const key of keys) queued.add(key);
    if (idle && queued.size > 0) queueMicrotask(work);
  }

  function work(): void {
    const keys = [...queued];
    queued.clear();
    for (const key of keys) {
      if (stopping.signal.aborted) return;
      alarms.get(key)?.abort();
      alarms.delete(key);
      const again = attempt(key);
      if (again !== null) void wake(key, again);
    }
  }

  function attempt(key: string): number | null {
    try {
      const again = reconcile(key);
      refusals.delete(key);
      return again;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const times = refusals.get(key) ?? 0;
      refusals.set(key, times + 1);
      return Math.min(RETRY_MS.first * 2 ** times, RETRY_MS.longest);
    }
  }

  async function wake(key: string, ms: number): Promise<void> {
    const alarm = new AbortController();
    alarms.set(key, alarm);
    await clock.sleep(Math.max(0, ms), alarm.signal);
    if (alarms.get(key) !== alarm || stopping.signal.aborted) return;
    alarms.delete(key);
    enqueue([key]);
  }

  const unwatch = api.watch(({ type, resource, object, before }) => {
    enqueue(keysOf(resource, object, type));
    // A changed owner or node concerns the one that it was, too.
    if (before) enqueue(keysOf(resource, before, type));
  });
  for (const type of api.types()) for (const object of api.list(type, null)) enqueue(keysOf(type, object, 'ADDED'));

  return {
    stop() {
      stopping.abort();
      unwatch();
      for (const alarm of alarms.values()) alarm.abort();
      alarms.clear();
    },
  };
}

/** The key of an object: `namespace/name`, with nothing before the slash where it has no namespace. */
export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

export function parseKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The sooner of two wishes to be woken. */
export function sooner(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
