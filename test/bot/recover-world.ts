import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Outcome } from '../../sandbox/discord/players/outcome.ts';
import { flattenComponents } from '../../sandbox/discord/world/message-parts.ts';
import type { MemberName } from '../../sandbox/discord/world/seed.ts';
import type { Message } from '../../sandbox/discord/world/state.ts';
import { requestRecovery, seeRun } from '../../sandbox/drill/recover.ts';
import type { KubeObject } from '../../sandbox/kubernetes/api/object.ts';
import deployments from '../../sandbox/kubernetes/resources/deployments.ts';
import nodes from '../../sandbox/kubernetes/resources/nodes.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import { CAST } from '../../sandbox/stage/cast.ts';
import { demandCluster } from '../../sandbox/stage/cluster/demand-cluster.ts';
import type { StageCluster } from '../../sandbox/stage/cluster/set-cluster.ts';
import { readWorkloads, watchWorkloads } from '../../sandbox/stage/cluster/watch-workloads.ts';
import { type Stage, setStage } from '../../sandbox/stage/set-stage.ts';
import { openStreams } from '../../src/bot-journal.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { toJournal } from '../../src/recovery/run-events.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { runOf } from '../support/recovery-builders.ts';

/** A cluster whose server has one client, `site`: every recovery holds it, and the bot has not been started. */
export interface RecoverWorld {
  readonly stage: Stage;
  readonly cluster: StageCluster;
  readonly discord: Stage['discord'];
}

/** Pods are real processes of a machine that may be busy. */
export const SOON = { timeoutMs: 30_000 } as const;
const TIME_SCALE = 5;

export async function createRecoverWorld(): Promise<RecoverWorld> {
  const stage = await setStage({
    timeScale: TIME_SCALE,
    cluster: { sessions: { site: 3 } },
    dependents: ['site'],
    startBot: false,
  });
  const cluster = demandCluster(stage);
  const away = CAST.map(({ name }) => name).filter((name) => name !== 'site');
  await Promise.all([cluster.scale('site', 1), ...away.map((name) => cluster.scale(name, 0))]);
  return { stage, cluster, discord: stage.discord };
}

/** Puts a request into the journal that the bot will find there, as a former life left it. */
export async function leaveExpired({ stage }: RecoverWorld): Promise<ReturnType<typeof runOf>> {
  const { time, postgres, discord } = stage;
  const { remy: requestedBy } = discord.members;
  const run = runOf({ id: 'eeeeeeeeee', requestedBy, until: time.now() - 1_000 });
  const streams = await openStreams({
    redactor: createRedactor([]),
    journal: { kind: 'sqlite', path: join(dirname(postgres.dataDirectory), 'breakwater.db') },
    clock: time,
    log: createRecordedLog(),
    onFatal: (reason) => {
      throw new Error(reason);
    },
  });
  await streams.open(`recoveries/${run.id}`).write([toJournal({ type: 'requested', data: run }, time.now() - 900_000)]);
  await streams.close();
  return run;
}

/** Does it, and expects that nothing in the cluster was changed by it; gives what was answered. */
export async function untouched<T>({ cluster }: RecoverWorld, refuse: () => Promise<T>): Promise<T> {
  const watched = watchWorkloads(cluster.kubernetes.api);
  try {
    const words = await refuse();
    expect(watched.changes).toEqual([]);
    return words;
  } finally {
    watched.stop();
  }
}

export function ask(world: RecoverWorld, by: MemberName = 'remy'): Promise<Message> {
  return requestRecovery(world.stage, by, { strategy: 'restart' });
}

/** The custom id of the button with that label. */
export function idOf({ components }: Message, label: string): string {
  const found = flattenComponents(components).find((each) => each.label === label);
  if (found?.custom_id === undefined) throw new Error(`there is no button ${label}`);
  return found.custom_id;
}

/** A click that carries this custom id, whatever the message shows by then. */
export function forge(
  { discord }: RecoverWorld,
  by: MemberName,
  customId: string,
  message?: Message,
): Promise<Outcome> {
  const data = { custom_id: customId, component_type: 2 };
  return discord.actAs(by).raw({ type: 3, data }, message ? { messageId: message.id } : {});
}

/** The message of a run once it fits. */
export async function sees(
  { stage }: RecoverWorld,
  shown: Message,
  fits: (message: Message) => boolean,
): Promise<Message> {
  return (await seeRun(stage, shown, fits, SOON)).message;
}

/** Somebody else's mark on the server's Deployment; what it returns takes it away. */
export function mark({ cluster }: RecoverWorld, where: 'labels' | 'annotations', name: string): () => void {
  const change = (how: (marks: Record<string, string>) => void): void =>
    void cluster.kubernetes.api.change(deployments, 'default', 'postgres', ({ metadata }) => {
      metadata[where] ??= {};
      how(metadata[where]);
    });
  change((marks) => {
    marks[name] = 'pg';
  });
  return () => change((marks) => delete marks[name]);
}

export const replicasOf = ({ cluster }: RecoverWorld, name: string): number | undefined =>
  readWorkloads(cluster.kubernetes.api).get(name)?.replicas;

/**
 * From the moment on at which nothing of the server is left there, its node says nothing more: its Lease is not renewed.
 * `leave` takes its Node away, as a provider does that gives it up; `comeBack` brings both.
 */
export function silenceNodeOnceStopped({ cluster: { kubernetes, kubelets } }: RecoverWorld) {
  const { api } = kubernetes;
  const isServer = ({ metadata }: KubeObject) => metadata.labels?.['app'] === 'postgres';
  const node: string = api.list(pods, 'default').find(isServer)?.spec.nodeName;
  const kept = () => api.get(nodes, null, node);
  const unwatch = api.watch(() => {
    if (api.list(pods, 'default').some(isServer) || kept()?.status.volumesInUse !== undefined) return;
    unwatch();
    queueMicrotask(() => kubelets.killNode(node, { sockets: 'stay' }));
  });
  let left: KubeObject | null = null;
  return {
    leave() {
      left = kept();
      api.delete(nodes, null, node);
    },
    comeBack() {
      if (left === null) throw new Error('it never left');
      const { apiVersion, kind, metadata, spec, status } = left;
      const { name, labels = {}, annotations = {} } = metadata;
      api.create(nodes, { apiVersion, kind, metadata: { name, labels, annotations }, spec });
      api.change(nodes, null, node, (draft) => void Object.assign(draft, { status }), 'status');
      kubelets.reviveNode(node);
    },
  };
}
