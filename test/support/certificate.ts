import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface TestCertificate {
  /** PEM; its own authority. */
  readonly cert: string;
  readonly key: string;
}

/**
 * A self-signed certificate for a server of a test, made here and now: Node cannot make one, a bare machine need not have
 * openssl, and a key has no place in a repository. X.509 v3 by hand (RFC 5280, section 4.1).
 */
export function createCertificate(options: {
  /** Host names and IPv4 addresses. */
  readonly names: readonly string[];
  /** Epoch milliseconds, whole seconds, before 2050. */
  readonly startsAt: number;
  readonly endsAt: number;
}): TestCertificate {
  const { names, startsAt, endsAt } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(set(sequence(COMMON_NAME, element(0x0c, Buffer.from('a test')))));
  const content = sequence(
    element(0xa0, element(0x02, Buffer.of(2))), // version 3
    element(0x02, Buffer.of(1)), // serial number
    ECDSA_WITH_SHA256,
    subject, // the issuer
    sequence(utcTime(startsAt), utcTime(endsAt)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(alternativeNames(names))),
  );
  const signature = sign('sha256', content, privateKey);
  const der = sequence(content, ECDSA_WITH_SHA256, element(0x03, Buffer.concat([Buffer.of(0), signature])));
  return { cert: toPem(der), key: exportKey(privateKey) };
}

/** One DER element: tag, length, content. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => element(0x31, ...parts);
const identifier = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));

const COMMON_NAME = identifier('550403'); // 2.5.4.3
const SUBJECT_ALT_NAME = identifier('551d11'); // 2.5.29.17
const ECDSA_WITH_SHA256 = sequence(identifier('2a8648ce3d040302')); // 1.2.840.10045.4.3.2

function alternativeNames(names: readonly string[]): Buffer {
  const general = names.map((name) =>
    isIPv4(name) ? element(0x87, Buffer.from(name.split('.').map(Number))) : element(0x82, Buffer.from(name)),
  );
  return sequence(SUBJECT_ALT_NAME, element(0x04, sequence(...general)));
}

/** `YYMMDDHHMMSSZ` */
function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`));
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
