import { describe, expect, it } from 'vitest';
import { createAlertDesk } from '../../../src/alerts/alert-desk.ts';
import type { Judgement, Transition } from '../../../src/alerts/lifecycle.ts';
import type { Finding, Rule } from '../../../src/alerts/rule.ts';
import { loadRules } from '../../../src/alerts/rule-catalogue.ts';
import type { JournalEvent, StoredEvent } from '../../../src/journal/journal.ts';
import { seen } from '../../../src/model/observed.ts';
import type { ClusterPlace } from '../../../src/model/place.ts';
import { defaultSettings } from '../../../src/model/rule-options.ts';
import type { SessionGroup } from '../../../src/model/session-group.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { admission, databaseView, group, NOW, signals, snapshot } from '../../support/builders.ts';
import { backups, clusterView, node, orphanGroup, orphanReport, watched } from '../../support/place-builders.ts';

const HOUR_MS = 3_600_000;
const rules = await loadRules();
const sessions = (groups: readonly SessionGroup[]) => ({ snapshot: snapshot(groups) });
const state = (parts: Partial<Snapshot>) => ({ snapshot: snapshot([group()], parts) });
const slow = (parts: Parameters<typeof signals>[0]) => state({ signals: seen(signals(parts), NOW) });
const verdict = (of: 'stopped' | 'crash-recovery' | 'admitted') =>
  state({ admission: seen(admission({ verdict: of }), NOW), passesInARow: of === 'admitted' ? 2 : 0 });
const site = { name: 'site', match: { user: 'site' }, limit: 32 };
const risen = [0, 30, 60].map((seconds) => ({ at: NOW - 60_000 + seconds * 1_000, total: 40 + seconds / 2 }));
const flat = risen.map(({ at }) => ({ at, total: 40 }));
const wait = { pid: 1, user: 'a', database: 'a', applicationName: '', address: null, waitedMs: 90_000 };

/** For each rule about a database: what makes it fire, and what ends it. */
const WORLDS: Readonly<Record<string, readonly [object, object]>> = {
  'archiver-failing': [
    slow({ archiver: { lastArchivedAt: NOW - 9, lastFailedAt: NOW, lastFailedWal: null, failures: 1 } }),
    slow({ archiver: { lastArchivedAt: NOW, lastFailedAt: NOW - 9, lastFailedWal: null, failures: 1 } }),
  ],
  'connections-application': [
    { ...sessions([group({ count: 33 })]), applications: [site] },
    { ...sessions([group({ count: 3 })]), applications: [site] },
  ],
  'connections-forecast': [
    {
      ...sessions([group({ count: 70 })]),
      trend: { totals: [], forecast: { kind: 'exhausts', inMs: 60_000, perMinute: 6 } },
    },
    sessions([group({ count: 70 })]),
  ],
  'connections-rising': [
    { ...sessions([group({ count: 70 })]), trend: { totals: risen, forecast: { kind: 'steady' } } },
    { ...sessions([group({ count: 40 })]), trend: { totals: flat, forecast: { kind: 'steady' } } },
  ],
  'connections-total': [sessions([group({ count: 95 })]), sessions([group()])],
  'database-recovering': [verdict('crash-recovery'), verdict('admitted')],
  'database-unreachable': [verdict('stopped'), verdict('admitted')],
  'idle-in-transaction': [
    sessions([group({ state: 'idle in transaction', longestInStateMs: HOUR_MS })]),
    sessions([group()]),
  ],
  'lock-waits': [slow({ lockWaits: Array.from({ length: 6 }, () => wait) }), slow({})],
  'long-transaction': [sessions([group({ state: 'active', oldestTransactionMs: HOUR_MS })]), sessions([group()])],
  'replication-lag': [
    slow({ standbys: [{ name: 's', lagMs: HOUR_MS }] }),
    slow({ standbys: [{ name: 's', lagMs: 0 }] }),
  ],
  'replication-slots': [
    slow({ slots: [{ name: 's', active: false, retainedBytes: 2 ** 40 }] }),
    slow({ slots: [{ name: 's', active: true, retainedBytes: 0 }] }),
  ],
  wraparound: [
    slow({ xidAges: [{ database: 'a', age: 1_500_000_000 }] }),
    slow({ xidAges: [{ database: 'a', age: 1 }] }),
  ],
};

