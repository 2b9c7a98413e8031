import type { Json } from '../../src/journal/journal.ts';
import { type Admission, NOBODY_TRIES } from '../../src/model/admission.ts';
import type { Backups } from '../../src/model/backup.ts';
import type { ClusterNode, Pod } from '../../src/model/cluster.ts';
import type { Change, ScaleChange } from '../../src/model/cluster-changes.ts';
import type { PoolerPause } from '../../src/model/database-recovery.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import type { Storage, Workload } from '../../src/model/workload.ts';
import { formatWorkloadReference } from '../../src/model/workload-reference.ts';
import type { RecoveryStep, StepCall, StepTools } from '../../src/recovery/step.ts';
import { NOW } from '../support/builders.ts';
import { backups, CLAIM, clusterState, node, POSTGRES, pod, storage, workload } from '../support/place-builders.ts';

export const VOLUME = 'kubernetes.io/csi/linodebs.csi.linode.com^123-pvc';

/** The server as it runs before anything is touched. */
export const SERVER_POD = pod('postgres', { name: 'postgres-1', claims: [CLAIM.name] });
export const SERVER_NODE = node({ volumesInUse: [VOLUME] });

/** A world that steps act on: what is in it, a test may change at any time. */
export interface FakeGround {
  now: number;
  workloads: Workload[];
  pods: Pod[];
  nodes: ClusterNode[];
  storage: Storage | null;
  leases: Record<string, number | null>;
  backups: Observed<Backups | null>;
  /** One after the other; the last one stays. */
  admissions: Observed<Admission>[];
  writes: Observed<{ lsn: string; tookMs: number }>;
  pause: Observed<PoolerPause> | null;
  /** Answers in the place of a change; null: as the world is. */
  change: Change | null;
  /** Whoever reads one of these gets no answer. */
  readonly silent: Set<'workload' | 'storage' | 'list' | 'workloads' | 'lease'>;
  /** Every change that was asked for. */
  readonly asked: string[];
  readonly tools: StepTools;
}

export function createFakeGround(parts: Partial<FakeGround> = {}): FakeGround {
  const ground: FakeGround = {
    now: NOW,
    workloads: [workload(POSTGRES, { claims: [CLAIM.name] })],
    pods: [SERVER_POD],
    nodes: [SERVER_NODE],
    storage: storage(),
    leases: { 'node-1': NOW - 5_000 },
    backups: seen(backups(), NOW),
    admissions: [unseen(NOBODY_TRIES, NOW)],
    writes: seen({ lsn: '0/16B3748', tookMs: 3.2 }, NOW),
    pause: null,
    change: null,
    silent: new Set(),
    asked: [],
    ...parts,
    tools: undefined as never,
  };
  return Object.assign(ground, { tools: makeTools(ground) });
}

function makeTools(ground: FakeGround): StepTools {
  const tell = <T>(what: 'workload' | 'storage' | 'list' | 'workloads' | 'lease', value: T): Observed<T> =>
    ground.silent.has(what) ? unseen(`no answer about ${what}`, ground.now) : seen(value, ground.now);
  const change = async (word: string, done: () => Change): Promise<Change> => {
    ground.asked.push(word);
    return ground.change ?? done();
  };
  return {
    runId: 'run-1',
    database: 'main',
    protect: [],
    cluster: { list: async () => tell('list', clusterState({ pods: ground.pods, nodes: ground.nodes })) },
    objects: {
      readWorkload: async (reference) => tell('workload', find(ground, formatWorkloadReference(reference)) ?? null),
      readStorage: async () => tell('storage', ground.storage),
      readEvents: async () => seen([], ground.now),
    },
    changes: {
      scale: (asked) => change(describeScale(asked), () => scale(ground, asked)),
      restart: (reference) => change(`restart ${formatWorkloadReference(reference)}`, () => ({ kind: 'done' })),
    },
    inventory: {
      listWorkloads: async (namespace) =>
        tell(
          'workloads',
          ground.workloads.filter(({ reference }) => reference.namespace === namespace),
        ),
      listScalers: async () => seen([], ground.now),
      readNodeLease: async (name) => tell('lease', ground.leases[name] ?? null),
    },
    evidence: { capture: async () => ({ files: [{ name: 'pod.yaml', text: 'x' }], gaps: ['no events'] }) },
    backups: { read: async () => ground.backups, start: async () => ({ kind: 'refused', reason: 'not here' }) },
    actions: undefined as never,
    server: {
      readRoleLimits: async () => seen([], ground.now),
      setRoleLimit: async () => ({ kind: 'done' }),
      probeWrite: async () => ground.writes,
      captureActivity: async () => ({ files: [{ name: 'sessions.csv', text: 'y' }], gaps: ['no locks'] }),
    },
    get pooler() {
      if (ground.pause === null) return null;
      return {
        readPause: async () => ground.pause ?? unseen('none', ground.now),
        pause: (withinMs: number) => change(`pause ${withinMs}`, () => setPause(ground, 'paused')),
        resume: () => change('resume', () => setPause(ground, 'running')),
      };
    },
    admit: async () => {
      const [first] = ground.admissions;
      if (ground.admissions.length > 1) ground.admissions.shift();
      return first ?? unseen('nobody said', ground.now);
    },
    keepEvidence: ({ files, gaps }) =>
      change(`keep ${files.map(({ name }) => name).join(' ')} without ${gaps.join(', ')}`, () => ({ kind: 'done' })),
    clock: { now: () => ground.now },
  };
}

function find({ workloads }: FakeGround, name: string): Workload | undefined {
  return workloads.find(({ reference }) => formatWorkloadReference(reference) === name);
}

function describeScale({ reference, from, to, held }: ScaleChange): string {
  return `scale ${formatWorkloadReference(reference)} ${from} → ${to}, ${held}`;
}

/** As the port says: refused where it is not as it was seen, and the annotation is never overwritten. */
function scale(ground: FakeGround, { reference, uid, from, to, held }: ScaleChange): Change {
  const found = find(ground, formatWorkloadReference(reference));
  if (!found || found.uid !== uid || found.desired !== from) return { kind: 'refused', reason: 'it has changed' };
  if (held === 'remember' && found.heldReplicas !== null) return { kind: 'refused', reason: 'it is held already' };
  const heldReplicas = held === 'remember' ? from : held === 'forget' ? null : found.heldReplicas;
  const after = { ...found, desired: to, heldReplicas };
  ground.workloads = ground.workloads.map((each) => (each === found ? after : each));
  return { kind: 'done' };
}

function setPause(ground: FakeGround, pause: PoolerPause): Change {
  ground.pause = seen(pause, ground.now);
  return { kind: 'done' };
}

/** Changes one workload as somebody else would. */
export function meddle(ground: FakeGround, reference: Workload['reference'], parts: Partial<Workload>): void {
  const name = formatWorkloadReference(reference);
  ground.workloads = ground.workloads.map((each) =>
    formatWorkloadReference(each.reference) === name ? { ...each, ...parts } : each,
  );
}

/** What the runner gives a step; params as they stand in a plan. */
export function callOf<P>(
  step: RecoveryStep<P>,
  ground: FakeGround,
  parts: { params: Json; own?: Json; notes?: Readonly<Record<string, Json>>; shown?: Json },
): StepCall<P> {
  return {
    params: step.params.parse(parts.params),
    shown: parts.shown ?? null,
    own: parts.own ?? null,
    noted: (id) => parts.notes?.[id] ?? null,
    tools: ground.tools,
  };
}
