import { describe, expect, it } from 'vitest';
import type { DetailedSession } from '../../../src/model/activity.ts';
import { seen } from '../../../src/model/observed.ts';
import { judgeSessions, toShown } from '../../../src/recovery/sessions-to-end.ts';
import step from '../../../src/recovery/steps/terminate-sessions.ts';
import { NOW } from '../../support/builders.ts';
import { detailedSession, detailedSessions } from '../../support/detailed-session.ts';
import { createFakeWorld, type FakeWorld, OWNERS, SERVER, SILENT, stepCall } from '../../support/gentle-rungs.ts';
import { clusterState, node, pod } from '../../support/place-builders.ts';

const PARAMS = { application: 'site', kind: 'idle' as const, owners: OWNERS, protect: ['pg_dump'], server: SERVER };
const LEFTOVERS = { ...PARAMS, kind: 'leftovers' as const };
const THREE = detailedSessions(3);

const showing = (sessions: readonly DetailedSession[]) =>
  judgeSessions('site', {
    sessions,
    sessionsAt: NOW,
    poolerPids: seen(new Set<number>(), NOW),
    applications: OWNERS,
    protect: [],
  }).map(toShown);

/** `three` were shown; this is what there is now. */
function callWith(
  sessions: readonly DetailedSession[],
  now: Partial<FakeWorld['now']> = {},
  params: typeof PARAMS | typeof LEFTOVERS = PARAMS,
) {
  const world = createFakeWorld({ sessions: seen(sessions, NOW), ...now });
  return { world, call: stepCall(params, world, { shown: showing(THREE) }) };
}

const [first = detailedSession(), ...others] = THREE;
const changed = (parts: Partial<DetailedSession>) => [{ ...first, ...parts }, ...others];

describe('idle sessions that were shown', () => {
  it('are ended, as what they were shown to be', async () => {
    const { world, call } = callWith(THREE);
    expect(await step.check(call)).toEqual({ kind: 'ready', saw: '3 were listed: 0 gone, 3 left' });
    expect(await step.act(call)).toEqual({ kind: 'done' });
    expect(world.ended.map(({ pid, stateChange }) => [pid, stateChange])).toEqual(
      THREE.map(({ pid, stateChange }) => [pid, stateChange]),
    );
  });

  it('are ended and no others', async () => {
    const { world, call } = callWith([...THREE, ...detailedSessions(5, { pid: 9_000 })]);
    await step.act(call);
    expect(world.ended.map(({ pid }) => pid)).toEqual([1_000, 1_001, 1_002]);
  });

  it.each<[string, Partial<DetailedSession>, Partial<FakeWorld['now']>]>([
    ['was used since', { stateChange: '2020-12-11 13:00:00.000001+00' }, {}],
    ['is active', { state: 'active' }, {}],
    ['is in a transaction', { state: 'idle in transaction' }, {}],
    ["is a superuser's", { superuser: true }, {}],
    ["is a replication role's", { replication: true }, {}],
    ['is of an unknown role', { superuser: null }, {}],
    ['is no client', { backendType: 'walsender' }, {}],
    ['is hidden', { backendType: null }, {}],
    ["is Breakwater's", { applicationName: 'breakwater' }, {}],
    ['is protected', { applicationName: 'pg_dump' }, {}],
    ['is of another application now', { user: 'bot' }, {}],
    ['is held by a pooler', {}, { poolerPids: seen(new Set([1_000]), NOW) }],
  ])('are spared where one %s', async (_, parts, now) => {
    const { world, call } = callWith(changed(parts), now);
    await step.act(call);
    expect(world.ended.map(({ pid }) => pid)).toEqual([1_001, 1_002]);
    expect((await step.check(call)).saw).toContain('1 spared');
  });

  it('are spared by the names that are protected now, too', async () => {
    const { world, call } = callWith(changed({ applicationName: 'alembic' }));
    await step.act({ ...call, tools: { ...world.tools, protect: ['alembic'] } });
    expect(world.ended.map(({ pid }) => pid)).toEqual([1_001, 1_002]);
  });

  it('are gone where another has the pid', async () => {
    const { world, call } = callWith(changed({ backendStart: '2020-12-11 13:23:00.000001+00' }));
    await step.act(call);
    expect(world.ended.map(({ pid }) => pid)).toEqual([1_001, 1_002]);
  });

  it('are seen to be gone', async () => {
    const { call } = callWith(detailedSessions(4, { pid: 9_000 }));
    expect(await step.verify(call)).toEqual({ kind: 'holds', saw: '3 were listed: 3 gone, 0 left' });
    expect((await step.check(call)).kind).toBe('acted');
    expect((await step.verify(callWith([first]).call)).kind).toBe('waiting');
  });

  it.each<[string, Partial<FakeWorld['now']>]>([
    ['the sessions', { sessions: SILENT }],
    ["the pooler's sessions", { poolerPids: SILENT }],
  ])('are left alone where %s cannot be read', async (_, now) => {
    const { world, call } = callWith(THREE, now);
    expect((await step.check(call)).kind).toBe('unknown');
    expect((await step.act(call)).kind).toBe('refused');
    expect((await step.verify(call)).kind).toBe('unknown');
    expect(world.ended).toEqual([]);
  });

  it('are left alone where their list cannot be read', async () => {
    const { world, call } = callWith(THREE);
    const torn = { ...call, shown: [{ pid: 1_000 }] };
    expect((await step.check(torn)).kind).toBe('blocked');
    expect((await step.act(torn)).kind).toBe('refused');
    expect((await step.verify(torn)).kind).toBe('failed');
    expect(world.ended).toEqual([]);
  });

  it.each([
    ['privilege', 'blocked'],
    ['pooler', 'blocked'],
    ['unreachable', 'unknown'],
  ] as const)('wait behind an obstacle (%s)', async (kind, standing) => {
    const { call } = callWith(THREE, { obstacle: { kind, reason: 'no right', remedy: 'GRANT it;' } });
    expect(await step.check(call)).toEqual({ kind: standing, saw: 'no session can be ended: no right. GRANT it;' });
  });

  it.each(['failed', 'unknown'] as const)('may still be there where the answer is %s', async (fate) => {
    expect((await step.act(callWith(THREE, { fate }).call)).kind).toBe('unknown');
  });
});

