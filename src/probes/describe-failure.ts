import { formatDuration } from '../model/duration.ts';
import type { Probe } from '../model/service-state.ts';
import { type OpeningConnection, UntrustedCertificate } from './open-connection.ts';

type Described = Pick<Probe, 'verdict' | 'fact'>;

interface Circumstances {
  /** The name alone: neither credentials nor path. */
  readonly host: string;
  readonly seen: OpeningConnection['seen'];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * What a failed attempt says about a service. By codes alone: the messages of Node and OpenSSL quote what the other
 * side sent.
 */
export function describeFailure(error: unknown, { host, seen, now }: Circumstances): Described {
  if (error instanceof UntrustedCertificate)
    return tlsFailed(CERTIFICATE_FAULTS.get(error.code)?.(seen.certificateExpiresAt, now) ?? error.code);
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return { verdict: 'refused', fact: 'nothing listens there' };
  if (code === 'ENOTFOUND') return { verdict: 'name-unknown', fact: `the name ${host} is unknown` };
  if (code === 'EAI_AGAIN')
    return { verdict: 'name-unknown', fact: `the name ${host} cannot be looked up: the resolver gives no answer` };
  if (code === 'ETIMEDOUT') return { verdict: 'timeout', fact: `no answer: ${STOPPED_AT[seen.stage]}` };
  if (code.startsWith('HPE_')) return { verdict: 'server-error', fact: 'answers, but not in HTTP' };
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return {
      verdict: 'cut',
      fact: `the connection was cut${seen.stage === 'handshake' ? ' in the TLS handshake' : ''}`,
    };
  // In TLS 1.3 a server may refuse after the handshake, as for want of a client certificate.
  if (seen.stage === 'handshake' || /^(EPROTO$|ERR_(SSL|TLS)_)/.test(code)) return tlsFailed(reasonOf(error) ?? code);
  return { verdict: 'unreachable', fact: `cannot be reached (${code})` };
}

/** How far it came within the deadline tells a dead host from a server that hangs. */
export function describeTimeout(timeoutMs: number, { stage }: OpeningConnection['seen']): Described {
  return { verdict: 'timeout', fact: `no answer within ${formatDuration(timeoutMs)}: ${STOPPED_AT[stage]}` };
}

const STOPPED_AT: Readonly<Record<OpeningConnection['seen']['stage'], string>> = {
  connecting: 'no connection came about',
  handshake: 'it took the connection, and the TLS handshake stood still',
  ready: 'it took the connection, and stayed silent',
};

const NO_AUTHORITY = 'its certificate is signed by no authority that is known here';

/** OpenSSL's verdicts, as Node names them: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_FAULTS: ReadonlyMap<string, (expiresAt: number | null, now: number) => string> = new Map([
  ['CERT_HAS_EXPIRED', describeExpiry],
  ['CERT_NOT_YET_VALID', () => 'its certificate is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', () => 'its certificate is for another name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', () => NO_AUTHORITY],
  ['SELF_SIGNED_CERT_IN_CHAIN', () => NO_AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT', () => NO_AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', () => NO_AUTHORITY],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', () => `${NO_AUTHORITY}, or one between the two was not sent along`],
]);

function describeExpiry(expiresAt: number | null, now: number): string {
  if (expiresAt === null || expiresAt > now) return 'a certificate between it and its authority has ended';
  return `its certificate ended ${formatDuration(now - expiresAt)} ago`;
}

function tlsFailed(why: string): Described {
  return { verdict: 'tls-failed', fact: `the TLS handshake failed: ${why}` };
}

/** Of a name with several addresses that all failed, what tells the most: that one refused. */
function codeOf(error: unknown): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const codes = errors.map(ownCode);
  return codes.find((code) => code === 'ECONNREFUSED') ?? codes[0] ?? 'unknown';
}

function ownCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** OpenSSL's own words, as in `wrong version number`. */
function reasonOf(error: unknown): string | null {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'string' ? error.reason : null;
}
