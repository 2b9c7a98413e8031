import { expect, it } from 'vitest';
import { type ChartCache, createLetterRenderer, describeAlert } from '../../src/delivery/render-letter.ts';
import type { Json } from '../../src/journal/journal.ts';
import { alert, NOW } from '../support/builders.ts';

const PICTURE = { name: 'c.png', type: 'image/png' as const, description: 'chart', data: new Uint8Array() };
const content = (parts: Parameters<typeof alert>[0] = {}, superseded = false): Json =>
  JSON.parse(JSON.stringify({ alert: alert(parts), symptoms: [], superseded })) as Json;

function setUp(charts?: ChartCache) {
  let [now, painted] = [NOW, 0];
  const render = createLetterRenderer({
    onCallRole: '42',
    firstStepOf: (rule) => `see ${rule}`,
    paint: async () => {
      painted += 1;
      return PICTURE;
    },
    readEvidence: async () => null,
    now: () => now,
    ...(charts && { charts }),
  });
  return { render, painted: () => painted, pass: (ms: number) => (now += ms) };
}

it('renders the first post without its chart, and the complete message with it', async () => {
  const { render } = setUp();
  expect((await render(content(), { complete: false })).file).toBeUndefined();
  expect((await render(content(), { complete: true })).file).toBe(PICTURE);
});

it('draws a chart at most every ten seconds while only numbers change, and anew at the end', async () => {
  const { render, painted, pass } = setUp();
  await render(content(), { complete: true });
  pass(9_999);
  await render(content(), { complete: true });
  expect(painted()).toBe(1);
  pass(1);
  await render(content(), { complete: true });
  await render(content({ state: 'resolved' }), { complete: true });
  expect(painted()).toBe(3);
});

it('draws no chart for a message that a newer one has replaced', async () => {
  const { render, painted } = setUp();
  await render(content({}, true), { complete: true });
  expect(painted()).toBe(0);
});

it('says what to do first by the rule', async () => {
  const { embed } = await setUp().render(content(), { complete: false });
  expect(embed?.description).toContain('see connections-total');
});

it('puts an alert into one line for a digest', () => {
  expect(describeAlert(content({ state: 'resolved' }))).toEqual({
    line: 'main: 91 of 100 connections in use, 97 usable',
    severity: 'critical',
    over: true,
    superseded: false,
  });
});

it('says in a digest that a newer message has taken the place of an alert', () => {
  expect(describeAlert(content({}, true))).toMatchObject({ over: false, superseded: true });
});

it('draws a chart anew though the clock was set back', async () => {
  const { render, painted, pass } = setUp();
  await render(content(), { complete: true });
  pass(-3_600_000);
  await render(content(), { complete: true });
  expect(painted()).toBe(2);
});

it('keeps no chart longer than it may be shown, whatever became of its message', async () => {
  const charts: ChartCache = new Map();
  const { render, pass } = setUp(charts);
  for (let n = 0; n < 20; n += 1) {
    await render(content({ id: `alert-${n}` }), { complete: true });
    pass(10_000);
  }
  expect(charts.size).toBe(1);
});
