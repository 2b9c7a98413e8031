/** What is sent back: always short, always whole. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** `text/plain` unless given. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One line of plain text. */
export function say(status: number, line: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: `${line}\n`, headers };
}

/** A refusal that may be tried again. `retryAfterMs` is rounded up to whole seconds, as the header wants them. */
export function sayLater(status: 429 | 503, line: string, retryAfterMs: number): Answer {
  return say(status, line, { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) });
}
