import { expect, it } from 'vitest';
import { formatAccess, listNeededAccess } from '../../src/check/access-questions.ts';
import type { CheckFacts } from '../../src/check/check.ts';
import type { Config } from '../../src/config/config.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { Workload } from '../../src/model/workload.ts';
import {
  BACKUP,
  backups,
  CLAIM,
  clusterFacts,
  EVERYTHING,
  inCluster,
  problems,
  SITE,
  storage,
  told,
  WORKLOAD,
  workload,
} from './facts.ts';

const { workloads } = clusterFacts();
const withWorkload = (parts: Partial<Workload>): CheckFacts =>
  inCluster({ workloads: new Map([...workloads, [WORKLOAD, seen(workload(parts), 0)]]) });
const withVolume = (parts: Parameters<typeof storage>[0]): CheckFacts =>
  inCluster({ claims: new Map([[CLAIM, seen(storage(parts), 0)]]) });
const denied = (...rights: string[]): CheckFacts =>
  inCluster({
    access: seen(
      listNeededAccess(EVERYTHING).map(({ question }) => ({
        question,
        allowed: !rights.includes(`${question.verb} ${question.resource}`),
        reason: '',
      })),
      0,
    ),
  });
const FOR = '# for the service account of k8s/, whose manifests grant all of this';

