import { describe, expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import type { DetailedSession } from '../../src/model/activity.ts';
import type { ClusterState } from '../../src/model/cluster.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { renderKillPreview } from '../../src/render/kill-stale-preview.ts';
import { renderKillProgress, renderKillResult } from '../../src/render/kill-stale-result.ts';
import type { Message } from '../../src/render/message.ts';
import { createKillWorld, type KillWorld } from '../operations/kill-world.ts';
import { NOW } from '../support/builders.ts';
import { clusterState, node, pod, vanishedPod } from '../support/cluster-look.ts';
import { detailedSession, detailedSessions } from '../support/detailed-session.ts';

const MINUTE = 60_000;
const HOSTILE = '@everyone `x` [a](https://b)';
const NO_CHART = { ok: false, reason: 'none' } as const;

const pods =
  (parts: Partial<ClusterState> = {}) =>
  () =>
    seen(clusterState(parts), NOW);
const csvOf = ({ attachments }: Message): string => new TextDecoder().decode(attachments?.[0]?.data);
const field = ({ embed }: Message, name: string) => embed?.fields?.find((each) => each.name.startsWith(name))?.value;

async function preview(sessions: readonly DetailedSession[], parts: Partial<KillWorld> = {}) {
  const { operation } = createKillWorld(sessions, { pods: pods(), ...parts });
  return renderKillPreview(await operation.preview({}, 'rosa'));
}

const YOUNG = pod({ name: 'young', addresses: ['10.2.0.9'], startedAt: NOW - MINUTE });
const CROWD = [
  ...detailedSessions(24),
  ...detailedSessions(3, { pid: 2_000, address: '10.2.0.8', state: 'idle in transaction' }),
  ...detailedSessions(6, { pid: 3_000, address: '10.2.0.6' }),
  ...detailedSessions(5, { pid: 4_000, address: '10.2.0.9' }),
  ...detailedSessions(2, { pid: 5_000, address: 'odd' }),
];
const WORLD = { pods: pods({ pods: [pod(), YOUNG] }) };

describe('the preview of orphaned sessions', () => {
  it('leads with how many, and says what they are and when they are spared', async () => {
    const { embed, buttons } = await preview(CROWD, WORLD);
    expect(embed?.title).toBe('main: 27 sessions would be terminated');
    expect(embed?.description).toContain('They are **orphaned, and connected for 1 min or longer**.');
    expect(embed?.description).toContain('one that is used before the click, or whose address comes back, is spared');
    expect(embed?.description).toContain('⚠️ Open transactions among them are rolled back.');
    expect(embed?.description).not.toContain('kubeconfig');
    expect(buttons?.at(-1)).toMatchObject({ label: 'Terminate 27 sessions', style: 'danger' });
  });

  it('names the pods that are gone, and since when', async () => {
    const message = await preview(CROWD, WORLD);
    expect(field(message, 'By pod')).toBe(
      [
        `\`24\` site-6f-q8w7e · revision 41 · vanished <t:${(NOW - 38 * MINUTE) / 1_000}:R>`,
        '` 3` no pod has 10.2.0.8; it went before 12:24 UTC, further back than Breakwater remembers',
      ].join('\n'),
    );
    expect(field(message, 'The oldest')).toMatch(/^pid 1000 · site@site from pod site-6f-q8w7e · idle/);
  });

  it("puts a rollout's pods under its line", async () => {
    const owner = { kind: 'Deployment', name: 'site', revision: '41' };
    const vanished = ['10.2.0.5', '10.2.0.7'].map((address, at) =>
      vanishedPod({
        uid: `uid-${at}`,
        name: `site-${at}`,
        addresses: [address],
        owner,
        vanishedAt: NOW - (at + 1) * MINUTE,
      }),
    );
    const sessions = [...detailedSessions(24), ...detailedSessions(3, { pid: 2_000, address: '10.2.0.7' })];
    const message = await preview(sessions, { pods: pods({ vanished }) });
    const when = `<t:${(NOW - MINUTE) / 1_000}:R>`;
    expect(field(message, 'By pod')).toBe(
      `\`27\` **site** · revision 41 · 2 pods vanished ${when}\n-# 24 site-0, 3 site-1`,
    );
  });

  it('says right after a rollout that they are only too young to be told', async () => {
    const young = detailedSessions(24, {
      backendStart: '2020-12-11 13:23:30.000000+00',
      ageMs: 30_000,
      stateMs: 30_000,
    });
    const { embed } = await preview(young, WORLD);
    expect(embed?.title).toBe('main: nothing to terminate');
    expect(embed?.description).toContain('**24** may be: no living pod has their address');
  });

  it('tells the doubtful with their reasons, and counts who is left alone', async () => {
    const message = await preview(CROWD, WORLD);
    expect(field(message, 'In doubt: unknown 2, address reused 5')).toBe(
      [
        '`5` address reused: it is older than pod young of revision 42, which has 10.2.0.9 now',
        '`2` its address cannot be read: odd',
      ].join('\n'),
    );
    expect(field(message, 'Left alone: 13')).toBe('`6` of a live pod\n`5` address reused\n`2` not known well enough');
  });

  it('warns of those that began when no pod had their address, and says what to do with a bridge', async () => {
    const began = { ...WORLD, pods: pods({ pods: [pod(), YOUNG], watchedSince: NOW - 6 * 60 * MINUTE }) };
    const { embed } = await preview(CROWD, began);
    expect(embed?.description).toContain('⚠️ 3 of them began when no pod had their address:');
    expect(embed?.description).toContain('`kubernetes.excludeAddresses`');
    expect((await preview(CROWD, WORLD)).embed?.description).not.toContain('when no pod had their address');
  });

  it('warns of those whose pods may still run, on a node that nobody reaches', async () => {
    const dead = { pods: pods({ pods: [pod(), YOUNG], nodes: [node({ ready: 'Unknown' })] }) };
    expect((await preview(CROWD, dead)).embed?.description).toContain('⚠️ 24 of them may still be used');
    expect((await preview(CROWD, WORLD)).embed?.description).not.toContain('may still be used');
  });

  it('warns where not one session is of a living pod: it may be another cluster', async () => {
    expect((await preview(detailedSessions(3))).embed?.description).toContain('make sure that the kubeconfig');
  });

  it('lists each session with its verdict and its pod', async () => {
    const lines = csvOf(await preview(CROWD, WORLD))
      .trim()
      .split('\r\n');
    expect(lines[0]).toMatch(/,statement,pod_namespace,pod,pod_owner,pod_revision,pod_vanished$/);
    expect(lines[1]).toMatch(
      /^selected,pod site-6f-q8w7e of revision 41 vanished 38 min ago,.*,default,site-6f-q8w7e,Deployment\/site,41,2020-12-11T12:46:00.000Z$/,
    );
    expect(lines[28]).toMatch(
      /^spared,of pod site-7a-x2x4z of revision 42,.*,default,site-7a-x2x4z,Deployment\/site,42,$/,
    );
    expect(lines.at(-1)).toMatch(/^spared,its address cannot be read: odd,.*,,,,,$/);
  });

  it('says where nobody is orphaned how many are in doubt and why, and offers the other kinds', async () => {
    const message = await preview(CROWD.slice(27), WORLD);
    expect(message.embed?.title).toBe('main: nothing to terminate');
    expect(message.embed?.description).toContain(
      'In doubt are **7** (unknown 2, address reused 5): these are never selected.',
    );
    expect(field(message, 'In doubt')).toContain('`2` its address cannot be read: odd');
    expect(message.buttons?.map(({ label }) => label)).toEqual(['Idle ≥ 10 min: 13…']);
  });

  it('says why the pods are not known, and offers the other kinds', async () => {
    const { embed, buttons } = await preview(CROWD, { pods: () => unseen(HOSTILE, NOW) });
    expect(embed?.description).toMatch(/^Whose pods are gone cannot be told: the pods are not seen: \\@/);
    expect(buttons?.map(({ label, style }) => [label, style])).toContainEqual(['Idle ≥ 10 min: 37…', 'act']);
  });

  it('prints hostile names harmlessly', async () => {
    const owner = { kind: HOSTILE, name: HOSTILE, revision: HOSTILE };
    const world = { pods: pods({ vanished: [vanishedPod({ name: HOSTILE, owner, namespace: '=cmd()' })] }) };
    const message = await preview([...CROWD, detailedSession({ pid: 1, address: HOSTILE })], world);
    expect(JSON.stringify(message.embed)).not.toMatch(/@everyone|\]\(https:/);
    expect(csvOf(message)).toContain(",'=cmd(),");
  });

  it('fits into a message of Discord however many pods are gone and whatever they are called', async () => {
    const name = (index: number) => `${'n'.repeat(240)}${index}`;
    const addresses = Array.from({ length: 400 }, (_, index) => `10.2.${1 + (index >> 7)}.${index & 127}`);
    const vanished = addresses.map((address, index) => vanishedPod({ name: name(index), addresses: [address] }));
    const sessions = addresses.map((address, pid) => detailedSession({ pid: pid + 1, address, user: 'ü'.repeat(60) }));
    const odd = addresses.map((address, pid) => detailedSession({ pid: pid + 1_000, address: `${address}-odd` }));
    const message = await preview([...sessions, ...odd], { pods: pods({ vanished }) });
    const { embed } = message;
    const texts = [
      embed?.title,
      embed?.description,
      ...(embed?.fields?.flatMap((each) => [each.name, each.value]) ?? []),
    ];
    expect(texts.join('').length).toBeLessThan(6_000);
    expect(embed?.fields?.every(({ value }) => value.length <= 1_024)).toBe(true);
    expect(() => fitMessage(message)).not.toThrow();
  });
});

describe('the result of orphaned sessions', () => {
  async function result(now: KillWorld['pods']) {
    const { operation, world } = createKillWorld(CROWD, WORLD);
    const shown = await operation.preview({}, 'rosa');
    if (shown.kind !== 'ready') throw new Error(shown.kind);
    world.pods = now;
    const { id, hash } = shown.confirmation;
    const given = { database: 'main', plan: shown.plan, by: '7' };
    return {
      progress: renderKillProgress(given),
      message: renderKillResult(await operation.execute(id, hash, 'remy', async () => {}), NO_CHART),
    };
  }

  it('counts by pod', async () => {
    const { message, progress } = await result(WORLD.pods);
    expect(progress.embed?.description).toContain('They are orphaned, and connected for 1 min or longer.');
    expect(message.embed?.title).toBe('main: terminated 27 · spared 0 · failed 0');
    expect(field(message, 'By pod')).toBe('`24` site-6f-q8w7e · revision 41: terminated\n` 3` 10.2.0.8: terminated');
    expect(csvOf(message)).toContain(',10.2.0.5,default,site-6f-q8w7e,Deployment/site,41,2020-12-11T12:46:00.000Z\r\n');
  });

  it('says whose address came back', async () => {
    const back = pod({ name: 'back', addresses: ['10.2.0.5'] });
    const { message } = await result(pods({ pods: [pod(), YOUNG, back] }));
    expect(message.embed?.title).toBe('main: terminated 3 · spared 24 · failed 0');
    expect(field(message, 'Not terminated')).toBe('`24` spared: its address came back: pod back of revision 42');
  });

  it('says why nobody was ended where the pods could not be listed', async () => {
    const { message } = await result(() => unseen('refused', NOW));
    expect(message.embed?.title).toBe('main: terminated 0 · spared 27 · failed 0');
    expect(field(message, 'Not terminated')).toBe(
      '`27` spared: whose it is cannot be told: the pods are not seen: refused',
    );
  });
});
