import { type Logger, type LoggerOptions, pino } from 'pino';
import type { Log } from '../model/log.ts';

/**
 * Structured lines. `secrets` never leave in one: they are kept out at their sources, and here once
 * more, in whatever field they hide. Errors are logged without their other fields, where clients keep requests.
 */
export function createLog(options: {
  readonly level: string;
  readonly secrets: readonly string[];
  /** Takes one line, its end included, and never throws. */
  readonly write: (line: string) => unknown;
}): Log & Logger {
  const forms = options.secrets.filter((secret) => secret.length >= SHORTEST).map(toJsonText);
  const settings: LoggerOptions = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
    hooks: {
      streamWrite: (line) => forms.reduce((text, form) => text.replaceAll(form, '[redacted]'), line),
    },
  };
  // Not pino's own way to standard output: when the reader of the log has died, that retries for ever at the exit.
  return pino(settings, { write: options.write });
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
