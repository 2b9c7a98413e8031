import { expect, it } from 'vitest';
import { readLetter } from '../../src/delivery/letter-content.ts';
import type { Letter } from '../../src/delivery/outbox.ts';
import { createLetterRenderer } from '../../src/delivery/render-letter.ts';
import { createCheckTeller } from '../../src/delivery/tell-checks.ts';
import type { CheckFinding } from '../../src/model/check-finding.ts';

const FAULT: CheckFinding = {
  id: 'postgres-statistics',
  level: 'fault',
  area: 'postgres',
  subject: 'main',
  what: 'track_activities is off',
  why: 'Rules are blind.',
  mend: 'ALTER SYSTEM SET track_activities = on;',
};

function setUp(audit: string) {
  const put: Letter[] = [];
  const teller = createCheckTeller({
    outbox: { put: (letter) => void put.push(letter) },
    channels: { alerts: 'a', audit },
  });
  return { teller, put };
}

it('tells in the audit channel, in one durable message of its last state', () => {
  const { teller, put } = setUp('audit');
  teller.tell([FAULT], 'check.0.abc', 7);
  expect(put).toMatchObject([{ id: 'check.0.abc', channel: 'audit', single: true, final: true, durable: true, at: 7 }]);
});

it('tells in the alert channel where there is no other, or where that takes nothing, with the reason', () => {
  const without = setUp('a');
  without.teller.tell([FAULT], 'check.0.abc', 7);
  expect(without.put[0]?.channel).toBe(undefined);

  const { teller, put } = setUp('audit');
  teller.tell([FAULT], 'check.0.abc', 7);
  const [refused] = put;
  if (!refused) throw new Error('nothing put');
  teller.givenUp({ id: refused.id, channel: 'audit', content: refused.content, reason: 'Missing Access' });
  expect(put[1]).toMatchObject({ id: 'check.0.abc.here', content: { instead: 'Missing Access', check: [FAULT] } });
  expect(put[1]?.channel).toBe(undefined);
});

it('leaves the letters of others to others', () => {
  const { teller, put } = setUp('audit');
  teller.givenUp({ id: 'x', channel: 'audit', content: { act: {}, mark: 'x' }, reason: 'gone' });
  expect(put).toEqual([]);
});

it('is rendered from what the outbox kept, with its mark in the footer', async () => {
  const { teller, put } = setUp('audit');
  teller.tell([FAULT], 'check.0.abc', 7);
  const content = JSON.parse(JSON.stringify(put[0]?.content)) as Letter['content'];
  expect(readLetter(content).kind).toBe('check');
  const render = createLetterRenderer({
    onCallRole: '1',
    firstStepOf: () => '',
    paint: async () => null,
    readEvidence: async () => null,
    now: () => 0,
  });
  const message = await render(content, { complete: true });
  expect(message.embed?.title).toBe('check found 1 new fault');
  expect(message.embed?.footer).toBe('check · check.0.abc');
  expect(message.pingRoles).toBe(undefined);
});
