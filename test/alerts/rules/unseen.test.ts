import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterView, DatabaseView, Finding, Rule } from '../../../src/alerts/rule.ts';
import { loadRules } from '../../../src/alerts/rule-catalogue.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { WatchedWorkload } from '../../../src/model/place.ts';
import { defaultSettings } from '../../../src/model/rule-options.ts';
import type { ServiceState } from '../../../src/model/service-state.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import type { SourceState } from '../../../src/model/source-state.ts';
import { NOW } from '../../support/builders.ts';
import { clusterViews } from '../../support/cluster-views.ts';
import { workload } from '../../support/place-builders.ts';
import { HOSTILE } from '../../support/rule-findings.ts';
import { databaseViews, serviceStates, sourceStates } from '../../support/rule-views.ts';

const LOST = unseen('no answer', NOW);

type Source = 'server' | 'sessions' | 'admission' | 'signals';

/** What each rule about a database cannot do without. */
const NEEDS: Readonly<Record<string, readonly Source[]>> = {
  'connections-total': ['sessions', 'server'],
  'connections-application': ['sessions', 'server'],
  'connections-rising': ['sessions', 'server'],
  'connections-forecast': ['sessions', 'server'],
  'database-unreachable': ['admission'],
  'database-recovering': ['admission'],
  'idle-in-transaction': ['sessions', 'server'],
  'long-transaction': ['sessions', 'server'],
  'lock-waits': ['signals', 'server'],
  wraparound: ['signals', 'server'],
  'replication-slots': ['signals', 'server'],
  'replication-lag': ['signals', 'server'],
  'archiver-failing': ['signals', 'server'],
};
/** What each rule about the cluster cannot do without. */
const CLUSTER_NEEDS: Readonly<Record<string, readonly ((view: ClusterView) => ClusterView['place'])[]>> = {
  'backup-stale': [({ place }) => ({ ...place, backups: { found: LOST, maxAgeMs: 1 } })],
  'connections-orphaned': [({ place }) => ({ ...place, orphans: LOST })],
  'node-not-ready': [({ place }) => ({ ...place, node: LOST })],
  'workload-unhealthy': [
    ({ place }) => loseOfWorkloads(place, { workload: LOST }),
    // One that is not there, or is to have no pods, is known without them.
    ({ place }) => loseOfWorkloads(place, { workload: seen(workload(), NOW), pods: LOST }),
  ],
};
const rules = await loadRules();
const aboutDatabases = rules.filter((rule) => rule.scope === 'database');

function loseOfWorkloads(place: ClusterView['place'], lost: Partial<WatchedWorkload>): ClusterView['place'] {
  return {
    ...place,
    workload: place.workload && { ...place.workload, ...lost },
    dependents: place.dependents.map((each) => ({ ...each, ...lost })),
  };
}

const blind = (view: DatabaseView, sources: readonly Source[]): DatabaseView => {
  const lost = Object.fromEntries(sources.map((source) => [source, unseen('no answer', NOW)]));
  return { ...view, snapshot: { ...view.snapshot, ...(lost as Partial<Snapshot>) } };
};

interface Given {
  readonly view: DatabaseView;
  readonly services: readonly ServiceState[];
  readonly sources: readonly SourceState[];
  readonly cluster: ClusterView;
}
const anything: fc.Arbitrary<Given> = fc.record({
  view: databaseViews,
  services: fc.array(serviceStates, { maxLength: 3 }),
  sources: fc.array(sourceStates, { maxLength: 3 }),
  cluster: clusterViews,
});

function evaluate(rule: Rule, { view, services, sources, cluster }: Given): readonly Finding[] {
  const settings = defaultSettings(rule);
  if (rule.scope === 'database') return rule.evaluate(view, settings);
  if (rule.scope === 'services') return rule.evaluate({ services, now: NOW }, settings);
  if (rule.scope === 'cluster') return rule.evaluate(cluster, settings);
  return rule.evaluate({ sources, now: NOW }, settings);
}

it('knows what every rule about a database needs', () => {
  expect(aboutDatabases.map(({ id }) => id).sort()).toEqual(Object.keys(NEEDS).sort());
});

describe.each(aboutDatabases.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it.each(NEEDS[id] ?? [])('neither fires nor clears where it does not see the %s', (source) => {
    fc.assert(
      fc.property(databaseViews, (view) => {
        const findings = rule.evaluate(blind(view, [source]), defaultSettings(rule));
        expect(findings.filter(({ standing }) => standing !== 'unknown')).toEqual([]);
      }),
    );
  });

  it('says something of a database that it does not see at all', () => {
    fc.assert(
      fc.property(databaseViews, (view) => {
        const all = { ...view, applications: [{ name: 'site', match: { user: 'site' }, limit: 32 }] };
        const findings = rule.evaluate(
          blind(all, ['server', 'sessions', 'admission', 'signals']),
          defaultSettings(rule),
        );
        expect(findings.map(({ standing }) => standing)).toEqual(['unknown']);
      }),
    );
  });
});

const aboutClusters = rules.filter((rule) => rule.scope === 'cluster');

it('knows what every rule about the cluster needs', () => {
  expect(aboutClusters.map(({ id }) => id).sort()).toEqual(Object.keys(CLUSTER_NEEDS).sort());
});

describe.each(aboutClusters.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it('neither fires nor clears where it does not see what it needs', () => {
    fc.assert(
      fc.property(clusterViews, fc.constantFrom(...(CLUSTER_NEEDS[id] ?? [])), (view, lose) => {
        const findings = rule.evaluate({ ...view, place: lose(view) }, defaultSettings(rule));
        expect(findings.filter(({ standing }) => standing !== 'unknown')).toEqual([]);
        const { workload: own, dependents } = view.place;
        expect(findings).toHaveLength(id === 'workload-unhealthy' ? dependents.length + (own === null ? 0 : 1) : 1);
      }),
    );
  });

  it('finds nothing of what is not configured', () => {
    const place = { workload: null, dependents: [], node: null, storage: null, backups: null, orphans: null };
    expect(rule.evaluate({ database: 'main', place, applications: [], now: NOW }, defaultSettings(rule))).toEqual([]);
  });
});

describe('a service whose probe is unseen', () => {
  it.each(rules.filter((rule) => rule.scope === 'services').map((rule) => [rule.id, rule] as const))(
    'neither fires nor clears by %s',
    (_, rule) => {
      fc.assert(
        fc.property(serviceStates, (state) => {
          const lost = { ...state, probe: unseen('not probed yet', NOW) };
          const findings = rule.evaluate({ services: [lost], now: NOW }, defaultSettings(rule));
          expect(findings.map(({ standing }) => standing)).toEqual(['unknown']);
        }),
      );
    },
  );
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  it('finds the same before and after a restart, which leaves only what can be written down', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const copy = JSON.parse(JSON.stringify(given)) as Given;
        expect(evaluate(rule, copy)).toEqual(evaluate(rule, given));
      }),
    );
  });

  it('keeps the words of strangers out of its advice', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const advice = evaluate(rule, given).map(({ firstStep = '' }) => firstStep);
        expect(advice.filter((step) => step.includes(HOSTILE))).toEqual([]);
      }),
    );
  });

  it('finds each subject once, and gives a reason for what is unknown', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const findings = evaluate(rule, given);
        expect(new Set(findings.map(({ subject }) => subject)).size).toBe(findings.length);
        expect(findings.filter(({ headline }) => headline === '')).toEqual([]);
      }),
    );
  });
});
