import { badRequest } from '../refusals.ts';

/** Where a list goes on: behind `start`, as things stood at `revision`; null: as they stand now (golden 154, 301). */
export interface ContinueToken {
  readonly revision: number | null;
  /** A name, or over all namespaces `<namespace>/<name>`. */
  readonly after: string;
}

export function printContinueToken({ revision, after }: ContinueToken): string {
  // A token of a version begins with a slash, one that goes on anyhow does not; both are read.
  const body = { v: 'meta.k8s.io/v1', rv: revision ?? -1, start: `${revision === null ? '' : '/'}${after}\0` };
  return Buffer.from(JSON.stringify(body)).toString('base64url');
}

/** Throws StatusError 400 (golden 158). */
export function parseContinueToken(text: string): ContinueToken {
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as {
      rv: unknown;
      start: unknown;
    };
    if (typeof rv === 'number' && typeof start === 'string')
      return { revision: rv < 0 ? null : rv, after: start.replace(/^\//, '').replace(/\0$/, '') };
  } catch {
    throw refused("invalid character 'i' looking for beginning of value");
  }
  throw refused('it says nothing');
}

function refused(why: string): Error {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}
