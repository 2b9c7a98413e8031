import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';

/** PEM files by path, as configured. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly rejectUnauthorized: boolean;
  readonly serverName: string | undefined;
}

/** Reads the files of `ssl` once, at start. Throws an Error that names the file when one cannot be read. */
export async function readTlsOptions(files: TlsFiles): Promise<ConnectionOptions> {
  const { ca, cert, key, rejectUnauthorized, serverName } = files;
  return {
    rejectUnauthorized,
    ...(serverName !== undefined && { servername: serverName }),
    ...(ca !== undefined && { ca: await readFile(ca) }),
    ...(cert !== undefined && { cert: await readFile(cert) }),
    ...(key !== undefined && { key: await readFile(key) }),
  };
}
