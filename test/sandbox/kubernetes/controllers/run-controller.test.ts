import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { createKubeApi } from '../../../../sandbox/kubernetes/api/create-kube-api.ts';
import { StatusError } from '../../../../sandbox/kubernetes/api/status-error.ts';
import { createEventRecorder } from '../../../../sandbox/kubernetes/controllers/record-event.ts';
import { keyOf, runController } from '../../../../sandbox/kubernetes/controllers/run-controller.ts';
import configMaps from '../../../../sandbox/kubernetes/resources/config-maps.ts';
import events from '../../../../sandbox/kubernetes/resources/events.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

/** A controller of ConfigMaps that notes what it was called with; `answers` are what it says, or throws, one by one. */
function start(answers: (number | null | Error)[] = []) {
  const clock = createManualClock();
  const api = createKubeApi({ types: [configMaps, events], now: () => clock.now() });
  const make = (name: string) =>
    api.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } });
  const first = make('first');
  const seen: string[] = [];
  const controller = runController({
    api,
    clock,
    keysOf: (type, object) => (type === configMaps ? [keyOf(object)] : []),
    reconcile(key) {
      seen.push(key);
      const answer = answers.shift() ?? null;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { api, clock, make, first, seen, controller };
}

it('looks at what is there when it starts, and once at what changed however often', async () => {
  const { api, clock, make, seen } = start();
  await clock.advance(0);
  make('second');
  for (const value of ['a', 'b']) api.change(configMaps, 'shop', 'second', (map) => (map['data'] = { value }));
  await clock.advance(0);
  expect(seen).toEqual(['shop/first', 'shop/second']);
});

it('comes back after the time that it asked for, and not when a change came before', async () => {
  const { api, clock, seen } = start([5_000, 5_000, null]);
  await clock.advance(4_000);
  api.change(configMaps, 'shop', 'first', (map) => (map['data'] = {}));
  await clock.advance(4_000);
  expect(seen).toHaveLength(2);
  await clock.advance(1_000);
  expect(seen).toHaveLength(3);
  expect(clock.sleeping()).toEqual([]);
});

it('tries again what the server refused, ever later', async () => {
  const refused = () => new StatusError(403, 'Forbidden', 'no');
  const { clock, seen } = start([refused(), refused(), null]);
  await clock.advance(999);
  expect(seen).toHaveLength(1);
  await clock.advance(1);
  expect(seen).toHaveLength(2);
  await clock.advance(1_999);
  expect(seen).toHaveLength(2);
  await clock.advance(1);
  expect(seen).toHaveLength(3);
});

it('ends the process on a fault of its own: only refusals are tried again', () => {
  const from = (path: string) => new URL(`../../../../sandbox/kubernetes/${path}.ts`, import.meta.url).href;
  const script = `
    import { createKubeApi } from '${from('api/create-kube-api')}';
    import { runController } from '${from('controllers/run-controller')}';
    import type from '${from('resources/config-maps')}';
    const api = createKubeApi({ types: [type], now: Date.now });
    const clock = { now: Date.now, sleep: () => new Promise(() => {}) };
    runController({ api, clock, keysOf: () => ['key'], reconcile: () => { throw new TypeError('a fault'); } });
    api.create(type, { metadata: { name: 'first' } });
    setTimeout(() => process.exit(0), 50);`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(ended.stderr).toContain('TypeError: a fault');
  expect(ended.status).toBe(1);
});

it('does nothing more once it is stopped, and leaves nobody sleeping', async () => {
  const { clock, controller, make, seen } = start([5_000]);
  await clock.advance(0);
  make('second');
  controller.stop();
  make('third');
  await clock.advance(10_000);
  expect(seen).toEqual(['shop/first']);
  expect(clock.sleeping()).toEqual([]);
});

it('an Event said again is counted, and the last time moves on; another is one of its own', async () => {
  const { api, clock, first } = start();
  const record = createEventRecorder({ api, clock, component: 'tester' });
  record(first, { reason: 'Said', message: 'this' });
  await clock.advance(60_000);
  record(first, { reason: 'Said', message: 'this' });
  record(first, { reason: 'Said', message: 'that' });
  const told = api
    .list(events, 'shop')
    .map((event) => [event['message'], event['count'], event['firstTimestamp'], event['lastTimestamp']]);
  expect(told).toEqual([
    ['this', 2, '2020-12-11T13:24:00Z', '2020-12-11T13:25:00Z'],
    ['that', 1, '2020-12-11T13:25:00Z', '2020-12-11T13:25:00Z'],
  ]);
});

it('two recorders at one moment about one object do not take each other for the same', () => {
  const { api, clock, first } = start();
  for (const component of ['one', 'other'])
    createEventRecorder({ api, clock, component })(first, { reason: 'Said', message: component });
  expect(api.list(events, 'shop').map(({ source }) => source)).toEqual([{ component: 'one' }, { component: 'other' }]);
});