describe('sessions that outlived their pods', () => {
  const pods = (...addresses: string[]) => ({
    pods: seen(
      clusterState({ pods: addresses.map((address, n) => pod('site', { name: `site-${n}`, addresses: [address] })) }),
      NOW,
    ),
  });
  const of = async (sessions: readonly DetailedSession[], now: Partial<FakeWorld['now']> = pods()) => {
    const { world, call } = callWith(sessions, now, LEFTOVERS);
    await step.act(call);
    return world.ended.map(({ pid }) => pid);
  };

  it('are ended in whatever state they are now', async () => {
    expect(await of(changed({ state: 'idle in transaction', stateChange: 'later' }))).toEqual([1_000, 1_001, 1_002]);
    expect(await of(changed({ state: 'active', waitEvent: 'ClientRead' }))).toEqual([1_000, 1_001, 1_002]);
  });

  it('are ended as what they are now', async () => {
    const { world, call } = callWith(changed({ state: 'active', stateChange: 'later' }), pods(), LEFTOVERS);
    await step.act(call);
    expect(world.ended[0]).toMatchObject({ state: 'active', stateChange: 'later', waitEvent: 'ClientRead' });
  });

  it.each<[string, Partial<DetailedSession>, Partial<FakeWorld['now']>]>([
    ['a living pod has its address', { address: '10.2.0.9' }, pods('10.2.0.9')],
    [
      'a Terminating pod has its address',
      { address: '10.2.0.9' },
      { pods: seen(clusterState({ pods: [pod('site', { addresses: ['10.2.0.9'], terminatingAt: NOW })] }), NOW) },
    ],
    ["its address is a node's", { address: '192.168.1.1' }, { pods: seen(clusterState({ nodes: [node()] }), NOW) }],
    [
      "its address is a host-network pod's",
      { address: '192.168.1.7' },
      { pods: seen(clusterState({ pods: [pod('x', { hostNetwork: true, addresses: ['192.168.1.7'] })] }), NOW) },
    ],
    ['it has no address', { address: null }, pods()],
    ['its address cannot be read', { address: 'fe80::1%eth0' }, pods()],
    ['it is a superuser’s', { superuser: true }, pods()],
    ['a pooler holds it', {}, { ...pods(), poolerPids: seen(new Set([1_000]), NOW) }],
    ['it is protected', { applicationName: 'pg_dump' }, pods()],
    ['it is of another application', { user: 'bot' }, pods()],
  ])('are spared where of one %s', async (_, parts, now) => {
    expect(await of(changed(parts), now)).toEqual([1_001, 1_002]);
  });

  it('are spared where a pod that has no address yet was there before they began', async () => {
    const starting = pod('site', { addresses: [], scheduledAt: NOW - 60_000 });
    const now = { pods: seen(clusterState({ pods: [starting] }), NOW) };
    expect(await of(changed({ ageMs: 10_000 }), now)).toEqual([1_001, 1_002]);
  });

  it('are ended where a pod of their address has ended', async () => {
    const over = pod('site', { addresses: ['10.2.0.5'], phase: 'Failed' });
    expect(await of(THREE, { pods: seen(clusterState({ pods: [over] }), NOW) })).toHaveLength(3);
  });

  it.each([
    ['the pods cannot be listed', SILENT],
    ['the pods were listed before the sessions were read', seen(clusterState(), NOW - 1)],
  ])('are left alone where %s', async (_, list) => {
    const { world, call } = callWith(THREE, { pods: list }, LEFTOVERS);
    expect((await step.check(call)).kind).toBe('unknown');
    expect((await step.act(call)).kind).toBe('refused');
    expect((await step.verify(call)).kind).toBe('unknown');
    expect(world.ended).toEqual([]);
  });

  it('need no list of pods once they are gone', async () => {
    expect((await step.verify(callWith([], { pods: SILENT }, LEFTOVERS).call)).kind).toBe('holds');
  });
});
