/** One word for a POSIX shell, whatever it holds. */
export function quoteShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `kubectl --namespace default get deployment site`; every word is quoted. Null: an object of no namespace. */
export function kubectl(namespace: string | null, ...words: readonly string[]): string {
  const scope = namespace === null ? [] : ['--namespace', namespace];
  return ['kubectl', ...scope, ...words].map(quoteShell).join(' ');
}

/** `psql --host … --command …`; the role is psql's own default, PGUSER. */
export function psql(
  { host, port, database, user }: { host: string; port: number; database: string; user?: string },
  command: string,
): string {
  const words = ['--host', host, '--port', `${port}`, ...(user === undefined ? [] : ['--username', user])];
  return ['psql', ...words, '--dbname', database, '--command', command].map(quoteShell).join(' ');
}
