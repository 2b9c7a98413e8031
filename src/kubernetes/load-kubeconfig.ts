import { access, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
// Not the package's entry, and not KubeConfig: both load 400 generated classes and an OpenID client (docs/decisions/0011).
import {
  type Cluster as ApiServer,
  type Context,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js';
import { parse } from 'yaml';
import { UserFacingError } from '../model/user-facing-error.ts';

/** Where the API server is, and who we are to it. Holds secrets: never log it. */
export interface Kubeconfig {
  /** For people: the file with its context, or the service account. */
  readonly source: string;
  readonly server: ApiServer;
  readonly user: User;
}

export interface KubeconfigPlaces {
  /** As configured; undefined: in-cluster credentials, else the default kubeconfig. */
  readonly path: string | undefined;
  /** The process's environment: KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, KUBECONFIG, HOME. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the kubelet mounts what the service account has; a test has another. */
  readonly serviceAccountDirectory?: string;
}

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads who and where. Throws UserFacingError that names the file and says what to do; no secret is in its text. */
export async function loadKubeconfig(places: KubeconfigPlaces): Promise<Kubeconfig> {
  const { path, environment } = places;
  if (path !== undefined) return readFiles([path], 'Write the right path into kubernetes.kubeconfig.');
  const inCluster = await readServiceAccount(places);
  if (inCluster) return inCluster;
  const named = (environment['KUBECONFIG'] ?? '').split(':').filter((each) => each !== '');
  if (named.length > 0) return readFiles(named, 'KUBECONFIG names it: correct that, or set kubernetes.kubeconfig.');
  const home = environment['HOME'];
  if (home !== undefined && (await exists(join(home, '.kube/config'))))
    return readFiles([join(home, '.kube/config')], 'Or set kubernetes.kubeconfig.');
  throw new UserFacingError(
    'There are no credentials for the cluster: this is no pod with a service account, and there is no kubeconfig. ' +
      'Set kubernetes.kubeconfig to one, or run the bot in the cluster with the service account of k8s/.',
  );
}

async function readServiceAccount(places: KubeconfigPlaces): Promise<Kubeconfig | null> {
  const { environment, serviceAccountDirectory: directory = SERVICE_ACCOUNT_DIRECTORY } = places;
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const tokenFile = join(directory, 'token');
  if (host === undefined || host === '' || !(await exists(tokenFile))) return null;
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    source: 'the service account of the pod',
    server: {
      name: 'in-cluster',
      caFile: join(directory, 'ca.crt'),
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      skipTLSVerify: false,
    },
    // The kubelet replaces the token: the file is read again, see credentials.ts.
    user: { name: 'in-cluster', authProvider: { name: 'tokenFile', config: { tokenFile } } },
  };
}

interface KubeconfigFile {
  readonly servers: readonly ApiServer[];
  readonly users: readonly User[];
  readonly contexts: readonly Context[];
  readonly currentContext: string | undefined;
}

/** The first file that says something wins, as with kubectl. */
async function readFiles(paths: readonly string[], remedy: string): Promise<Kubeconfig> {
  const files: KubeconfigFile[] = [];
  for (const path of paths) files.push(await readKubeconfigFile(path, remedy));
  const from = paths.join(':');
  const broken = (fault: string): UserFacingError => new UserFacingError(`The kubeconfig ${from} ${fault}`);
  const current = files.find(({ currentContext }) => currentContext)?.currentContext;
  if (current === undefined)
    throw broken('has no current-context. Choose one: kubectl config use-context NAME --kubeconfig FILE.');
  const context = files.flatMap(({ contexts }) => contexts).find(({ name }) => name === current);
  if (!context) throw broken(`has no context ${current}, which is its current-context.`);
  const server = files.flatMap(({ servers }) => servers).find(({ name }) => name === context.cluster);
  if (!server) throw broken(`has no cluster ${context.cluster}, which its context ${current} names.`);
  const user = files.flatMap(({ users }) => users).find(({ name }) => name === context.user);
  if (!user && context.user) throw broken(`has no user ${context.user}, which its context ${current} names.`);
  if (!URL.canParse(server.server)) throw broken(`has a cluster ${server.name} whose server is no web address.`);
  const { protocol } = new URL(server.server);
  if (protocol !== 'https:' && !(protocol === 'http:' && server.skipTLSVerify))
    throw broken(
      `has a cluster ${server.name} that is not reached by https: credentials would go in the clear. ` +
        'Where that is meant, set insecure-skip-tls-verify: true there.',
    );
  if (server.proxyUrl?.startsWith('socks'))
    throw broken(`has a cluster ${server.name} behind a SOCKS proxy, which the bot does not speak: use an HTTP proxy.`);
  return { source: `${from}, context ${current}`, server, user: user ?? { name: 'nobody' } };
}

async function readKubeconfigFile(path: string, remedy: string): Promise<KubeconfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fault = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new UserFacingError(`The kubeconfig ${path}: ${fault}. ${remedy}`, { cause: error });
  }
  let raw: Raw;
  try {
    raw = (parse(text, { logLevel: 'error' }) ?? {}) as Raw;
  } catch {
    // The parser quotes the line, and a token may stand in it.
    throw new UserFacingError(`The kubeconfig ${path} is no YAML. Write it anew, or name another. ${remedy}`);
  }
  try {
    const absolute = (file: string): string => (isAbsolute(file) ? file : join(dirname(path), file));
    const servers = newClusters(raw.clusters);
    for (const server of servers) if (server.caFile) server.caFile = absolute(server.caFile);
    return {
      servers,
      users: (raw.users ?? []).map((each) => readUser(each, absolute)),
      contexts: newContexts(raw.contexts),
      currentContext: raw['current-context'],
    };
  } catch (error) {
    // Its messages are of the form "users[0].name is missing".
    throw new UserFacingError(`The kubeconfig ${path} is incomplete: ${(error as Error).message}.`, { cause: error });
  }
}

interface Raw {
  readonly clusters?: unknown;
  readonly users?: readonly { readonly user?: { readonly tokenFile?: string } | null }[];
  readonly contexts?: unknown;
  readonly 'current-context'?: string;
}

/** `tokenFile` is kubectl's name for it, and wins over `token`; client-node knows it for service accounts alone. */
function readUser(raw: NonNullable<Raw['users']>[number], absolute: (file: string) => string): User {
  const [user] = newUsers([raw]);
  if (!user) throw new Error('a user is missing');
  if (user.certFile) user.certFile = absolute(user.certFile);
  if (user.keyFile) user.keyFile = absolute(user.keyFile);
  const tokenFile = raw.user?.tokenFile;
  if (tokenFile === undefined) return user;
  const { token: _, ...rest } = user;
  return { ...rest, authProvider: { name: 'tokenFile', config: { tokenFile: absolute(tokenFile) } } };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
