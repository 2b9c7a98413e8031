import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface ConnectionOptions {
  /** PEM; whom to trust in the place of the default authorities. */
  readonly ca?: string | undefined;
  /** In the place of the system's resolver. */
  readonly lookup?: LookupFunction | undefined;
  /** For one of several addresses, before the next is tried. */
  readonly attemptMs: number;
}

/** A connection on its way; the socket is there at once, so that it can be given up. */
export interface OpeningConnection {
  readonly socket: Socket;
  /** Resolves when it stands, verified where it is TLS; rejects with what Node says, or an UntrustedCertificate. */
  readonly ready: Promise<void>;
  /** How far it came. */
  readonly seen: {
    readonly stage: 'connecting' | 'handshake' | 'ready';
    /** Epoch milliseconds; null for plain http, and before the handshake. */
    readonly certificateExpiresAt: number | null;
  };
}

/** The peer's certificate did not pass; `code` is OpenSSL's, as in `CERT_HAS_EXPIRED`. */
export class UntrustedCertificate extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`the certificate was not accepted: ${code}`);
    this.code = code;
  }
}

/** Opens what the address asks for: TCP, and TLS where it is https. */
export function openConnection(url: URL, { ca, lookup, attemptMs }: ConnectionOptions): OpeningConnection {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'https:';
  const seen: { -readonly [K in keyof OpeningConnection['seen']]: OpeningConnection['seen'][K] } = {
    stage: 'connecting',
    certificateExpiresAt: null,
  };
  const where = {
    host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    // Node's own 250 ms would give a far but healthy address up for an unreachable one.
    autoSelectFamilyAttemptTimeout: attemptMs,
    ...(lookup && { lookup }),
  };
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();

  // The error listeners stay when all is well: a socket's error without one ends the process.
  if (!secure) {
    const socket = connectTcp(where, () => {
      seen.stage = 'ready';
      resolve();
    });
    socket.on('error', reject);
    return { socket, ready, seen };
  }
  const socket = connectTls({
    ...where,
    ...(ca !== undefined && { ca }),
    ...(isIP(host) === 0 && { servername: host.replace(/\.$/, '') }),
    ALPNProtocols: ['http/1.1'],
    // Verified all the same, and judged below before a byte is sent: else Node destroys the socket of an expired
    // certificate before anybody can read when it ended.
    rejectUnauthorized: false,
  });
  socket.once('connect', () => {
    seen.stage = 'handshake';
  });
  socket.once('secureConnect', () => {
    const expiresAt = socket.getPeerX509Certificate()?.validToDate.getTime() ?? Number.NaN;
    seen.certificateExpiresAt = Number.isNaN(expiresAt) ? null : expiresAt;
    // Node's types say Error; it is the code.
    if (!socket.authorized) return reject(new UntrustedCertificate(String(socket.authorizationError)));
    seen.stage = 'ready';
    resolve();
  });
  socket.on('error', reject);
  return { socket, ready, seen };
}