it.each<[string, CheckFacts, readonly (readonly [string, string | null])[]]>([
  [
    'no watch of pods',
    denied('watch pods'),
    [
      [
        'fault kubernetes-rights · watch pods',
        `${FOR}\nkubectl create clusterrole breakwater-pods-watch \\\n  --verb=watch --resource=pods\nkubectl create clusterrolebinding breakwater-pods-watch \\\n  --clusterrole=breakwater-pods-watch --serviceaccount=breakwater:breakwater`,
      ],
    ],
  ],
  [
    'no Jobs',
    denied('list jobs', 'create jobs'),
    [
      [
        'fault kubernetes-rights · list, create jobs.batch in backups',
        `${FOR}\nkubectl --namespace backups create role breakwater-jobs-list-create \\\n  --verb=list,create --resource=jobs.batch\nkubectl --namespace backups create rolebinding breakwater-jobs-list-create \\\n  --role=breakwater-jobs-list-create --serviceaccount=breakwater:breakwater`,
      ],
    ],
  ],
  [
    'no logs',
    denied('get pods/log'),
    [
      [
        'fault kubernetes-rights · get pods/log in default',
        `${FOR}\nkubectl --namespace default create role breakwater-pods-log-get \\\n  --verb=get --resource=pods/log\nkubectl --namespace default create rolebinding breakwater-pods-log-get \\\n  --role=breakwater-pods-log-get --serviceaccount=breakwater:breakwater`,
      ],
      [
        'fault kubernetes-rights · get pods/log in backups',
        `${FOR}\nkubectl --namespace backups create role breakwater-pods-log-get \\\n  --verb=get --resource=pods/log\nkubectl --namespace backups create rolebinding breakwater-pods-log-get \\\n  --role=breakwater-pods-log-get --serviceaccount=breakwater:breakwater`,
      ],
    ],
  ],
  [
    'nothing of what a recovery changes',
    denied('patch deployments'),
    [
      [
        'fault kubernetes-rights · patch deployments.apps in default',
        `${FOR}\nkubectl --namespace default create role breakwater-deployments-patch \\\n  --verb=patch --resource=deployments.apps\nkubectl --namespace default create rolebinding breakwater-deployments-patch \\\n  --role=breakwater-deployments-patch --serviceaccount=breakwater:breakwater`,
      ],
    ],
  ],
  [
    'a workload that is not there',
    inCluster({ workloads: new Map([...workloads, [WORKLOAD, seen(null, 0)]]) }),
    [
      [
        `fault workload · ${WORKLOAD}`,
        'Correct it in the configuration; there are:\nkubectl --namespace default get deployment',
      ],
    ],
  ],
  [
    'a rolling update',
    withWorkload({ strategy: 'RollingUpdate' }),
    [
      [
        `warning workload · ${WORKLOAD}: strategy`,
        `kubectl --namespace default patch deployment postgres --type merge \\\n  --patch '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'`,
      ],
    ],
  ],
  [
    'two servers on one claim',
    withWorkload({ desired: 2 }),
    [[`fault workload · ${WORKLOAD}: replicas`, 'kubectl --namespace default scale deployment postgres --replicas=1']],
  ],
  [
    'no server at all',
    withWorkload({ desired: 0 }),
    [
      [
        `warning workload · ${WORKLOAD}: replicas`,
        'kubectl --namespace default scale deployment postgres --replicas=1',
      ],
    ],
  ],
  [
    'somebody else in charge',
    withWorkload({ managers: ['Argo CD'] }),
    [
      [
        `warning workload · ${WORKLOAD}: managers`,
        'Recover it with that, or pause that first; breakwater refuses rungs 4 to 6, or warns.',
      ],
    ],
  ],
  [
    'a dependent that is not there',
    inCluster({ workloads: new Map([...workloads, [SITE, seen(null, 0)]]) }),
    [
      [
        `fault dependents · ${SITE}`,
        'Correct it in the configuration; there are:\nkubectl --namespace default get deployment',
      ],
    ],
  ],
  [
    'a claim that is not there',
    inCluster({ claims: new Map([[CLAIM, seen(null, 0)]]) }),
    [
      [
        `fault claim · ${CLAIM}`,
        'Correct it in the configuration; there are:\nkubectl --namespace default get persistentvolumeclaim',
      ],
    ],
  ],
  [
    'a claim that is not bound',
    inCluster({
      claims: new Map([
        [CLAIM, seen({ ...storage(), claim: { ...storage().claim, phase: 'Pending' }, volume: null }, 0)],
      ]),
    }),
    [
      [
        `fault claim · ${CLAIM}: phase`,
        'kubectl --namespace default describe persistentvolumeclaim postgres-storage   # its events say why',
      ],
    ],
  ],
  [
    'a claim that the workload does not mount',
    withWorkload({ claims: ['other'] }),
    [
      [
        `fault claim · ${CLAIM}: mount`,
        'Write the claim that it mounts: databases: … claim: namespace/persistentvolumeclaim/name',
      ],
    ],
  ],
  [
    'a volume that goes with its claim',
    withVolume({ reclaimPolicy: 'Delete' }),
    [
      [
        `warning claim · ${CLAIM}: reclaim policy`,
        `kubectl patch persistentvolume pvc-1 --type merge \\\n  --patch '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
      ],
    ],
  ],
  [
    'a volume for many',
    withVolume({ accessModes: ['ReadWriteMany'] }),
    [
      [
        `warning claim · ${CLAIM}: access mode`,
        'Move the data to a claim with accessModes: [ReadWriteOncePod]; a bound one cannot be changed.',
      ],
    ],
  ],
  [
    'a CronJob that is not there',
    inCluster({ cronJobs: new Map([[BACKUP, seen(null, 0)]]) }),
    [
      [
        `fault backup-cron-job · ${BACKUP}`,
        'Correct it in the configuration; there are:\nkubectl --namespace backups get cronjob',
      ],
    ],
  ],
  [
    'a CronJob that is suspended',
    inCluster({ cronJobs: new Map([[BACKUP, seen(backups(true), 0)]]) }),
    [
      [
        `warning backup-cron-job · ${BACKUP}`,
        `kubectl --namespace backups patch cronjob blackbox --type merge \\\n  --patch '{"spec":{"suspend":false}}'`,
      ],
    ],
  ],
])('%s', (_, given, expected) => {
  expect(told(given)).toEqual(expected);
});

it('does not take a StatefulSet for a Deployment', () => {
  const reference = { namespace: 'default', kind: 'statefulset', name: 'postgres' };
  const given = withWorkload({ reference, strategy: 'RollingUpdate', claims: [], desired: 2 });
  expect(told(given).map(([finding]) => finding)).toEqual([`warning workload · ${WORKLOAD}: replicas`]);
});

it('takes an API server that does not answer for a fault, and all that hangs on it for unknown', () => {
  const away = unseen('no answer within 5000 ms', 0);
  const given = inCluster({
    state: away,
    access: away,
    workloads: new Map([
      [WORKLOAD, away],
      [SITE, away],
    ]),
    claims: new Map([[CLAIM, away]]),
    cronJobs: new Map([[BACKUP, away]]),
  });
  expect(problems(given).map(({ level, id, what }) => `${level} ${id}: ${what}`)).toEqual([
    'fault kubernetes-reach: its pods and nodes cannot be listed: no answer within 5000 ms',
    'unknown backup-cron-job: not examined: no answer within 5000 ms',
    'unknown claim: not examined: no answer within 5000 ms',
    'unknown dependents: not examined: no answer within 5000 ms',
    'unknown kubernetes-rights: not examined: no answer within 5000 ms',
    'unknown pod-networks: not examined: no answer within 5000 ms',
    'unknown pods-without-address: not examined: no answer within 5000 ms',
    'unknown workload: not examined: no answer within 5000 ms',
  ]);
});

const whyOf = (config: Config, right: string): string | undefined =>
  listNeededAccess(config).find(({ question }) => formatAccess(question) === right)?.why;

it('says what cannot be done without a right, for everything that it is wanted for', () => {
  expect(whyOf(EVERYTHING, 'patch deployments.apps in default')).toBe(
    '/db recover restart cannot scale default/deployment/postgres. /db recover restart cannot hold and release default/deployment/site.',
  );
  expect(problems(denied('patch deployments')).map(({ why }) => why)).toEqual([
    whyOf(EVERYTHING, 'patch deployments.apps in default'),
  ]);
  expect(whyOf(EVERYTHING, 'get leases.coordination.k8s.io in kube-node-lease')).toContain('without proof');
});

it('asks for what a recovery changes in the namespace of each workload, by its kind', () => {
  const [main] = EVERYTHING.databases;
  const changed = (parts: Partial<typeof main>): readonly string[] =>
    listNeededAccess({ ...EVERYTHING, databases: [{ ...main, ...parts }] })
      .map(({ question }) => formatAccess(question))
      .filter((right) => right.startsWith('patch') || right.includes('horizontalpodautoscalers'));
  const site = { name: 'site', match: { user: 'site' }, workload: 'web/deployment/site' };
  expect(changed({ workload: 'db/statefulset/pg', dependents: ['bots/deployment/bot'], applications: [site] })).toEqual(
    [
      'patch deployments.apps in web',
      'list horizontalpodautoscalers.autoscaling in web',
      'patch statefulsets.apps in db',
      'patch deployments.apps in bots',
      'list horizontalpodautoscalers.autoscaling in db',
      'list horizontalpodautoscalers.autoscaling in bots',
    ],
  );
  expect(changed({ workload: undefined, dependents: ['bots/deployment/bot'], applications: [] })).toEqual([]);
});

it('asks for no right that the configuration has no use for', () => {
  const [main] = EVERYTHING.databases;
  const bare = { ...main, workload: undefined, claim: undefined, backup: undefined, dependents: [] };
  const rights = listNeededAccess({ ...EVERYTHING, databases: [bare] }).map(({ question }) => question.resource);
  expect(new Set(rights)).toEqual(new Set(['pods', 'nodes', 'replicasets']));
});
