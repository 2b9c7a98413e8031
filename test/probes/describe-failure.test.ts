import { expect, it } from 'vitest';
import { describeFailure } from '../../src/probes/describe-failure.ts';
import { type OpeningConnection, UntrustedCertificate } from '../../src/probes/open-connection.ts';

const NOW = Date.UTC(2020, 11, 11, 13, 24);
const fail = (code: string, more: object = {}) => Object.assign(new Error(`zebra ${code}`), { code, ...more });

function describe(error: unknown, seen: Partial<OpeningConnection['seen']> = {}): string {
  const circumstances = { host: 'web.example', now: NOW };
  const all = { stage: 'connecting', certificateExpiresAt: null, ...seen } as const;
  const { verdict, fact } = describeFailure(error, { ...circumstances, seen: all });
  return `${verdict}: ${fact}`;
}

it.each([
  [fail('ECONNREFUSED'), 'refused: nothing listens there'],
  [fail('ENOTFOUND'), 'name-unknown: the name web.example is unknown'],
  [fail('EAI_AGAIN'), 'name-unknown: the name web.example cannot be looked up: the resolver gives no answer'],
  [fail('EHOSTUNREACH'), 'unreachable: cannot be reached (EHOSTUNREACH)'],
  [fail('ETIMEDOUT'), 'timeout: no answer: no connection came about'],
  [fail('EPIPE'), 'cut: the connection was cut'],
  [new TypeError('zebra'), 'unreachable: cannot be reached (TypeError)'],
  ['zebra', 'unreachable: cannot be reached (unknown)'],
])('says of %s: %s', (error, expected) => {
  expect(describe(error)).toBe(expected);
});

it('says of several addresses that one refused, whatever became of the others', () => {
  const error = new AggregateError([fail('ENETUNREACH'), fail('ECONNREFUSED'), fail('ETIMEDOUT')]);
  expect(describe(error)).toBe('refused: nothing listens there');
  expect(describe(new AggregateError([fail('ENETUNREACH'), fail('ETIMEDOUT')]))).toContain('ENETUNREACH');
});

it.each([
  [fail('EPROTO', { reason: 'unsupported protocol' }), 'handshake', 'unsupported protocol'],
  [fail('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'ready', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
  [new UntrustedCertificate('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'handshake', 'its certificate is signed by no auth'],
  [new UntrustedCertificate('CERT_REVOKED'), 'handshake', 'CERT_REVOKED'],
] as const)('takes %s for a failed handshake', (error, stage, why) => {
  expect(describe(error, { stage })).toContain(`tls-failed: the TLS handshake failed: ${why}`);
});

it("does not say that a certificate has ended when it is its authority's", () => {
  const error = new UntrustedCertificate('CERT_HAS_EXPIRED');
  expect(describe(error, { certificateExpiresAt: NOW + 1 })).toContain('a certificate between it and its authority');
  expect(describe(error, { certificateExpiresAt: NOW - 3_600_000 })).toContain('its certificate ended 1 h ago');
});

it('quotes nothing that the other side may have sent', () => {
  for (const code of ['ECONNRESET', 'HPE_INVALID_CONSTANT', 'EHOSTUNREACH', 'ERR_TLS_CERT_ALTNAME_INVALID'])
    expect(describe(fail(code))).not.toContain('zebra');
});
