import { expect, it } from 'vitest';
import { createAlertDesk } from '../../src/alerts/alert-desk.ts';
import type { Transition } from '../../src/alerts/lifecycle.ts';
import type { ClusterView } from '../../src/alerts/rule.ts';
import { loadRules } from '../../src/alerts/rule-catalogue.ts';
import { attendOnAClock } from '../../src/bot-sources.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { ClusterPlace } from '../../src/model/place.ts';
import { defaultSettings } from '../../src/model/rule-options.ts';
import { NOW } from '../support/builders.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { clusterView, node, pod, watched } from '../support/place-builders.ts';

const rules = await loadRules();
const settings = Object.fromEntries(rules.map((rule) => [rule.id, defaultSettings(rule)]));
const lost: Partial<ClusterPlace> = { node: seen(node({ ready: 'Unknown' }), NOW) };
const unready: Partial<ClusterPlace> = {
  workload: watched([pod('postgres', { ready: false, readySince: NOW - 600_000 })]),
};

/** A bot that watches one cluster, and tells what its desk tells. */
function attend(start: Partial<ClusterPlace>) {
  const clock = createManualClock(NOW);
  const told: string[] = [];
  const desk = createAlertDesk({
    rules,
    alerts: { write: async () => {} },
    silences: { write: async () => {} },
    past: { alerts: [], silences: [] },
    now: NOW,
    onTransitions: async (transitions: readonly Transition[]) =>
      void told.push(
        ...transitions.map(({ kind, alert }) => `${alert.rule} ${kind}${alert.post?.pings === true ? ' ping' : ''}`),
      ),
  });
  let place = start;
  const clusters = (): readonly ClusterView[] => [clusterView(place, { now: clock.now() })];
  const attending = attendOnAClock({ rules, desk, sources: () => [], clusters, settingsOf: () => settings, clock });
  return { clock, told, desk, attending, see: (next: Partial<ClusterPlace>) => void (place = next) };
}

it('judges the cluster each second, and waits out what a rule waits for', async () => {
  const { clock, told, attending, see, desk } = attend(lost);
  await clock.advance(14_000);
  expect(told).toEqual([]);
  await clock.advance(1_000);
  expect(told).toEqual(['node-not-ready fired ping']);
  see({ node: unseen('stale', clock.now()) });
  await clock.advance(60_000);
  expect(desk.firing()).toMatchObject([
    { rule: 'node-not-ready', blind: { reason: expect.stringContaining('stale') } },
  ]);
  see({});
  await clock.advance(1_000);
  expect(told.at(-1)).toBe('node-not-ready resolved ping');
  await attending.stop();
});

it('tells of the node and not of its pods, and of the pods once the node is back and they are not', async () => {
  const { clock, told, attending, see } = attend({ ...lost, ...unready });
  await clock.advance(20_000);
  expect(told.filter((each) => each.endsWith('ping'))).toEqual(['node-not-ready fired ping']);
  see(unready);
  await clock.advance(20_000);
  expect(told.findLast((each) => each.startsWith('workload-unhealthy'))).toBe('workload-unhealthy posted ping');
  await attending.stop();
});
