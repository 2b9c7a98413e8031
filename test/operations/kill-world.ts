import type { TimelineEvent } from '../../src/incidents/timeline.ts';
import type { DetailedSession } from '../../src/model/activity.ts';
import type { ClusterState } from '../../src/model/cluster.ts';
import type { DatabaseActions, TerminationObstacle } from '../../src/model/database-actions.ts';
import { type Observed, seen, unseen } from '../../src/model/observed.ts';
import type { SessionGroup } from '../../src/model/session-group.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { TerminationReport, TerminationTarget } from '../../src/model/termination.ts';
import { createKillStale } from '../../src/operations/kill-stale.ts';
import { group, NOW, snapshot } from '../support/builders.ts';
import { createFakeCluster } from '../support/cluster-look.ts';
import { createFakeConfirmations } from '../support/fake-confirmations.ts';
import { createManualClock } from '../support/manual-clock.ts';

/** What the fake server is like now; a test changes it as it goes. */
export interface KillWorld {
  sessions: Observed<readonly DetailedSession[]>;
  poolerPids: Observed<ReadonlySet<number>>;
  obstacle: TerminationObstacle | null;
  /** The grouped sample, one after the other; the last one stays. */
  samples: Observed<readonly SessionGroup[]>[];
  terminate(targets: readonly TerminationTarget[]): Promise<TerminationReport>;
  /** What a list of the pods answers with; null: no cluster is configured. */
  pods: (() => Observed<ClusterState> | Promise<Observed<ClusterState>>) | null;
  podCidrs: readonly string[];
  /** No sample is ever answered. */
  hangs: boolean;
}

export const allTerminated = (targets: readonly TerminationTarget[]): TerminationReport => ({
  fates: targets.map((target) => ({ target, fate: 'terminated', reason: null })),
  tookMs: 40,
});

/** `/db kill-stale` over fakes: one database `main` on which it acts, and what it did in `log`, in order. */
export function createKillWorld(sessions: readonly DetailedSession[], parts: Partial<KillWorld> = {}) {
  const clock = createManualClock(NOW);
  const { desk, book, places, seenTo } = createFakeConfirmations(clock);
  const log: string[] = [];
  const asked: (readonly TerminationTarget[])[] = [];
  const recorded: TimelineEvent[] = [];
  const world: KillWorld = {
    sessions: seen(sessions, NOW),
    poolerPids: seen(new Set(), NOW),
    obstacle: null,
    samples: [seen([group({ count: sessions.length })], NOW)],
    terminate: async (targets) => allTerminated(targets),
    pods: null,
    podCidrs: ['10.2.0.0/16'],
    hangs: false,
    ...parts,
  };
  const notUsed = () => Promise.resolve(unseen('not used here', NOW));
  const actions: DatabaseActions = {
    async readDetails() {
      if (world.pods !== null) log.push('sessions');
      return world.sessions;
    },
    readLockTree: notUsed,
    readObstacle: async () => world.obstacle,
    async terminate(targets) {
      log.push('terminate');
      asked.push(targets);
      return world.terminate(targets);
    },
    readPoolerPids: async () => world.poolerPids,
    close: async () => {},
  };
  const latest = (): Snapshot => {
    const sample = world.samples[0] ?? unseen('none', NOW);
    return snapshot([], { sessions: sample });
  };
  const watch = {
    latest,
    async sample() {
      log.push('sample');
      if (world.hangs) return new Promise<Snapshot>(() => {});
      if (world.samples.length > 1) world.samples.shift();
      return latest();
    },
  };
  const operation = createKillStale({
    databases: [
      {
        name: 'main',
        applications: [{ name: 'site', match: { user: 'site' } }],
        protect: ['pg_dump'],
        watch,
        actions,
        get cluster() {
          const { pods, podCidrs } = world;
          if (pods === null) return null;
          const cluster = createFakeCluster(() => {
            log.push('list');
            return pods();
          });
          return { cluster, podCidrs, excludeAddresses: [] };
        },
      },
    ],
    confirmations: {
      ...desk,
      async claim(...given) {
        log.push('claim');
        return desk.claim(...given);
      },
      async finish(...given) {
        log.push('finish');
        return desk.finish(...given);
      },
    },
    recorder: {
      async record(event) {
        const { fact } = event;
        log.push(`record ${fact.type === 'act' ? fact.stage : fact.moment}`);
        recorded.push(event);
      },
    },
    clock,
  });
  /** Previews and confirms at once, as one person would. */
  async function killAll(kind = 'idle') {
    const preview = await operation.preview({ kind }, 'rosa');
    if (preview.kind !== 'ready') throw new Error(`not ready: ${preview.kind}`);
    const { id, hash } = preview.confirmation;
    const result = await operation.execute(id, hash, 'remy', async () => void log.push('progress'));
    return { preview, result };
  }
  return { operation, world, clock, desk, book, places, seenTo, log, asked, recorded, killAll };
}
