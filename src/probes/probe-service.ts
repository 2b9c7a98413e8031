import { type ClientRequest, type IncomingMessage, request as requestHttp, STATUS_CODES } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../model/clock.ts';
import { formatDuration } from '../model/duration.ts';
import type { Probe } from '../model/service-state.ts';
import { explainStatus } from './explain-status.ts';
import { classifyRequestError } from './classify-request-error.ts';

export interface ProbeOptions {
  /** From the name's resolution to the answer's headers. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Authorities beside the system's own: for a network with one of its own, and for tests. */
  readonly ca?: string | undefined;
}

/**
 * Asks for a web address once, as a browser would first: no redirect is followed, and any answer below 500 is good. The
 * body is not waited for. Never throws; nothing of the address but its host stands in what it says.
 */
export async function probeService(url: string, { timeoutMs, clock, ca }: ProbeOptions): Promise<Probe> {
  const startedAt = clock.now();
  const target = new URL(url);
  const seen: { certificateExpiresAt: number | null } = { certificateExpiresAt: null };
  const request = open(target, ca);
  watchCertificate(request, seen);
  const settled = new AbortController();
  const outcome = await Promise.race([
    answerOf(request),
    clock.sleep(timeoutMs, settled.signal).then(() => 'timeout' as const),
  ]);
  settled.abort();
  // An endless body, or none at all, is of no interest: the connection goes with it.
  request.destroy();
  const tookMs = Math.max(0, clock.now() - startedAt);
  const conclude = (parts: Pick<Probe, 'verdict' | 'status' | 'fact'>): Probe => ({ ...parts, ...seen, tookMs });
  if (outcome === 'timeout') {
    return conclude({ verdict: 'timeout', status: null, fact: `gives no answer within ${formatDuration(timeoutMs)}` });
  }
  if (outcome instanceof Error) {
    return conclude({
      ...classifyRequestError(outcome, target.hostname, seen.certificateExpiresAt, clock.now()),
      status: null,
    });
  }
  const status = outcome.statusCode ?? 0;
  const fact = `answers ${status}${explainStatus(status) ?? nameOf(status)}`;
  return conclude({ verdict: status >= 500 ? 'server-error' : 'good', status, fact });
}

function open(url: URL, ca: string | undefined): ClientRequest {
  const options = {
    method: 'GET',
    // A connection of its own each time: a kept one would not see what a new visitor sees.
    agent: false,
    headers: { 'user-agent': 'breakwater', accept: '*/*', connection: 'close' },
  } as const;
  const request =
    url.protocol === 'https:' ? requestHttps(url, { ...options, ...(ca && { ca }) }) : requestHttp(url, options);
  return request.end();
}

/** Also of a certificate that is then refused: when it ended is the best explanation. */
function watchCertificate(request: ClientRequest, seen: { certificateExpiresAt: number | null }): void {
  request.on('socket', (socket) => {
    const read = (): void => {
      const certificate = 'getPeerCertificate' in socket ? (socket as TLSSocket).getPeerCertificate() : null;
      const endsAt = Date.parse(certificate?.valid_to ?? '');
      if (Number.isFinite(endsAt)) seen.certificateExpiresAt = endsAt;
    };
    // Before the client's own listener, which throws a refused certificate away.
    socket.prependListener('secure', read);
  });
}

function answerOf(request: ClientRequest): Promise<IncomingMessage | Error> {
  return new Promise((resolve) => {
    request.on('response', resolve);
    // Stays: what comes after the answer, our own end included, must not end the process.
    request.on('error', resolve);
  });
}

function nameOf(status: number): string {
  const name = STATUS_CODES[status];
  return name === undefined ? '' : ` ${name}`;
}
