import type { RecoverySettings } from './facts.ts';

/** How to reach the server by hand. */
export type Server = RecoverySettings['connection'];

/** One word for a POSIX shell, whatever it holds. Pure. */
export function quoteShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `kubectl -n default get deployment/site`; every word is quoted. Null: an object of no namespace. Pure. */
export function kubectl(namespace: string | null, ...words: readonly string[]): string {
  const scope = namespace === null ? [] : ['-n', namespace];
  return ['kubectl', ...scope, ...words].map(quoteShell).join(' ');
}

/**
 * A script through psql, to be read as it stands: it ends its own statements. Whoever runs it is a superuser, `postgres` unless
 * PGUSER says otherwise, as the reserved slots are theirs. `variables` stand in it as `:'name'`, psql quotes them; each value is
 * a shell word. A server that hangs is told after 10 s, and not waited for. Pure.
 */
export function psql(
  { host, port, database, user }: Server & { readonly user?: string },
  script: string,
  variables: Readonly<Record<string, string>> = {},
): string {
  const login = user === undefined ? '"${PGUSER:-postgres}"' : quoteShell(user);
  const given = Object.entries(variables).map(([name, word]) => ` -v ${name}=${word}`);
  const where = `-h ${quoteShell(host)} -p ${port} -U ${login} -d ${quoteShell(database)}`;
  const end = chooseEnd(script);
  return `PGCONNECT_TIMEOUT=10 psql -X -v ON_ERROR_STOP=1 ${where}${given.join('')} <<'${end}'\n${script}\n${end}`;
}

/** A line that the script does not have. */
function chooseEnd(script: string): string {
  let end = 'SQL';
  while (script.split('\n').includes(end)) end += '_';
  return end;
}
