import { describe, expect, it } from 'vitest';
import { createHistory } from '../../src/model/history.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import {
  FACTS_WITHIN_MS,
  type RecoveryFactsParts,
  readRecoveryFacts,
} from '../../src/operations/read-recovery-facts.ts';
import type { RecoveryFacts, RecoverySettings } from '../../src/recovery/facts.ts';
import { group, NOW, snapshot } from '../support/builders.ts';
import { createFakeCluster } from '../support/fake-cluster.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { clusterEvent, clusterState, POSTGRES, place, pod, workload } from '../support/place-builders.ts';
import { heard, recoverySettings } from '../support/recovery-facts.ts';

const NEVER = new Promise<never>(() => {});

/** Everything answers at once, but for what a test changes. */
function world() {
  const clock = createManualClock(NOW);
  const fake = createFakeCluster();
  const asked = fake.asked;
  const now = {
    latest: heard('admitted'),
    sample: async (): Promise<unknown> => undefined,
    probe: async (): Promise<void> => undefined,
    details: async (): ReturnType<RecoveryFactsParts['database']['actions']['readDetails']> => seen([], NOW),
    list: () => fake.cluster.list(),
    listWorkloads: async (namespace: string) =>
      seen([workload({ ...POSTGRES, namespace })], NOW) as Awaited<
        ReturnType<NonNullable<RecoveryFactsParts['kubernetes']>['inventory']['listWorkloads']>
      >,
  };
  const parts: RecoveryFactsParts = {
    database: {
      history: createHistory({ bucketMs: 1_000, spanMs: 600_000 }),
      place: () => place(),
      watch: {
        latest: () => now.latest,
        async sample() {
          asked.push('sample');
          await now.sample();
          return now.latest;
        },
        async probe() {
          asked.push('probe');
          await now.probe();
        },
      },
      actions: {
        readDetails() {
          asked.push('details');
          return now.details();
        },
      },
      server: {
        async readRoleLimits(roles) {
          asked.push(`roles ${roles.join(' ')}`);
          return seen([], NOW);
        },
      },
    },
    kubernetes: {
      cluster: { list: () => now.list() },
      objects: fake.objects,
      backups: fake.backupJobs,
      inventory: {
        listWorkloads: (namespace) => now.listWorkloads(namespace),
        async listScalers(namespace) {
          asked.push(`scalers ${namespace}`);
          return seen([], NOW);
        },
      },
    },
    clock,
  };
  const read = async (settings: RecoverySettings = recoverySettings(), of = parts) => readRecoveryFacts(of, settings);
  /** Begins to read; what is read after so many more milliseconds, null while it waits. */
  const begin = () => {
    let facts: RecoveryFacts | null = null;
    void read().then((done) => {
      facts = done;
    });
    return async (ms: number): Promise<RecoveryFacts | null> => {
      await clock.advance(ms);
      return facts;
    };
  };
  return { clock, fake, asked, now, parts, read, begin };
}

