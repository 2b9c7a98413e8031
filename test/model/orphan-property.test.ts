import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClusterState, Pod } from '../../src/model/cluster.ts';
import { seen } from '../../src/model/observed.ts';
import type { ClusterLook } from '../../src/model/orphan.ts';
import { SESSION_STATES } from '../../src/model/session-group.ts';
import { decideStaleness, type JudgedSession } from '../../src/model/staleness.ts';
import { reportOrphans } from '../../src/model/summarise-orphans.ts';
import { NOW } from '../support/builders.ts';
import { node, pod, vanishedPod } from '../support/cluster-look.ts';
import { detailedSession } from '../support/detailed-session.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** A small world, so that addresses meet: .0 and .1 are the node's, .8 and up lie outside the pod networks. */
const PLAIN = Array.from({ length: 12 }, (_, last) => `10.2.0.${last}`);
const INSIDE = PLAIN.slice(0, 8);

const address = fc.constantFrom(...PLAIN);
const written = fc.tuple(address, fc.boolean()).map(([text, mapped]) => (mapped ? `::ffff:${text}` : text));
const ago = fc.oneof(fc.integer({ min: 0, max: 3 * HOUR }), fc.constantFrom(0, 59 * SECOND, 60 * SECOND, 61 * SECOND));
const moment = ago.map((ms) => NOW - ms);

const pods = fc.array(
  fc.record<Partial<Pod>>({
    phase: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'),
    terminatingAt: fc.option(moment),
    addresses: fc.oneof(
      { weight: 8, arbitrary: fc.array(written, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constant([]) },
    ),
    hostNetwork: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    scheduledAt: moment,
    startedAt: fc.option(moment),
    createdAt: moment,
  }),
  { maxLength: 4 },
);

const state: fc.Arbitrary<ClusterState> = fc.record({
  // One that the networks are right by.
  pods: pods.map((all) =>
    [pod({ addresses: ['10.2.0.7'] })].concat(all.map((parts, index) => pod({ ...parts, name: `pod-${index}` }))),
  ),
  vanished: fc.array(
    fc.record({ addresses: fc.array(written, { minLength: 1 }), vanishedAt: moment }).map(vanishedPod),
  ),
  nodes: fc.tuple(written, written).map(([own, tunnel]) => [node({ addresses: [own], tunnelAddresses: [tunnel] })]),
  watchedSince: moment,
});

const look: fc.Arbitrary<ClusterLook> = fc.record({
  state: fc.tuple(state, fc.constantFrom(NOW, NOW, NOW, NOW + SECOND, NOW - 1)).map(([value, at]) => seen(value, at)),
  podCidrs: fc.constantFrom(['10.2.0.0/29'], ['10.2.0.0/29'], ['10.2.0.0/30', '10.2.0.4/30'], []),
  excludeAddresses: fc.array(written, { maxLength: 1 }),
});

const sessions = fc
  .array(
    fc
      .record({
        address: fc.oneof(
          { weight: 20, arbitrary: written },
          { weight: 1, arbitrary: fc.constantFrom(null, 'odd', '') },
        ),
        agoMs: ago,
        drift: fc.constantFrom(0, 0, 0, 2 * SECOND, -2 * SECOND, 40 * SECOND),
        state: fc.constantFrom(...SESSION_STATES),
        stateMs: ago,
        waitEventType: fc.constantFrom('Client', 'Client', 'Lock', null),
        waitEvent: fc.constantFrom('ClientRead', 'ClientWrite', 'WalSenderMain', null),
      })
      .map(({ agoMs, drift, ...parts }) =>
        Object.assign(parts, {
          ageMs: agoMs,
          backendStart: new Date(NOW - agoMs - drift).toISOString().replace('T', ' ').replace('Z', '000+00'),
        }),
      ),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => all.map((parts, index) => detailedSession({ ...parts, pid: index + 1 })));

const plain = (text: string | null) => text?.replace('::ffff:', '') ?? '';

/** product.md §6 once more, the long way round: what must hold of each that is selected. */
function expectOrphaned(
  { session, ownership }: JudgedSession,
  { state: observed, podCidrs, excludeAddresses }: ClusterLook,
): void {
  if (!observed.ok) throw new Error('nothing was seen');
  const { pods: all, nodes, vanished, watchedSince } = observed.value;
  const own = plain(session.address);
  const isOwn = (text: string) => plain(text) === own;
  expect(podCidrs).not.toEqual([]);
  expect(INSIDE).toContain(own);
  expect(observed.at).toBeGreaterThanOrEqual(NOW);
  const living = all.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
  expect(living.flatMap(({ addresses }) => addresses).filter(isOwn)).toEqual([]);
  const ofNodes = nodes.flatMap(({ addresses, tunnelAddresses }) => addresses.concat(tunnelAddresses));
  expect(ofNodes.filter(isOwn)).toEqual([]);
  expect(['10.2.0.0', '10.2.0.1']).not.toContain(own);
  expect(excludeAddresses.filter(isOwn)).toEqual([]);
  expect(session.ageMs).toBeGreaterThanOrEqual(60 * SECOND);
  const began = Date.parse(`${session.backendStart.slice(0, 23).replace(' ', 'T')}Z`);
  expect(NOW - began).toBeGreaterThanOrEqual(60 * SECOND);
  for (const { addresses, scheduledAt } of living)
    if (addresses.length === 0 && scheduledAt !== null) {
      expect(began).toBeLessThan(scheduledAt);
      expect(NOW - (session.ageMs ?? 0)).toBeLessThan(scheduledAt);
    }
  // Where it cannot have been of a pod that anybody saw, it is said.
  const wasPods = [...vanished, ...all.filter(({ hostNetwork }) => !hostNetwork)];
  const isSaid = ownership?.kind === 'orphaned' && ownership.strange;
  if (!wasPods.some(({ addresses }) => addresses.some(isOwn)) && !isSaid) expect(began).toBeLessThan(watchedSince);
  if (session.state === 'active') {
    expect([session.waitEventType, session.waitEvent]).toEqual([
      'Client',
      expect.stringMatching(/^Client(Read|Write)$/),
    ]);
    expect(session.stateMs).toBeGreaterThanOrEqual(60 * SECOND);
  } else expect(session.state).toMatch(/^idle/);
}

it('no mix of pods, nodes and sessions makes an orphan of what may be somebody’s', () => {
  let selected = 0;
  fc.assert(
    fc.property(sessions, look, fc.integer({ min: 1_000, max: 120_000 }), (all, cluster, olderThanMs) => {
      const context = {
        applications: [],
        protect: [],
        poolerPids: seen(new Set<number>(), NOW),
        cluster,
        sessionsAt: NOW,
      };
      const judged = decideStaleness(all, { kind: 'orphaned', olderThanMs, application: null }, context);
      for (const each of judged) {
        if (each.verdict.kind !== 'selected') continue;
        selected += 1;
        expectOrphaned(each, cluster);
      }
      const usual = decideStaleness(all, { kind: 'orphaned', olderThanMs: 60_000, application: null }, context);
      const report = reportOrphans(all, context);
      expect(report.count).toBe(usual.filter(({ verdict }) => verdict.kind === 'selected').length);
      expect(report.groups.reduce((sum, { count }) => sum + count, 0)).toBe(report.count);
    }),
    { numRuns: 2_000 },
  );
  // Else it would say nothing.
  expect(selected).toBeGreaterThan(200);
});
