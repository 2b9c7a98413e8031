/** `DATABASE_<NAME>_PASSWORD` and its like: upper-cased, every other character as `_` (contract.md). */
export function databaseVariable(name: string, kind: 'password' | 'canary' | 'pgbouncer'): string {
  const mapped = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  return {
    password: `DATABASE_${mapped}_PASSWORD`,
    canary: `DATABASE_${mapped}_CANARY_PASSWORD`,
    pgbouncer: `PGBOUNCER_${mapped}_PASSWORD`,
  }[kind];
}

const SINGLE = new Set(['DISCORD_TOKEN', 'LINODE_TOKEN', 'WEBHOOK_TOKEN', 'DISCORD_FALLBACK_WEBHOOK_URL']);

/** Whether a variable of the environment holds one of our secrets, asked for by this file or not. */
export function isSecretVariable(variable: string): boolean {
  return SINGLE.has(variable) || /^(DATABASE|PGBOUNCER)_.+_PASSWORD$/.test(variable);
}
