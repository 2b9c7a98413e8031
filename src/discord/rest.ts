import { type RawFile, REST } from '@discordjs/rest';
import { Agent } from 'undici';
import type { Redactor } from '../model/redact.ts';

/** One request may take this long, its answer included; Discord answers in well under a second when it is well. */
const TIMEOUT_MS = 10_000;
/** Longer rate limits are not slept through inside the client: delivery decides what waits. */
const LONGEST_WAIT_MS = 2_000;

/**
 * The REST client. Its own retries are off: it would repeat a POST at once after a 502 that had stored the message
 * (facts.md, Discord 3).
 */
export function createRest(options: {
  readonly apiUrl: string;
  readonly token: string;
  readonly timeoutMs?: number;
  /** A rate limit as long as this is told at once, as a RateLimitError; a shorter one is waited for. 0: every one is told. */
  readonly longestWaitMs?: number;
  /** Looks through all that is sent, whoever wrote it; the way to Discord has no other door. */
  readonly redactor?: Redactor;
}): REST {
  const { apiUrl, token, timeoutMs = TIMEOUT_MS, longestWaitMs = LONGEST_WAIT_MS, redactor } = options;
  const rest = new REST({
    api: apiUrl,
    version: '10',
    // An agent of its own, of the version that it was made for: the process-wide one belongs to whichever undici was loaded
    // first (client-node brings another), and refuses files with UND_ERR_INVALID_ARG.
    agent: new Agent(),
    retries: 0,
    timeout: timeoutMs,
    // The bucket's own reset says nothing of a 429 that comes from elsewhere: a sublimit, or a proxy without bucket headers.
    // Not "≥": a header that is no number must not be waited for in a circle.
    rejectOnRateLimit: ({ timeToReset, retryAfter, sublimitTimeout }) =>
      !(Math.max(timeToReset, retryAfter, sublimitTimeout) < longestWaitMs),
  });
  const setToken = rest.setToken.bind(rest);
  // The client drops its token for good on one 401 (facts.md, Discord 2); a passing fault must not silence the bot.
  rest.setToken = (next) => (next ? setToken(next) : rest);
  const request = rest.request.bind(rest);
  // The client's own time-out ends with the headers: a body that never comes would be waited for for five minutes.
  rest.request = (made) => {
    const limits = [AbortSignal.timeout(timeoutMs), ...(made.signal ? [made.signal] : [])];
    const sent = redactor ? redactRequest(made, redactor) : made;
    return request({ ...sent, signal: AbortSignal.any(limits) });
  };
  return rest.setToken(token);
}

type Made = Parameters<REST['request']>[0];

function redactRequest(made: Made, redactor: Redactor): Made {
  return {
    ...made,
    ...(made.body !== undefined && { body: redactor.value(made.body) }),
    ...(made.files && { files: made.files.map((file) => redactFile(file, redactor)) }),
  };
}

/** A picture is drawn from numbers and names that were looked through on their way in. */
function redactFile(file: RawFile, redactor: Redactor): RawFile {
  if (file.contentType?.startsWith('text/') !== true) return file;
  return { ...file, data: Buffer.from(redactor.text(Buffer.from(file.data as Uint8Array).toString())) };
}
