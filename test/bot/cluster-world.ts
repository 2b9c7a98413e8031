import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createSandboxDiscord } from '../../sandbox/discord/create-sandbox-discord.ts';
import type { Message } from '../../sandbox/discord/world/state.ts';
import { textOf, titleOf } from '../../sandbox/drill/read-message.ts';
import jobs from '../../sandbox/kubernetes/resources/jobs.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import { type BotOptions, writeBotEnvironment } from '../../sandbox/stage/bot-environment.ts';
import { POD_NETWORK, type StageCluster } from '../../sandbox/stage/cluster/set-cluster.ts';
import { type Stage, setStage } from '../../sandbox/stage/set-stage.ts';
import { here } from './kill-world.ts';
import { WAIT, type World } from './world.ts';

/** A stage in a cluster whose `site` was rolled out once, and whose first revision left all of its sessions behind. */
export interface ClusterWorld extends World {
  readonly stage: Stage;
  readonly cluster: StageCluster;
  /** The pods that left sessions behind, with their addresses. */
  readonly gone: readonly { readonly name: string; readonly address: string }[];
  /** When they had gone, epoch milliseconds. */
  readonly goneAt: number;
  /** A Discord of its own, for a bot that sees the same server and cluster by another configuration. */
  elsewhere(options?: BotOptions): Promise<World>;
  close(): Promise<void>;
}

/** Of `site`, over its three pods. */
export const LEFT_BEHIND = 6;
const ONE_EACH = { metricity: 1, metabase: 1, pinnwand: 1, bitwarden: 1, blackknight: 1, grafana: 1 };
const SAMPLING = { calm: '1s', fast: '100ms' };
const ALERTS = `    alerts:
      connections-orphaned: { fire: 5, clear: 1, for: 1s }
      node-not-ready: { for: 1s }
      workload-unhealthy: { for: 3s }
`;

export async function createClusterWorld(): Promise<ClusterWorld> {
  await using started = new AsyncDisposableStack();
  const stage = await setStage({
    cluster: { sessions: { site: LEFT_BEHIND, ...ONE_EACH } },
    sampling: SAMPLING,
    extra: ALERTS,
  });
  started.defer(() => stage.close());
  const { cluster, discord, postgres } = stage;
  if (cluster === null) throw new Error('the stage has no cluster');
  const gone = podsOf(cluster, 'site').map(({ metadata, status }) => ({
    name: metadata.name,
    address: String(status.podIP),
  }));
  cluster.abandonOnRollout('site', true);
  await cluster.rollOut('site');
  const goneAt = Date.now();
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-elsewhere-'));
  started.defer(() => rm(directory, { recursive: true, force: true }));
  const all = started.move();
  const kubeconfig = cluster.kubernetes.kubeconfig('breakwater');
  const env = await writeBotEnvironment(await mkdtemp(join(directory, 'same-')), discord, postgres, {
    inCluster: { kubeconfig, podNetwork: POD_NETWORK },
  });
  return {
    stage,
    cluster,
    discord,
    postgres,
    env,
    gone,
    goneAt,
    async elsewhere(options = { inCluster: { kubeconfig, podNetwork: POD_NETWORK } }) {
      const other = await createSandboxDiscord();
      all.defer(() => other.close());
      await other.warmUp();
      const path = await mkdtemp(join(directory, 'other-'));
      return {
        discord: other,
        postgres,
        env: await writeBotEnvironment(path, other, postgres, { sampling: SAMPLING, ...options }),
      };
    },
    close: () => all.disposeAsync(),
  };
}

export function podsOf(cluster: StageCluster, app: string) {
  return cluster.kubernetes.api.list(pods, 'default').filter(({ metadata }) => metadata.labels?.['app'] === app);
}

export function jobsOf(cluster: StageCluster) {
  return cluster.kubernetes.api.list(jobs, 'default');
}

/** `/db kill-stale` of the default kind, as rosa sees it. */
export async function askOrphaned({ discord }: World): Promise<Message> {
  const asked = await discord.actAs('rosa').command('db kill-stale', {}, here(discord));
  return asked.final({ timeoutMs: 20_000 });
}

/** Does it, and expects that nobody of the pods' sessions, live or left behind, was ended by it. */
export async function endingNobody<T>({ stage }: ClusterWorld, act: () => Promise<T>): Promise<T> {
  const ofPods = async () => (await stage.observer.addresses()).filter((each) => each.startsWith('127.20.')).toSorted();
  const before = await ofPods();
  const result = await act();
  expect(await ofPods()).toEqual(before);
  return result;
}

/** The alert's message as soon as its title says that, whatever it said before. */
export function alertSays({ discord }: World, footer: string, state: 'firing' | 'resolved') {
  const fits = (message: Message): boolean => textOf(message).endsWith(footer) && titleOf(message).includes(state);
  return discord.waitForMessage(fits, { ...WAIT, timeoutMs: 25_000, what: `the alert ${footer}, ${state},` });
}

/** `breakwater check` as a process of its own. */
export function runCheck(
  env: World['env'],
  ...options: readonly string[]
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn(process.execPath, ['src/main.ts', 'check', ...options], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
}
