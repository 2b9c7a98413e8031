import { existsSync, readFileSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCredentials } from '../../src/kubernetes/credentials.ts';
import { sendStatus } from '../support/fake-api-server.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { makeCertificate, makeClient, makeDirectory, makeKubeconfig, podObject, startServer, until } from './world.ts';

const server = { name: 'c', server: 'https://10.0.0.1', skipTLSVerify: false };
const authorisation = async (user: object): Promise<string | undefined> => {
  const source = createCredentials({ source: 'a test', server, user: { name: 'u', ...user } }, createManualClock());
  return (await source.read()).headers['Authorization'];
};

async function writePlugin(lines: readonly string[]): Promise<{ directory: string; command: string }> {
  const directory = await makeDirectory({ plugin: ['#!/bin/sh', ...lines].join('\n') });
  const command = join(directory, 'plugin');
  await chmod(command, 0o755);
  return { directory, command };
}

const credential = (token: string, expires = '2099-01-01T00:00:00Z'): string =>
  JSON.stringify({ kind: 'ExecCredential', status: { token, expirationTimestamp: expires } });

describe('the credentials for the API server', () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['a token', { token: 'abc' }, 'Bearer abc'],
    ['a name and a password', { username: 'me', password: 'pw' }, `Basic ${btoa('me:pw')}`],
    ['a certificate alone', {}, undefined],
  ])('are %s', async (_, user, header) => {
    expect(await authorisation(user)).toBe(header);
  });

  it('read the token of a service account again: the kubelet replaces it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const directory = await makeDirectory({ token: 'first\n' });
    const tokenFile = join(directory, 'token');
    const user = { name: 'u', authProvider: { name: 'tokenFile', config: { tokenFile } } };
    const source = createCredentials({ source: 'a test', server, user }, createManualClock());
    expect((await source.read()).headers['Authorization']).toBe('Bearer first');
    await writeFile(tokenFile, 'second');
    vi.setSystemTime(Date.now() + 61_000);
    expect((await source.read()).headers['Authorization']).toBe('Bearer second');
  });

  it('run a plugin once for two requests, and again when it has expired', async () => {
    const { directory, command } = await writePlugin([
      'echo run >> "$(dirname "$0")/runs"',
      `echo '${credential('abc', '2001-01-01T00:00:00Z')}'`,
    ]);
    const runs = async (): Promise<number> =>
      (await readFile(join(directory, 'runs'), 'utf8')).trim().split('\n').length;
    const source = createCredentials(
      { source: 'a test', server, user: { name: 'u', exec: { command } } },
      createManualClock(),
    );
    const [one, two] = await Promise.all([source.read(), source.read()]);
    expect([one.headers, two.headers]).toEqual([{ Authorization: 'Bearer abc' }, { Authorization: 'Bearer abc' }]);
    expect(await runs()).toBe(1);
    await source.read();
    expect(await runs()).toBe(2);
  });

  it('are got anew after the server refused them', async () => {
    const { directory, command } = await writePlugin(['cat "$(dirname "$0")/credential"']);
    await writeFile(join(directory, 'credential'), credential('old'));
    const fake = await startServer();
    fake.set('/api/v1/pods', [podObject('site')]);
    fake.intercept(({ headers }, response) => {
      if (headers.authorization === 'Bearer new') return false;
      sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
      return true;
    });
    const kubeconfig = { ...makeKubeconfig(fake), user: { name: 'u', exec: { command } } };
    const client = makeClient(fake, { kubeconfig });
    await expect(client.request({ path: '/api/v1/pods/site' })).rejects.toMatchObject({ fault: 'unauthorised' });
    await writeFile(join(directory, 'credential'), credential('new'));
    await expect(client.request({ path: '/api/v1/pods/site' })).resolves.toBeTruthy();
  });

  it('that a plugin cannot give are told in its own words, without what looks like a token', async () => {
    const { command } = await writePlugin(['echo "no session; had Bearer abcdef123456" >&2', 'exit 1']);
    const fake = await startServer();
    const client = makeClient(fake, {
      kubeconfig: { ...makeKubeconfig(fake), user: { name: 'u', exec: { command } } },
    });
    const error = await client.request({ path: '/api/v1/pods' }).catch((error: Error) => error);
    expect(error).toMatchObject({ fault: 'unauthorised', outcomeUnknown: false });
    expect((error as Error).message).toContain('no session');
    expect((error as Error).message).not.toContain('abcdef123456');
  });

  it('that a plugin never gives are waited for until the deadline', async () => {
    const { command, directory } = await writePlugin(['echo $$ > "$(dirname "$0")/pid"', 'exec sleep 5']);
    const fake = await startServer();
    const clock = createMovableClock();
    const client = makeClient(fake, {
      clock,
      kubeconfig: { ...makeKubeconfig(fake), user: { name: 'u', exec: { command } } },
    });
    const asked = client.request({ path: '/api/v1/pods', method: 'DELETE' }).catch((error: unknown) => error);
    const pid = (): number => Number(readFileSync(join(directory, 'pid'), 'utf8'));
    await until(() => existsSync(join(directory, 'pid')) && pid() > 0);
    clock.skip(10_000);
    expect(await asked).toMatchObject({ fault: 'timeout' });
    // It runs on: throws where it does not.
    process.kill(pid(), 'SIGKILL');
    expect(fake.requests).toEqual([]);
  });

  it('take a new CA without opening a third connection', async () => {
    const [tls, other] = [makeCertificate(), makeCertificate()];
    const directory = await makeDirectory({ ca: tls.cert });
    const fake = await startServer({ tls });
    fake.set('/api/v1/pods', [podObject('site')]);
    const clock = createMovableClock();
    const client = makeClient(fake, {
      clock,
      kubeconfig: makeKubeconfig(fake, { skipTLSVerify: false, caFile: join(directory, 'ca') }),
    });
    const askTwice = () => Promise.all([0, 1].map(() => client.request({ path: '/api/v1/pods/site' })));
    await askTwice();
    await writeFile(join(directory, 'ca'), `${tls.cert}\n# renewed`);
    clock.skip(60_000);
    await askTwice();
    await writeFile(join(directory, 'ca'), other.cert);
    clock.skip(60_000);
    await expect(client.request({ path: '/api/v1/pods/site' })).rejects.toMatchObject({ fault: 'unavailable' });
    expect(fake.connections.peak).toBeLessThanOrEqual(2);
  });

  it('wait with a new certificate until what the old one is doing is done', async () => {
    const directory = await makeDirectory({ ca: 'old' });
    const fake = await startServer();
    fake.set('/api/v1/pods', [podObject('site')]);
    const held: (() => void)[] = [];
    fake.intercept((_, response) => {
      held.push(() => sendStatus(response, 404, 'NotFound', 'no', { name: 'site' }));
      return true;
    });
    const clock = createMovableClock();
    const client = makeClient(fake, { clock, kubeconfig: makeKubeconfig(fake, { caFile: join(directory, 'ca') }) });
    const ask = () => client.request({ path: '/api/v1/pods/site', deadlineMs: 600_000 }).catch(() => null);
    const old = [ask(), ask()];
    await until(() => held.length === 2);
    await writeFile(join(directory, 'ca'), 'new');
    clock.skip(60_000);
    const next = ask();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(fake.connections.peak).toBe(2);
    fake.intercept(null);
    for (const answer of held) answer();
    await Promise.all([...old, next]);
    expect(fake.connections.peak).toBe(2);
  });
});
