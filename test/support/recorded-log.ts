import type { Log } from '../../src/model/log.ts';

/** A log that keeps what it is told; `text` is all of it as JSON, to search for what must not be there. */
export function createRecordedLog(): Log & { readonly lines: readonly RecordedLine[]; text(): string } {
  const lines: RecordedLine[] = [];
  const at = (level: RecordedLine['level']) => (fields: object, message: string) => {
    lines.push({ level, message, fields });
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    lines,
    text: () => JSON.stringify(lines),
  };
}

interface RecordedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: object;
}
