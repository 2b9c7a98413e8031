import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadKubeconfig } from '../../src/kubernetes/load-kubeconfig.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import { makeDirectory } from './world.ts';

const TOKEN = 'very-secret-token';

function kubeconfig({
  context = 'drill',
  user = '{ token: very-secret-token }',
  cluster = '{ server: "https://10.0.0.1:6443" }',
} = {}): string {
  return `
apiVersion: v1
kind: Config
current-context: ${context}
clusters: [{ name: c, cluster: ${cluster} }]
users: [{ name: u, user: ${user} }]
contexts: [{ name: drill, context: { cluster: c, user: u } }]
`;
}

const load = (path: string | undefined, environment = {}, serviceAccountDirectory = '/nowhere') =>
  loadKubeconfig({ path, environment, serviceAccountDirectory });

async function faultOf(act: Promise<unknown>): Promise<string> {
  const error = await act.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UserFacingError);
  const { message } = error as Error;
  expect(message).not.toContain(TOKEN);
  return message;
}

describe('loading the kubeconfig', () => {
  it('takes the configured file before everything else, its paths relative to it', async () => {
    const directory = await makeDirectory({
      mine: kubeconfig({
        user: '{ client-certificate: me.pem, client-key: me.key }',
        cluster: '{ server: "https://10.0.0.1:6443/", certificate-authority: ca.pem }',
      }),
      token: TOKEN,
    });
    const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.9', KUBECONFIG: '/other' };
    expect(await load(join(directory, 'mine'), environment, directory)).toMatchObject({
      server: { server: 'https://10.0.0.1:6443', caFile: join(directory, 'ca.pem') },
      user: { certFile: join(directory, 'me.pem'), keyFile: join(directory, 'me.key') },
    });
  });

  it("takes the pod's service account where none is configured, whose token is a file", async () => {
    const directory = await makeDirectory({ token: TOKEN, config: kubeconfig() });
    const environment = {
      KUBERNETES_SERVICE_HOST: 'fd00::1',
      KUBERNETES_SERVICE_PORT: '6443',
      KUBECONFIG: join(directory, 'config'),
    };
    expect(await load(undefined, environment, directory)).toMatchObject({
      server: { server: 'https://[fd00::1]:6443', caFile: join(directory, 'ca.crt'), skipTLSVerify: false },
      user: { authProvider: { config: { tokenFile: join(directory, 'token') } } },
    });
  });

  it('takes the files of KUBECONFIG outside of a pod, the first word of each thing', async () => {
    const directory = await makeDirectory({ a: 'current-context: drill', b: kubeconfig() });
    const environment = { KUBECONFIG: `${join(directory, 'a')}:${join(directory, 'b')}` };
    expect((await load(undefined, environment)).user.token).toBe(TOKEN);
  });

  it('reads the token from tokenFile in the place of token', async () => {
    const directory = await makeDirectory({ c: kubeconfig({ user: '{ token: very-secret-token, tokenFile: t }' }) });
    const { user } = await load(join(directory, 'c'));
    expect(user).toMatchObject({ authProvider: { config: { tokenFile: join(directory, 't') } } });
    expect(user.token).toBeUndefined();
  });

  it('says what to do where there is nothing', async () => {
    expect(await faultOf(load(undefined))).toContain('Set kubernetes.kubeconfig');
    expect(await faultOf(load('/nowhere/config'))).toBe(
      'The kubeconfig /nowhere/config: there is no such file. Write the right path into kubernetes.kubeconfig.',
    );
  });

  it.each([
    ['is no YAML', `token: "${TOKEN}\n{`],
    ['no context other', kubeconfig({ context: 'other' })],
    ['has no current-context', kubeconfig({ context: '' })],
    ['clusters[0].cluster.server is missing', kubeconfig({ cluster: '{ x: 1 }' })],
    ['is no web address', kubeconfig({ cluster: '{ server: nonsense }' })],
    ['credentials would go in the clear', kubeconfig({ cluster: '{ server: "http://10.0.0.1" }' })],
    ['SOCKS', kubeconfig({ cluster: '{ server: "https://10.0.0.1", proxy-url: "socks5://10.0.0.2" }' })],
    ['is incomplete', 'users: 5'],
  ])('says of a broken one: %s, and no token', async (fault, text) => {
    const directory = await makeDirectory({ broken: text });
    const message = await faultOf(load(join(directory, 'broken')));
    expect(message).toContain(fault);
    expect(message).toContain(join(directory, 'broken'));
  });
});
