import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js';
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js';
import { FileAuth } from '@kubernetes/client-node/dist/file_auth.js';
import type { Clock } from '../model/clock.ts';
import type { Kubeconfig } from './load-kubeconfig.ts';

/** What one request carries to be let in. Secret. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** The same object as before while nothing in it has changed: connections are kept for it. */
  readonly tls: TlsMaterial;
}

export interface TlsMaterial {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly rejectUnauthorized: boolean;
  readonly servername: string | undefined;
}

export interface CredentialSource {
  /**
   * Tokens in files are read again every minute (the kubelet replaces those of service accounts), as are CA and certificates;
   * a plugin is run when its credential has expired. Rejects when a file cannot be read or the plugin fails.
   */
  read(): Promise<Credentials>;
  /** They were refused: the next ones are got anew. */
  forget(): void;
}

/** As long as client-go and client-node trust a token's file. */
const FILES_FOR_MS = 60_000;

export function createCredentials(kubeconfig: Kubeconfig, clock: Clock): CredentialSource {
  const { server, user } = kubeconfig;
  let authenticator: Promise<Authenticator | null> | null = null;
  let underWay: Promise<Credentials> | null = null;
  let files: { readonly at: number; readonly tls: TlsMaterial } | null = null;
  let last: TlsMaterial | null = null;

  async function readFiles(): Promise<TlsMaterial> {
    const now = clock.now();
    if (files && now >= files.at && now - files.at < FILES_FOR_MS) return files.tls;
    const tls = {
      ca: await readPem(server.caFile, server.caData),
      cert: await readPem(user.certFile, user.certData),
      key: await readPem(user.keyFile, user.keyData),
      rejectUnauthorized: !server.skipTLSVerify,
      servername: server.tlsServerName,
    };
    files = { at: now, tls };
    return tls;
  }

  async function read(): Promise<Credentials> {
    const headers: Record<string, string> = {};
    const options: RequestOptions & { headers: Record<string, string> } = { headers };
    authenticator ??= chooseAuthenticator(kubeconfig);
    await (await authenticator)?.applyAuthentication(user, options);
    if (user.token) headers['Authorization'] = `Bearer ${user.token}`;
    if (user.username) headers['Authorization'] = `Basic ${btoa(`${user.username}:${user.password ?? ''}`)}`;
    if (user.impersonateUser) headers['Impersonate-User'] = user.impersonateUser;
    // A file that was written by hand ends in a newline, which no header may hold.
    if (headers['Authorization'] !== undefined) headers['Authorization'] = headers['Authorization'].trim();
    const tls = { ...(await readFiles()), ...pem('cert', options.cert), ...pem('key', options.key) };
    if (!last || !isSame(last, tls)) last = tls;
    return { headers, tls: last };
  }

  return {
    // Two requests must not run a plugin twice.
    read() {
      underWay ??= read().finally(() => {
        underWay = null;
      });
      return underWay;
    },
    forget() {
      authenticator = null;
      files = null;
    },
  };
}

/** The rare ones are loaded when a kubeconfig asks for them: the OpenID client alone weighs 80 MiB. */
async function chooseAuthenticator({ user }: Kubeconfig): Promise<Authenticator | null> {
  const usual = [new ExecAuth(), new FileAuth()].find((each) => each.isAuthProvider(user));
  if (usual) return usual;
  if (!user.authProvider) return null;
  const { OpenIDConnectAuth } = await import('@kubernetes/client-node/dist/oidc_auth.js');
  const { AzureAuth } = await import('@kubernetes/client-node/dist/azure_auth.js');
  const { GoogleCloudPlatformAuth } = await import('@kubernetes/client-node/dist/gcp_auth.js');
  const all = [new OpenIDConnectAuth(), new AzureAuth(), new GoogleCloudPlatformAuth()];
  return all.find((each) => each.isAuthProvider(user)) ?? null;
}

async function readPem(file: string | undefined, base64: string | undefined): Promise<string | undefined> {
  if (file) return readFile(file, 'utf8');
  return base64 ? Buffer.from(base64, 'base64').toString() : undefined;
}

function pem(name: 'cert' | 'key', given: RequestOptions['cert'] | RequestOptions['key']): Partial<TlsMaterial> {
  return typeof given === 'string' ? { [name]: given } : {};
}

function isSame(before: TlsMaterial, after: TlsMaterial): boolean {
  return (Object.keys(after) as (keyof TlsMaterial)[]).every((key) => before[key] === after[key]);
}
