import { stringify } from 'yaml';

/** As `kubectl` and the clients read it. */
export function printKubeconfig(options: {
  readonly url: string;
  readonly user: string;
  readonly token: string;
  /** PEM of the authority; null for plain HTTP. */
  readonly authority: string | null;
  readonly namespace: string;
}): string {
  const { url, user, token, authority, namespace } = options;
  const cluster = {
    server: url,
    // Plain HTTP is refused by @kubernetes/client-node 2 unless there is nothing to verify.
    ...(authority === null
      ? { 'insecure-skip-tls-verify': true }
      : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
  };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'context', context: { cluster: 'cluster', user, namespace } }],
    'current-context': 'context',
  });
}
