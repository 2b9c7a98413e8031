import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificate } from '../test/support/certificate.ts';
import { type FakeApiServer, startFakeApiServer } from '../test/support/fake-api-server.ts';
import type { BenchmarkContext } from './benchmark.ts';

const DAY_MS = 86_400_000;

/** An API server over TLS, and a kubeconfig for it; both go with the benchmark. */
export async function setApiStage({
  scope,
}: Pick<BenchmarkContext, 'scope'>): Promise<{ readonly server: FakeApiServer; readonly kubeconfig: string }> {
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  const tls = createCertificate({ names: ['127.0.0.1'], startsAt: now - DAY_MS, endsAt: now + DAY_MS });
  const server = await startFakeApiServer({ tls });
  scope.defer(() => server.close());
  for (const path of ['/api/v1/pods', '/api/v1/nodes', '/apis/apps/v1/replicasets']) server.set(path, []);
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  scope.defer(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'ca.pem'), tls.cert);
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(
    kubeconfig,
    `current-context: bench
clusters: [{ name: c, cluster: { server: "${server.url}", certificate-authority: ca.pem } }]
users: [{ name: u, user: { token: bench } }]
contexts: [{ name: bench, context: { cluster: c, user: u } }]
`,
  );
  return { server, kubeconfig };
}
