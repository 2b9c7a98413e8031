import { z } from 'zod';
import type { Clock } from '../model/clock.ts';
import { ApiError, timeoutError } from './api-error.ts';
import type { ApiRequest, KubernetesClient } from './client.ts';

export interface Listed<T> {
  readonly items: readonly T[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

export interface ListRequest<T> extends Pick<ApiRequest, 'path' | 'query' | 'accept' | 'deadlineMs'> {
  /** Called for each item as it comes, so that nothing larger is kept. */
  readonly parse: (item: unknown) => T;
}

export const LIST_DEADLINE_MS = 15_000;
/** As client-go's pager. */
const PAGE = 500;

/**
 * Lists a whole collection in pages, from the server's store and not from its cache: no resourceVersion is given, so what it
 * says is not older than the question. `deadlineMs` (15 s) is for all pages together. Rejects with ApiError, or ZodError.
 */
export async function listAll<T>(client: KubernetesClient, clock: Clock, request: ListRequest<T>): Promise<Listed<T>> {
  const { path, query, accept, deadlineMs = LIST_DEADLINE_MS, parse } = request;
  const begunAt = clock.now();

  async function listOnce(): Promise<Listed<T>> {
    const items: T[] = [];
    let next: string | undefined;
    for (;;) {
      const leftMs = begunAt + deadlineMs - clock.now();
      if (leftMs <= 0) throw timeoutError(deadlineMs, false);
      const answer = await client.request({
        path,
        query: { ...query, limit: PAGE, continue: next },
        deadlineMs: Math.min(leftMs, deadlineMs),
        ...(accept !== undefined && { accept }),
      });
      const page = pageSchema.parse(answer);
      for (const item of page.items ?? []) items.push(parse(item));
      next = page.metadata.continue || undefined;
      if (next === undefined) return { items, resourceVersion: page.metadata.resourceVersion };
    }
  }

  try {
    return await listOnce();
  } catch (error) {
    // Pages of two moments would show one pod twice, or not at all: anew, once, rather than with the token that comes with it.
    if (error instanceof ApiError && error.fault === 'expired') return listOnce();
    throw error;
  }
}

const pageSchema = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  /** Go writes an empty list as null. */
  items: z.array(z.unknown()).nullable(),
});
