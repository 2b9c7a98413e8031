import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { KubeObject } from '../../../../sandbox/kubernetes/api/object.ts';

/** Exchanges with a real API server, beside the checkout; absent in a bare clone. */
export const RECORDING = new URL('../../../../../shared/data/kubernetes/golden/', import.meta.url);

/** One exchange as it was recorded. */
export interface Exchange {
  /** As in `042`: what it is called in all tables. */
  readonly id: string;
  /** As in `042-scale-patch-negative-422`. */
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/** What the recording tells of one object at one resourceVersion. */
export interface Sighting {
  readonly object: KubeObject;
  /** It is the last of it: a watch told of its deletion. */
  readonly deleted: boolean;
}

export function isRecorded(): boolean {
  return existsSync(RECORDING);
}

/** In the order of the recording. */
export async function readRecording(): Promise<readonly Exchange[]> {
  const files = (await readdir(RECORDING)).filter((file) => /^\d{3}-.*\.json$/.test(file)).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const exchange = JSON.parse(await readFile(new URL(file, RECORDING), 'utf8')) as Omit<Exchange, 'id' | 'name'>;
      return Object.assign(exchange, { id: file.slice(0, 3), name: file.slice(0, -'.json'.length) });
    }),
  );
}

/** The objects that an answer shows, with their kind also where a list leaves it out. */
export function sightingsIn(body: unknown): readonly Sighting[] {
  if (Array.isArray(body))
    return body.flatMap(({ type, object }: { type: string; object: unknown }) =>
      type === 'BOOKMARK' || type === 'ERROR'
        ? []
        : sightingsIn(object).map((one) => ({ object: one.object, deleted: type === 'DELETED' })),
    );
  if (!isRecord(body)) return [];
  const { kind, apiVersion, items } = body;
  if (kind === 'Table' || String(kind).startsWith('PartialObjectMetadata')) return [];
  if (Array.isArray(items))
    return items.flatMap((item: object) =>
      sightingsIn({ kind: String(kind).replace(/List$/, ''), apiVersion, ...item }),
    );
  const { uid, resourceVersion } = isRecord(body['metadata']) ? body['metadata'] : {};
  const isObject = uid !== undefined && resourceVersion !== undefined && kind !== 'Scale';
  return isObject ? [{ object: body as unknown as KubeObject, deleted: false }] : [];
}

/** The newest resourceVersion that an answer names; 0 where it names none. */
export function revisionIn(body: unknown): number {
  // A bookmark is no object, and tells how far things had come.
  const objects: unknown[] = Array.isArray(body) ? body.map(({ object }: { object: unknown }) => object) : [];
  if (objects.length > 0) return Math.max(...objects.map(revisionIn));
  const own = isRecord(body) && isRecord(body['metadata']) ? Number(body['metadata']['resourceVersion'] ?? 0) : 0;
  return Math.max(own, ...sightingsIn(body).map(({ object }) => Number(object.metadata.resourceVersion)));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
