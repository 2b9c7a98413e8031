import fc from 'fast-check';
import type { ClusterView } from '../../src/alerts/rule.ts';
import type { Pod } from '../../src/model/cluster.ts';
import type { OrphanReport } from '../../src/model/orphan.ts';
import type { WatchedWorkload } from '../../src/model/place.ts';
import type { ClusterEvent } from '../../src/model/workload.ts';
import { NOW } from './builders.ts';
import {
  backupJob,
  backups,
  clusterEvent,
  container,
  node,
  orphanGroup,
  orphanReport,
  POSTGRES,
  pod,
  vanishedPod,
  workload,
} from './place-builders.ts';
import { HOSTILE } from './rule-findings.ts';
import { observed } from './rule-views.ts';

/** Anything that a rule about the cluster may be shown, hostile names, missing times and unseen parts included. */

const DAY_MS = 86_400_000;
const moment = fc.integer({ min: NOW - 2 * DAY_MS, max: NOW + 1_000 });
const someMoment = fc.option(moment);
const name = fc.constantFrom('postgres-1', 'site-6f', HOSTILE);

const containers = fc
  .record({
    restarts: fc.nat(9),
    waiting: fc.option(fc.constantFrom('CrashLoopBackOff', 'ImagePullBackOff', HOSTILE)),
    lastEnd: fc.option(
      fc.record({
        reason: fc.constantFrom('OOMKilled', 'Error', HOSTILE),
        at: someMoment,
        exitCode: fc.option(fc.nat()),
      }),
    ),
  })
  .map(container);

const pods: fc.Arbitrary<Pod> = fc
  .record({
    name,
    phase: fc.constantFrom('Pending' as const, 'Running' as const, 'Unknown' as const),
    terminatingAt: someMoment,
    node: fc.option(name),
    ready: fc.boolean(),
    readySince: someMoment,
    createdAt: moment,
    containers: fc.array(containers, { maxLength: 2 }),
  })
  .map((parts) => pod('postgres', parts));

const events: fc.Arbitrary<ClusterEvent> = fc
  .record({
    at: moment,
    reason: fc.constantFrom('FailedMount', 'FailedAttachVolume', 'BackOff'),
    message: fc.constant(HOSTILE),
    about: name.map((each) => `Pod/${each}`),
  })
  .map(clusterEvent);

const watchedWorkloads = (role: WatchedWorkload['role']): fc.Arbitrary<WatchedWorkload> =>
  fc
    .tuple(
      fc.uuid(),
      fc.record({
        workload: observed(fc.option(fc.nat(3).map((desired) => workload(POSTGRES, { desired })))),
        pods: observed(fc.array(pods, { maxLength: 3 })),
        events: observed(fc.array(events, { maxLength: 3 })),
      }),
    )
    .map(([called, { workload: own, pods: its, events: said }]) => ({
      role,
      reference: { namespace: 'default', kind: 'deployment', name: called },
      workload: own,
      pods: its,
      events: said,
    }));

const reports: fc.Arbitrary<OrphanReport> = fc
  .tuple(
    fc.array(
      fc
        .record({
          address: fc.ipV4(),
          pod: fc.option(name.map((called) => vanishedPod({ name: called }))),
          applications: fc.array(fc.record({ name, count: fc.nat(30) }), { maxLength: 3 }),
          count: fc.integer({ min: 1, max: 30 }),
          oldestMs: fc.nat(DAY_MS),
        })
        .map(orphanGroup),
      { maxLength: 6 },
    ),
    fc.record({ unknown: fc.nat(20), reused: fc.nat(20) }),
  )
  .map(([groups, parts]) => orphanReport(groups, parts));

export const clusterViews: fc.Arbitrary<ClusterView> = fc.record({
  database: fc.constant('main'),
  place: fc.record({
    workload: fc.option(watchedWorkloads('database')),
    dependents: fc.array(watchedWorkloads('dependent'), { maxLength: 3 }),
    node: fc.option(
      observed(
        fc.option(
          fc
            .record({
              name,
              ready: fc.constantFrom('True' as const, 'False' as const, 'Unknown' as const),
              readySince: someMoment,
              readyReason: fc.constantFrom('', HOSTILE),
              taints: fc.array(fc.constant(HOSTILE), { maxLength: 2 }),
            })
            .map(node),
        ),
      ),
    ),
    storage: fc.constant(null),
    backups: fc.option(
      fc.record({
        maxAgeMs: fc.constantFrom(DAY_MS, 26 * 3_600_000),
        found: observed(
          fc.option(
            fc
              .record({
                suspended: fc.boolean(),
                lastSuccessAt: someMoment,
                jobs: fc.array(
                  fc
                    .record({
                      name,
                      state: fc.constantFrom('running' as const, 'succeeded' as const, 'failed' as const),
                    })
                    .map((job) => backupJob({ ...job, reason: HOSTILE })),
                  { maxLength: 2 },
                ),
              })
              .map(backups),
          ),
        ),
      }),
    ),
    orphans: fc.option(observed(reports)),
  }),
  applications: fc.constant([
    { name: 'site', match: { user: 'site' }, workload: 'default/deployment/site', impact: HOSTILE },
  ]),
  now: fc.constant(NOW),
});
