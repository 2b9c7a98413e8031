import type { Body } from './read-body.ts';

/** One request that reached the API. */
export interface RequestRecord {
  /** When its body had arrived, epoch milliseconds. */
  readonly at: number;
  readonly method: string;
  /** The path as it came, without version, with its query. */
  readonly path: string;
  /** The operation's path in the OpenAPI document; null for an unknown one. */
  readonly route: string | null;
  readonly json: unknown;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly authorised: boolean;
  /** The status sent back; null while none is (it hangs, or the socket was dropped). */
  status: number | null;
}

export function recordRequest(
  seen: Pick<RequestRecord, 'at' | 'method' | 'path' | 'route' | 'authorised'>,
  body: Body,
): RequestRecord {
  const files = body.uploads.map(({ filename, data }) => ({ name: filename, bytes: data.byteLength }));
  return { ...seen, json: body.json, files, status: null };
}