/** The same for each rule about the cluster. */
const CLUSTERS: Readonly<Record<string, readonly [Partial<ClusterPlace>, Partial<ClusterPlace>]>> = {
  'backup-stale': [
    { backups: { found: seen(backups({ lastSuccessAt: null }), NOW), maxAgeMs: HOUR_MS } },
    { backups: { found: seen(backups({ lastSuccessAt: NOW }), NOW), maxAgeMs: HOUR_MS } },
  ],
  'connections-orphaned': [
    { orphans: seen(orphanReport([orphanGroup()]), NOW) },
    { orphans: seen(orphanReport([]), NOW) },
  ],
  'node-not-ready': [{ node: seen(node({ ready: 'Unknown' }), NOW) }, { node: seen(node(), NOW) }],
  'workload-unhealthy': [{ workload: watched([]) }, { workload: watched() }],
};

const probeOf = (good: boolean) => ({
  services: [
    {
      service: { name: 'w', url: 'https://w/', dependsOn: 'main', impact: undefined },
      probe: seen(
        {
          verdict: good ? ('good' as const) : ('timeout' as const),
          status: good ? 200 : null,
          tookMs: 1,
          fact: 'x',
          certificateExpiresAt: NOW + (good ? 100 : 1) * 24 * HOUR_MS,
        },
        NOW,
      ),
      goodInARow: good ? 2 : 0,
    },
  ],
  now: NOW,
});
const sourceOf = (blind: boolean) => ({
  sources: [{ database: 'main', name: 'postgres', blind: blind ? { since: NOW, reason: 'r' } : null }],
  now: NOW,
});

function evaluate(rule: Rule, well: boolean): readonly Finding[] {
  const settings = defaultSettings(rule);
  if (rule.scope === 'services') return rule.evaluate(probeOf(well), settings);
  if (rule.scope === 'sources') return rule.evaluate(sourceOf(!well), settings);
  if (rule.scope === 'cluster') {
    const clusters = CLUSTERS[rule.id];
    if (clusters === undefined) throw new Error(`no cluster in which ${rule.id} fires: add one`);
    return rule.evaluate(clusterView(clusters[well ? 1 : 0]), settings);
  }
  const worlds = WORLDS[rule.id];
  if (worlds === undefined) throw new Error(`no world in which ${rule.id} fires: add one`);
  return rule.evaluate(databaseView([], worlds[well ? 1 : 0]), settings);
}

/** A life of the desk on a journal; what it tells, in order. */
function live(rule: Rule, events: StoredEvent[], now: number) {
  const told: Transition['kind'][] = [];
  const desk = createAlertDesk({
    rules: [],
    alerts: {
      async write(more: readonly JournalEvent[]) {
        for (const event of more)
          events.push({ ...(JSON.parse(JSON.stringify(event)) as JournalEvent), seq: events.length + 1 });
      },
    },
    silences: { write: async () => {} },
    past: { alerts: [...events], silences: [] },
    now,
    onTransitions: async (transitions) => void told.push(...transitions.map(({ kind }) => kind)),
  });
  const judgement = (well: boolean): Judgement => ({
    rule: rule.id,
    database: 'main',
    settings: { ...defaultSettings(rule), forMs: 0, keepMs: 0 },
    findings: evaluate(rule, well),
  });
  return { desk, told, see: (well: boolean, at: number) => desk.take([judgement(well)], at) };
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s over a restart', (_, rule) => {
  it('is neither told again nor forgotten, stays owned, and resolves once', async () => {
    const events: StoredEvent[] = [];
    const first = live(rule, events, NOW);
    first.see(false, NOW);
    const [alert] = first.desk.firing();
    first.desk.acknowledge(alert?.id ?? '', '42', NOW + 1);
    await first.desk.settled();
    expect(first.told).toEqual(['fired', 'acknowledged']);

    const second = live(rule, events, NOW + 5_000);
    second.see(false, NOW + 5_000);
    second.desk.attend(NOW + 24 * HOUR_MS);
    await second.desk.settled();
    expect(second.told).toEqual([]);
    expect(second.desk.firing()).toMatchObject([{ id: alert?.id, acknowledged: { by: '42' }, post: { number: 1 } }]);

    second.see(true, NOW + 6_000);
    await second.desk.settled();
    expect(second.told).toEqual(['resolved']);
  });
});
