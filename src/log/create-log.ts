import { type Logger, pino } from 'pino';
import type { Log } from '../model/log.ts';

/**
 * Structured lines on standard output. `secrets` never leave in one: they are kept out at their sources, and here once
 * more, in whatever field they hide. Errors are logged without their other fields, where clients keep requests.
 */
export function createLog(options: { readonly level: string; readonly secrets: readonly string[] }): Log & Logger {
  const forms = options.secrets.filter((secret) => secret.length >= SHORTEST).map(toJsonText);
  return pino({
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
    hooks: {
      streamWrite: (line) => forms.reduce((text, form) => text.replaceAll(form, '[redacted]'), line),
    },
  });
}

/** A shorter "secret" would tear holes into innocent words. */
const SHORTEST = 4;

/** As the value stands inside a JSON line. */
function toJsonText(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { readonly code?: unknown };
  return { name: error.name, message: error.message, ...(code !== undefined && { code }), stack: error.stack };
}
