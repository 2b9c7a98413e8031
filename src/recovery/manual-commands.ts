import type { RecoverySettings } from './facts.ts';
import { quoteShell } from './shell-words.ts';

/** How to reach the server by hand. */
export type Server = RecoverySettings['connection'];

/** `kubectl` with these words, each quoted. Pure. */
export function kubectl(...words: readonly string[]): string {
  return ['kubectl', ...words].map(quoteShell).join(' ');
}

/** One statement through psql. Whoever runs it is a superuser, `postgres` unless PGUSER says otherwise: the reserved slots are theirs. Pure. */
export function psql(server: Server, sql: string): string {
  return `${connect(server)} -c ${quoteShell(sql)}`;
}

/** The same with a variable, which stands in the statement as `:'name'`: psql quotes its value, and takes none with -c. Pure. */
export function psqlWith(
  server: Server,
  variable: { readonly name: string; readonly value: string },
  sql: string,
): string {
  const { name, value } = variable;
  return `printf '%s;\\n' ${quoteShell(sql)} | ${connect(server)} -v ${quoteShell(`${name}=${value}`)}`;
}

function connect({ host, port, database }: Server): string {
  return `psql -X -h ${quoteShell(host)} -p ${port} -U "\${PGUSER:-postgres}" -d ${quoteShell(database)}`;
}
