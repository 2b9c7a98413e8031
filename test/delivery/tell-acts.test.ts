import { expect, it } from 'vitest';
import type { ActEvent } from '../../src/delivery/letter-content.ts';
import type { Letter } from '../../src/delivery/outbox.ts';
import { createActTeller } from '../../src/delivery/tell-acts.ts';
import type { ActFact } from '../../src/incidents/timeline.ts';

const STAGES: readonly ActFact['stage'][] = [
  'previewed',
  'confirmed',
  'refused',
  'cancelled',
  'expired',
  'done',
  'interrupted',
  'requested',
  'approved',
  'broke-glass',
  'step',
  'stopped',
  'directed',
  'ended',
];

const act = (stage: ActFact['stage']): ActEvent => ({
  at: 1,
  by: '7',
  fact: { type: 'act', act: 'kill-stale', database: 'main', stage, confirmation: 'c', summary: '45 idle sessions' },
});

function setUp(audit: string) {
  const put: Letter[] = [];
  const teller = createActTeller({
    outbox: { put: (letter) => void put.push(letter) },
    channels: { alerts: 'a', audit },
  });
  return { teller, put };
}

it.each([true, false])('tells every act in an audit channel of its own (joined: %s)', (joined) => {
  const { teller, put } = setUp('audit');
  for (const stage of STAGES) teller.tell(act(stage), joined);
  expect(put.map(({ channel }) => channel)).toEqual(STAGES.map(() => 'audit'));
  expect(new Set(put.map(({ id }) => id)).size).toBe(STAGES.length);
  for (const { id, final, durable } of put) expect([id.length <= 60, final, durable]).toEqual([true, true, true]);
});

it('has one message for an act that is recorded twice', () => {
  const { teller, put } = setUp('audit');
  teller.tell(act('done'), false);
  teller.tell(act('done'), false);
  expect(new Set(put.map(({ id }) => id)).size).toBe(1);
});

it('without an audit channel tells in the alert channel what came of acts that belong to no incident', () => {
  const { teller, put } = setUp('a');
  for (const stage of STAGES) teller.tell(act(stage), true);
  expect(put).toEqual([]);
  for (const stage of STAGES) teller.tell(act(stage), false);
  expect(
    put.map(({ channel, single, content }) => [
      channel,
      single,
      (content as unknown as { act: ActEvent }).act.fact.stage,
    ]),
  ).toEqual([
    [undefined, true, 'done'],
    [undefined, true, 'interrupted'],
    [undefined, true, 'stopped'],
    [undefined, true, 'ended'],
  ]);
});

it('tells in the alert channel, with the reason, what the audit channel does not take', () => {
  const { teller, put } = setUp('audit');
  teller.tell(act('refused'), false);
  const [refused] = put;
  if (!refused) throw new Error('nothing put');
  teller.givenUp({ id: refused.id, channel: 'audit', content: refused.content, reason: 'Missing Access' });
  expect(put[1]).toMatchObject({ id: `${refused.id}.here`, content: { instead: 'Missing Access' } });
  expect(put[1]?.channel).toBe(undefined);
});
