import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import type { Clock } from '../model/clock.ts';
import type { Probe } from '../model/service-state.ts';
import { describeAnswer } from './describe-answer.ts';
import { describeFailure, describeTimeout } from './describe-failure.ts';
import { type ConnectionOptions, type OpeningConnection, openConnection } from './open-connection.ts';

export interface ProbeOptions extends Omit<ConnectionOptions, 'attemptMs'> {
  /** For everything up to the answer's headers: name, connection, TLS, request. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Calls it off; the probe then says so, and nobody should go by it. */
  readonly signal?: AbortSignal | undefined;
}

/** Asks a web address once; the port of those who watch and of those who only say that they live. */
export type ProbeService = (url: string, options: ProbeOptions) => Promise<Probe>;

/** Longest for one of several addresses of a name. */
const ATTEMPT_MS = 1_000;
/** As much as browsers take, against Node's 16 KiB: too many cookies are no outage. */
const MAX_HEADER_BYTES = 256 * 1_024;

/**
 * One GET on a connection of its own. No redirect is followed and no body is read. Never throws; no fact holds more of
 * the address than its host name, which may stand in public where the rest may be a secret.
 */
export async function probeService(url: string, options: ProbeOptions): Promise<Probe> {
  const { timeoutMs, clock, signal } = options;
  const begunAt = clock.now();
  let connection: OpeningConnection | null = null;
  const seen = () => connection?.seen ?? NOTHING_SEEN;
  const done = (what: Pick<Probe, 'verdict' | 'fact'>, status: number | null = null): Probe => ({
    ...what,
    status,
    tookMs: Math.max(0, clock.now() - begunAt),
    certificateExpiresAt: seen().certificateExpiresAt,
  });

  async function ask(): Promise<Probe> {
    let host = '';
    try {
      const target = new URL(url);
      host = target.hostname;
      connection = openConnection(target, { ...options, attemptMs: Math.min(ATTEMPT_MS, Math.ceil(timeoutMs / 3)) });
      await connection.ready;
      const status = await readStatus(target, connection);
      return done(describeAnswer(status), status);
    } catch (error) {
      return done(describeFailure(error, { host, seen: seen(), now: clock.now() }));
    }
  }

  const settled = new AbortController();
  async function giveUp(): Promise<Probe> {
    await clock.sleep(timeoutMs, signal === undefined ? settled.signal : AbortSignal.any([signal, settled.signal]));
    return done(signal?.aborted ? CALLED_OFF : describeTimeout(timeoutMs, seen()));
  }

  const probe = await Promise.race([ask(), giveUp()]);
  settled.abort();
  (connection as OpeningConnection | null)?.socket.destroy();
  return probe;
}

const NOTHING_SEEN: OpeningConnection['seen'] = { stage: 'connecting', certificateExpiresAt: null };
const CALLED_OFF = { verdict: 'unreachable', fact: 'the probe was called off' } as const;

/** Sends the request and waits for the head of the answer; rejects as Node does. */
function readStatus(url: URL, { socket }: OpeningConnection): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const request = send({
    ...urlToHttpOptions(url),
    createConnection: () => socket,
    headers: { 'user-agent': 'breakwater', accept: '*/*' },
    maxHeaderSize: MAX_HEADER_BYTES,
    // What browsers put up with is no outage either; only the status is read, and the connection is used once.
    insecureHTTPParser: true,
  });
  request.on('response', ({ statusCode }) => resolve(statusCode ?? 0));
  request.on('upgrade', ({ statusCode }) => resolve(statusCode ?? 0));
  request.on('error', reject);
  request.end();
  return promise;
}
