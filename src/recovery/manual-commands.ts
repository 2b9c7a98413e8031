import type { RecoverySettings } from './facts.ts';

/** How to reach the server by hand. */
export type Server = RecoverySettings['connection'];

/** A word as a POSIX shell takes it, whatever it holds. Pure. */
export function quoteShellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** `kubectl` with these words, each quoted. Pure. */
export function kubectl(...words: readonly string[]): string {
  return ['kubectl', ...words].map(quoteShellWord).join(' ');
}

/** One statement through psql. Whoever runs it is a superuser, `postgres` unless PGUSER says otherwise: the reserved slots are theirs. Pure. */
export function psql(server: Server, sql: string): string {
  return `${connect(server)} -c ${quoteShellWord(sql)}`;
}

/** The same with a variable, which stands in the statement as `:'name'`: psql quotes its value, and takes none with -c. Pure. */
export function psqlWith(
  server: Server,
  variable: { readonly name: string; readonly value: string },
  sql: string,
): string {
  const { name, value } = variable;
  return `printf '%s;\\n' ${quoteShellWord(sql)} | ${connect(server)} -v ${quoteShellWord(`${name}=${value}`)}`;
}

function connect({ host, port, database }: Server): string {
  return `psql -X -h ${quoteShellWord(host)} -p ${port} -U "\${PGUSER:-postgres}" -d ${quoteShellWord(database)}`;
}
