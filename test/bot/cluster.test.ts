import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../sandbox/drill/read-message.ts';
import type { KubeObject } from '../../sandbox/kubernetes/api/object.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import { countOrphaned } from '../../sandbox/stage/cluster/count-orphaned.ts';
import { describeAlerts } from './cluster-alerts.ts';
import { describeBackups } from './cluster-backups.ts';
import { describeCheck } from './cluster-check.ts';
import { describeRefusals } from './cluster-refusals.ts';
import {
  alertSays,
  askOrphaned,
  type ClusterWorld,
  createClusterWorld,
  endingNobody,
  LEFT_BEHIND,
  podsOf,
} from './cluster-world.ts';
import { becomes, forge, GO, goId, openIncident, refusalOf, timelineOf } from './kill-world.ts';
import { askStatus, endAfterAll } from './world.ts';

/** Product.md §6; and a moment, for what is compared is counted in seconds. */
const ORPHANED_AFTER_MS = 61_000;

let world: ClusterWorld;
const worldOf = () => world;

beforeAll(async () => {
  world = await createClusterWorld();
  await openIncident(world);
}, 120_000);
afterAll(() => world.close());
endAfterAll();

// A session must be nobody's for a minute: meanwhile all the rest of what the cluster is for is looked at.
describeBackups(worldOf);
describeRefusals(worldOf);
describeAlerts(worldOf);
describeCheck(worldOf);

describe('sessions that nobody owns', () => {
  beforeAll(() => delay(Math.max(0, world.goneAt + ORPHANED_AFTER_MS - Date.now())), 120_000);

  it('alone are shown: none of a live pod, nor of one that is Terminating', async () => {
    const pod = demandApart();
    const node = hangTerminating(pod);
    try {
      const shown = await askOrphaned(world);
      expect(labelOf(shown)).toContain(`Terminate ${LEFT_BEHIND} sessions`);
      const words = textOf(shown);
      expect(words).toContain(`\`${LEFT_BEHIND}\` **site** · revision 1 · 3 pods vanished`);
      for (const { name } of world.gone) expect(words).toContain(`2 ${name}`);
      expect(words).not.toContain(pod.metadata.name);
      expect(words).toMatch(/`\d+` of a live pod/);
    } finally {
      world.cluster.kubelets.reviveNode(node);
      await world.cluster.settled('site');
    }
  });

  it('are all spared where the API server fails at the click, and it says so', async () => {
    const shown = await askOrphaned(world);
    const stop = world.cluster.kubernetes.faults.set({ kind: 'refuse', code: 500, path: '/api/v1/pods?limit' });
    const result = await endingNobody(world, async () => {
      await world.discord.actAs('rosa').click(shown.id, GO);
      return becomes(world, shown.id, new RegExp(`terminated 0 · spared ${LEFT_BEHIND} · failed 0`));
    }).finally(stop);
    const reason = 'whose it is cannot be told: the pods are not seen: The API server answers with a fault';
    expect(textOf(result)).toContain(reason);
    // It is over: whoever clicks once more is told so.
    expect(await refusalOf(await forge(world, goId(shown), 'ada', { messageId: shown.id }))).toContain('Carried out');
    expect(await timelineOf(world)).toContain(
      `carried out kill-stale on main: terminated 0, spared ${LEFT_BEHIND}, failed 0 (${LEFT_BEHIND} in doubt: ${reason}`,
    );
  });

  it('are told by /db status and by an alert, with their pods and revision, and where it all runs', async () => {
    const { message } = await alertSays(world, 'connections-orphaned · main · orphaned', 'firing');
    expect(textOf(message)).toContain(`${LEFT_BEHIND} orphaned sessions`);
    const status = await askStatus(world);
    expect(status).toContain(`Orphaned sessions: ${LEFT_BEHIND}`);
    expect(status).toContain(`\`${LEFT_BEHIND}\` of deployment site, revision 1 (3 pods), the oldest`);
    for (const { name } of world.gone) expect(status).toContain(`2 ${name}`);
    const [pod] = podsOf(world.cluster, 'postgres');
    expect(status).toContain(`Pod **${pod?.metadata.name}**: became ready`);
    expect(status).toContain(`Node **${pod?.spec.nodeName}**: became Ready`);
    expect(status).toMatch(/Volume \*\*postgres-storage\*\*: Retain, attached to lke-node-\d/);
    expect(status).toMatch(/Last backup\nsucceeded <t:\d+:R>/);
  });

  it('are ended as they were shown, but for those whose address came back before the click', async () => {
    const [again] = world.gone;
    if (again === undefined) throw new Error('nobody has gone');
    const shown = await askOrphaned(world);
    await comeBack('site-again', again.address);
    const living = () => [...world.stage.pods.values()].flat().map((player) => player.count());
    const before = living();
    await world.discord.actAs('rosa').click(shown.id, GO);
    const result = textOf(await becomes(world, shown.id, /terminated 4 · spared 2 · failed 0/));
    expect(result).toContain('its address came back: pod site-again');
    expect(result).toContain(`\`2\` ${again.name} · revision 1: spared`);
    expect(living()).toEqual(before);
    expect(await countOrphaned(world.stage)).toBe(0);
    await alertSays(world, 'connections-orphaned · main · orphaned', 'resolved');
  });

  it('are not selected where a newer pod has their address, or two have it: they are shown as in doubt', async () => {
    expect(textOf(await askOrphaned(world))).toContain('In doubt: unknown 0, address reused 2');
    await comeBack('site-once-more', world.gone[0]?.address ?? '', 'nowhere');
    const words = textOf(await endingNobody(world, () => askOrphaned(world)));
    expect(words).toContain('In doubt: unknown 2, address reused 0');
    expect(words).toContain('is the address of several pods');
    expect(world.discord.violations).toEqual([]);
  });
});

const labelOf = (message: { readonly components: unknown }): string => JSON.stringify(message.components);

/** A pod of `site` that is not on the server's node. */
function demandApart(): KubeObject {
  const server = podsOf(world.cluster, 'postgres')[0]?.spec.nodeName as string;
  const pod = podsOf(world.cluster, 'site').find(({ spec }) => spec.nodeName !== server);
  if (pod === undefined) throw new Error('all run on one node');
  return pod;
}

/** Its node stands still, so that it is told to go and cannot; gives the node. */
function hangTerminating({ metadata, spec }: KubeObject): string {
  const node = String(spec.nodeName);
  world.cluster.kubelets.killNode(node, { sockets: 'stay' });
  const { api } = world.cluster.kubernetes;
  const { object } = api.delete(pods, 'default', metadata.name, { gracePeriodSeconds: 1 });
  expect(object.metadata.deletionTimestamp).toBeDefined();
  return node;
}

/** A pod that has this address from now on. */
async function comeBack(name: string, podIP: string, nodeName = 'lke-node-9'): Promise<void> {
  const [like] = podsOf(world.cluster, 'site');
  const startTime = `${new Date().toISOString().slice(0, 19)}Z`;
  world.cluster.kubernetes.api.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { ...(like?.spec as object), nodeName },
    status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }], startTime },
  });
}
