import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../model/clock.ts';
import type { ExternalAlert, ExternalSource } from '../../model/external-alert.ts';
import type { Log } from '../../model/log.ts';
import type { Secret } from '../../model/secret.ts';
import { type Answer, say, sayLater } from '../answer.ts';
import { readBody } from '../read-body.ts';
import { createSparing } from '../sparing.ts';
import { bearsToken } from './bearer-token.ts';
import { type Bucket, type BucketLimits, takeToken } from './token-bucket.ts';
import type { Webhook } from './webhook.ts';

/** How a webhook request ended; the label of a counter. */
export type WebhookOutcome = 'accepted' | 'unauthorised' | 'busy' | 'too-large' | 'malformed' | 'cut' | 'not-taken';

export interface WebhookOptions {
  readonly token: Secret | undefined;
  /** The names of the watched databases. */
  readonly databases: readonly string[];
  /** Takes the alerts over, in order. Resolves once they are safe, or will be; rejects when they must come again. */
  readonly accept: (alerts: readonly ExternalAlert[]) => Promise<'durable' | 'later'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onOutcome: (source: ExternalSource, outcome: WebhookOutcome) => void;
}

const MOST_BYTES = 1 << 20;
const RATE: BucketLimits = { burst: 20, perSecond: 5 };
/** Senders wait 10 s and more; what takes longer than this is repeated, and a duplicate does no harm. */
const ACCEPT_WITHIN_MS = 5_000;
const AGAIN_AFTER_MS = 10_000;

/** Answers webhook requests: who it is, then how much, then what, and 200 only when the alerts were taken over. */
export function createWebhookReceiver(
  options: WebhookOptions,
): (request: IncomingMessage, webhook: Webhook) => Promise<Answer> {
  const { token, databases, accept, clock, log, onOutcome } = options;
  const maySay = { refused: createSparing(clock), busy: createSparing(clock), faulty: createSparing(clock) };
  let saidThatNoneIsSet = false;
  let bucket: Bucket = { tokens: RATE.burst, at: clock.now() };

  return async (request, webhook) => {
    const { outcome, answer } = await receive(request, webhook);
    onOutcome(webhook.source, outcome);
    return answer;
  };

  async function receive(request: IncomingMessage, webhook: Webhook): Promise<Received> {
    const { source } = webhook;
    // First, so that a stranger can neither use up the rate nor make us read.
    if (!bearsToken(request.headers.authorization, token)) return refuse(source);
    const taken = takeToken(bucket, RATE, clock.now());
    bucket = taken.bucket;
    if (!taken.ok) {
      if (maySay.busy()) log.warn({ source }, 'too many webhook requests: some are told to come again');
      return { outcome: 'busy', answer: sayLater(webhook.busyStatus, 'too many requests', taken.retryAfterMs) };
    }
    const body = await readBody(request, MOST_BYTES);
    if (!body.ok) return body.fault === 'cut' ? CUT : spurn(source, 'too-large', `more than ${MOST_BYTES} bytes`);
    const json = parseJson(body.text);
    if (!json.ok) return spurn(source, 'malformed', 'the body is no JSON');
    const read = webhook.read(json.value, { databases, now: clock.now() });
    if (!read.ok) return spurn(source, read.fault === 'too-many' ? 'too-large' : 'malformed', read.reason);
    if (read.truncated > 0)
      log.warn({ source, truncated: read.truncated }, 'the sender left alerts out of a webhook: max_alerts is too low');
    return handOver(source, read.batches);
  }

  async function handOver(source: ExternalSource, batches: readonly (readonly ExternalAlert[])[]): Promise<Received> {
    const over = new AbortController();
    const late = clock.sleep(ACCEPT_WITHIN_MS, over.signal).then(() => 'late' as const);
    try {
      for (const alerts of batches) {
        const taking = accept(alerts);
        const taken = await Promise.race([taking, late]);
        if (taken !== 'late') continue;
        taking.catch((err: unknown) => log.error({ err, source }, 'alerts of a webhook were not taken over, late'));
        log.error({ source, afterMs: ACCEPT_WITHIN_MS }, 'alerts of a webhook were not taken over in time');
        return NOT_TAKEN;
      }
      return { outcome: 'accepted', answer: say(200, 'accepted') };
    } catch (err) {
      log.error({ err, source }, 'alerts of a webhook were not taken over; the sender is told to come again');
      return NOT_TAKEN;
    } finally {
      over.abort();
    }
  }

  function refuse(source: ExternalSource): Received {
    if (token === undefined) {
      if (!saidThatNoneIsSet) log.warn({ source }, 'a webhook came, and WEBHOOK_TOKEN is not set: all are refused');
      saidThatNoneIsSet = true;
    } else if (maySay.refused()) log.warn({ source }, 'a webhook came without the right bearer token');
    const answer = say(401, 'the bearer token is missing or wrong', { 'www-authenticate': 'Bearer' });
    return { outcome: 'unauthorised', answer };
  }

  function spurn(source: ExternalSource, outcome: 'too-large' | 'malformed', reason: string): Received {
    if (maySay.faulty()) log.warn({ source, reason }, 'a webhook request cannot be used: its alerts are lost');
    return { outcome, answer: say(outcome === 'too-large' ? 413 : 400, reason) };
  }
}

interface Received {
  readonly outcome: WebhookOutcome;
  readonly answer: Answer;
}

/** Nobody is there any more to read it. */
const CUT: Received = { outcome: 'cut', answer: say(400, 'the body is cut off') };
const NOT_TAKEN: Received = {
  outcome: 'not-taken',
  answer: sayLater(503, 'not taken over: send again', AGAIN_AFTER_MS),
};

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false }; // the error would quote the body
  }
}
