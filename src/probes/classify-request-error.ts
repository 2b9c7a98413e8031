import { formatDuration } from '../model/duration.ts';
import type { Probe } from '../model/service-state.ts';

/**
 * What a failed request says of the service. Pure. Times in epoch milliseconds; only the host of the address is quoted,
 * as paths and queries can hold tokens.
 */
export function classifyRequestError(
  error: Error,
  host: string,
  certificateExpiresAt: number | null,
  now: number,
): Pick<Probe, 'verdict' | 'fact'> {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (TLS_CODES.test(code)) return { verdict: 'tls-failed', fact: explainTls(code, certificateExpiresAt, now) };
  switch (code) {
    case 'ECONNREFUSED':
      return { verdict: 'refused', fact: 'refuses connections: nothing listens there' };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { verdict: 'name-unknown', fact: `cannot be found: the name ${host} is unknown` };
    case 'ECONNRESET':
    case 'EPIPE':
      return { verdict: 'cut', fact: 'cuts the connection without an answer' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return { verdict: 'unreachable', fact: `cannot be reached (${code})` };
    default:
      return code.startsWith('HPE_')
        ? { verdict: 'server-error', fact: 'answers with something that is not HTTP' }
        : { verdict: 'unreachable', fact: `cannot be reached${code === '' ? '' : ` (${code})`}` };
  }
}

const TLS_CODES =
  /^ERR_(TLS|SSL|OSSL)_|^(UNABLE_TO_|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_CERT|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

function explainTls(code: string, expiresAt: number | null, now: number): string {
  if (code === 'CERT_HAS_EXPIRED') {
    const since = expiresAt === null ? '' : ` ${formatDuration(Math.max(0, now - expiresAt))} ago`;
    return `shows a certificate that ended${since}`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'shows a certificate for another name';
  if (/SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO/.test(code))
    return `shows a certificate that nobody known has signed (${code})`;
  return `fails at the TLS handshake (${code})`;
}
