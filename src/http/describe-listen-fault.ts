import { UserFacingError } from '../model/user-facing-error.ts';

const FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already: write another port, or end that program',
  EACCES: 'this user may not listen there: write a port of 1024 or above',
  EADDRNOTAVAIL: 'this machine has no such address: write one of its own, or "0.0.0.0:8080" for all',
  ENOTFOUND: 'no such name: write an address of this machine, or "0.0.0.0:8080" for all',
};

/** Why nothing can be served, as a sentence with what to write instead. */
export function describeListenFault(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
): UserFacingError {
  const { code, message } = error as NodeJS.ErrnoException;
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new UserFacingError(`http.listen is ${where}: ${FAULTS[code ?? ''] ?? message}`, { cause: error });
}