describe('reading what a recovery rests on', () => {
  it('takes a fresh sample, then a canary, and the sessions after it', async () => {
    const { asked, read } = world();
    const { snapshot: found, sessions } = await read();
    expect(asked.filter((what) => ['sample', 'probe', 'details'].includes(what))).toEqual([
      'sample',
      'probe',
      'details',
    ]);
    expect([found.sessions.ok, found.admission.ok, sessions.ok]).toEqual([true, true, true]);
  });

  it('looks at each workload once, and at everything in their namespaces', async () => {
    const { asked, read } = world();
    const metrics = { namespace: 'metrics', kind: 'deployment', name: 'grafana' };
    const { neighbours, scalers } = await read(recoverySettings({ dependents: [metrics] }));
    expect(asked.filter((what) => what.startsWith('workload')).toSorted()).toEqual([
      'workload default/deployment/postgres',
      'workload default/deployment/site',
      'workload metrics/deployment/grafana',
    ]);
    expect(neighbours).toMatchObject({
      ok: true,
      value: [{ reference: { namespace: 'default' } }, { reference: { namespace: 'metrics' } }],
    });
    expect(scalers).toMatchObject({ ok: true, value: [] });
  });

  it('knows no neighbour where one namespace of several is not seen, and says which', async () => {
    const { now, read } = world();
    const list = now.listWorkloads;
    now.listWorkloads = async (namespace) => (namespace === 'default' ? list(namespace) : unseen('403 Forbidden', NOW));
    const { neighbours } = await read(recoverySettings({ dependents: [{ ...POSTGRES, namespace: 'metrics' }] }));
    expect(neighbours).toMatchObject({ ok: false, reason: 'of namespace metrics: 403 Forbidden' });
  });

  it('asks for the warnings about the pods that the server has now', async () => {
    const { fake, asked, read } = world();
    fake.now.list = seen(clusterState({ pods: [pod('postgres', { name: 'postgres-1' }), pod('site')] }), NOW);
    fake.now.events = seen([clusterEvent({ type: 'Normal', reason: 'Pulled' }), clusterEvent()], NOW);
    const { events } = await read();
    expect(asked).toContain('events postgres-1');
    expect(events).toMatchObject({ ok: true, value: [{ reason: 'FailedMount' }] });
  });

  it('asks for the roles that applications are matched by', async () => {
    const { asked, read } = world();
    const applications = ['site', 'site', 'bot'].map((user, index) => ({ name: `${index}`, match: { user } }));
    await read(recoverySettings({ applications: [...applications, { name: 'x', match: { database: 'x' } }] }));
    expect(asked).toContain('roles site bot');
  });

  it('asks no server for roles where no application names one', async () => {
    const { asked, read } = world();
    expect((await read(recoverySettings({ applications: [] }))).roles).toMatchObject({ ok: true, value: [] });
    expect(asked.some((what) => what.startsWith('roles'))).toBe(false);
  });

  it('leaves out what is not configured', async () => {
    const { read } = world();
    const nothing = recoverySettings({ workload: null, claim: null, dependents: [], backup: null, applications: [] });
    expect(await read(nothing)).toMatchObject({
      workload: null,
      storage: null,
      events: null,
      backups: null,
      neighbours: null,
      scalers: null,
      dependents: [],
    });
  });

  it('without a cluster sees no dependent, and says why', async () => {
    const { parts, read } = world();
    const found = await read(recoverySettings(), { ...parts, kubernetes: null });
    expect(found).toMatchObject({ cluster: null, workload: null, storage: null });
    expect([...found.dependents, ...found.applicationWorkloads].map(({ workload: each }) => each)).toMatchObject([
      { ok: false, reason: 'no cluster is configured' },
      { ok: false, reason: 'no cluster is configured' },
    ]);
  });

  it('forecasts from the history and the limits of the server', async () => {
    const { parts, read } = world();
    for (let at = NOW - 300_000; at <= NOW; at += 5_000)
      parts.database.history.record(at, new Map([['site', 70 + Math.round((at - NOW) / 10_000)]]));
    expect((await read()).forecast).toMatchObject({ kind: 'exhausts', perMinute: expect.closeTo(6, 0) });
  });
});

describe('reading from what is silent', () => {
  it('tries a canary though the held session hangs, and counts nothing by what was seen before', async () => {
    const { now, asked, begin } = world();
    now.sample = () => NEVER;
    now.latest = heard('frozen', [group({ count: 20 })]);
    const after = begin();
    expect(await after(1_499)).toBeNull();
    expect(asked).not.toContain('probe');
    const found = await after(4_501);
    expect(found?.snapshot).toMatchObject({
      sessions: { ok: false, reason: 'no answer within 6 s' },
      admission: { ok: true, value: { verdict: 'frozen' } },
    });
  });

  it('takes no verdict from before for one of now', async () => {
    const { now, begin } = world();
    now.probe = () => NEVER;
    const found = await begin()(6_000);
    expect(found?.snapshot).toMatchObject({
      sessions: { ok: true },
      admission: { ok: false, reason: 'no answer within 6 s' },
      passesInARow: 0,
    });
  });

  it('infers nothing from counts that are from before', async () => {
    const { now, begin } = world();
    now.sample = () => NEVER;
    now.latest = heard('only-reserved-left', [group({ count: 97 })], { inferred: true });
    expect((await begin()(6_000))?.snapshot.admission.ok).toBe(false);
  });

  it('waits eight seconds and no longer, and says of each late part that it was late', async () => {
    const { now, begin } = world();
    now.details = () => NEVER;
    now.listWorkloads = () => NEVER;
    now.list = () => NEVER;
    const after = begin();
    expect(await after(FACTS_WITHIN_MS - 1)).toBeNull();
    const found = await after(1);
    const late = { ok: false, reason: 'no answer within 8 s' };
    expect(found).toMatchObject({
      sessions: late,
      cluster: late,
      events: late,
      neighbours: { ok: false, reason: 'of namespace default: no answer within 8 s' },
      workload: { workload: { ok: true } },
    });
  });

  it('leaves no sleeper behind', async () => {
    const { clock, read } = world();
    await read();
    expect(clock.sleeping()).toEqual([]);
  });
});

it('takes the snapshot as it is where everything answers', async () => {
  const { now, read } = world();
  now.latest = snapshot([group()], { admission: unseen('a reason of its own', NOW) });
  expect((await read()).snapshot.admission).toMatchObject({ ok: false, reason: 'a reason of its own' });
});
