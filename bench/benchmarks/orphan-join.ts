import type { DetailedSession } from '../../src/model/activity.ts';
import type { ClusterState, Pod } from '../../src/model/cluster.ts';
import { isTerminal } from '../../src/model/cluster.ts';
import { seen } from '../../src/model/observed.ts';
import { decideStaleness } from '../../src/model/staleness.ts';
import type { Benchmark } from '../benchmark.ts';
import { figureOf } from '../figure.ts';

const SESSIONS = 3_000;
const PODS = 5_000;
const NODES = 50;
const RUNS = 25;
/** A responder waits for it, and meanwhile the bot does nothing else. */
const BUDGET_MS = 20;
const NOW = Date.UTC(2020, 11, 11, 13, 24);
const HOUR_MS = 3_600_000;

export default {
  name: 'orphan-join',
  summary: `whose ${SESSIONS} sessions are, among ${PODS} pods on ${NODES} nodes, the index of the pods included`,
  async run() {
    const state = describeCluster();
    const sessions = describeSessions();
    const ms = { ours: [] as number[], naive: [] as number[] };
    // The first ones compile what the others use.
    for (let run = -3; run < RUNS; run += 1) {
      const begun = performance.now();
      const ours = joinOurs(sessions, state);
      const between = performance.now();
      const naive = joinNaively(sessions, state);
      const ended = performance.now();
      if (ours !== naive || ours === 0) throw new Error(`${ours} orphans, where a loop finds ${naive}`);
      if (run < 0) continue;
      ms.ours.push(between - begun);
      ms.naive.push(ended - between);
    }
    const naive = figureOf({ name: 'a loop over all pods for each session', unit: 'ms' }, ms.naive);
    const peer = { name: naive.name, value: naive.value, source: 'measured in this run' };
    const ours = figureOf({ name: `join, ${SESSIONS} sessions`, unit: 'ms', peers: [peer] }, ms.ours);
    return {
      figures: [ours, naive],
      notes: [
        `the budget is ${BUDGET_MS} ms: ${ours.value <= BUDGET_MS ? 'kept' : 'exceeded'}`,
        'the loop compares texts of addresses with those of living pods and does nothing else: no networks, no ages, no words',
      ],
    };
  },
} satisfies Benchmark;

function joinOurs(sessions: readonly DetailedSession[], state: ClusterState): number {
  const criteria = { kind: 'orphaned', olderThanMs: 60_000, application: null } as const;
  const judged = decideStaleness(sessions, criteria, {
    applications: [{ name: 'site', match: { user: 'site' } }],
    protect: ['pg_dump'],
    poolerPids: seen(new Set(), NOW),
    cluster: { state: seen(state, NOW), podCidrs: ['10.2.0.0/16'], excludeAddresses: [] },
    sessionsAt: NOW,
  });
  return judged.filter(({ verdict }) => verdict.kind === 'selected').length;
}

function joinNaively(sessions: readonly DetailedSession[], { pods }: ClusterState): number {
  return sessions.filter(
    ({ address }) => !pods.some((pod) => !isTerminal(pod) && pod.addresses.some((each) => each === address)),
  ).length;
}

/** A hundred pods on each node, from .2 on; each tenth has ended. */
function describeCluster(): ClusterState {
  const nodes = Array.from({ length: NODES }, (_, index) => ({
    name: `node-${index}`,
    uid: `node-${index}`,
    addresses: [`192.168.0.${index}`],
    podCidrs: [`10.2.${index}.0/24`],
    tunnelAddresses: [`10.2.${index}.255`],
    ready: 'True' as const,
    readySince: NOW - HOUR_MS,
    readyReason: 'KubeletReady',
    unschedulable: false,
    taints: [],
    providerId: null,
    volumesInUse: [],
  }));
  const pods = Array.from({ length: PODS }, (_, index): Pod => {
    const at = NOW - 3 * HOUR_MS;
    return {
      namespace: 'default',
      name: `site-${index}`,
      uid: `pod-${index}`,
      phase: index % 10 === 0 ? 'Succeeded' : 'Running',
      terminatingAt: null,
      node: `node-${index % NODES}`,
      addresses: [`10.2.${index % NODES}.${2 + Math.floor(index / NODES)}`],
      hostNetwork: false,
      createdAt: at,
      scheduledAt: at,
      startedAt: at,
      ready: true,
      readySince: at,
      owner: { kind: 'Deployment', name: 'site', revision: '42' },
      containers: [],
      claims: [],
    };
  });
  return { pods, vanished: [], nodes, watchedSince: NOW - HOUR_MS };
}

/** Of living pods, of such that have ended, and of such that nobody remembers. */
function describeSessions(): readonly DetailedSession[] {
  const backendStart = new Date(NOW - 2 * HOUR_MS).toISOString().replace('T', ' ').replace('Z', '001+00');
  return Array.from({ length: SESSIONS }, (_, index) => ({
    pid: index + 1,
    backendStart,
    user: 'site',
    database: 'site',
    applicationName: '',
    address: `10.2.${index % NODES}.${2 + ((Math.floor(index / NODES) * 3) % 150)}`,
    state: 'idle' as const,
    stateMs: HOUR_MS,
    transactionMs: null,
    waitEventType: 'Client',
    own: false,
    backendType: 'client backend',
    userId: 16_384,
    databaseId: 16_385,
    superuser: false,
    replication: false,
    stateChange: backendStart,
    ageMs: 2 * HOUR_MS,
    waitEvent: 'ClientRead',
    statement: 'SELECT …',
  }));
}
