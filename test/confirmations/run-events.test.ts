import { expect, test } from 'vitest';
import { foldRun, type RunEvent, toJournal } from '../../src/confirmations/run-events.ts';
import { NOW } from '../support/builders.ts';
import { ADA, GRACE, proposal } from './desk-world.ts';

const proposed: RunEvent = { type: 'proposed', data: { ...proposal(), hash: 'f'.repeat(16), until: NOW + 120_000 } };
const claimed: RunEvent = { type: 'claimed', data: { by: ADA } };
const fold = (...events: RunEvent[]) =>
  foldRun(
    '0000000001',
    events.map((event, index) => toJournal(event, NOW + index)),
  );

test('a run is what its events made of it', () => {
  expect(fold(proposed, { type: 'shown', data: { channelId: '1', messageId: '2' } }, claimed)).toEqual({
    ...proposal(),
    id: '0000000001',
    hash: 'f'.repeat(16),
    at: NOW,
    until: NOW + 120_000,
    shownAt: { channelId: '1', messageId: '2' },
    state: { kind: 'claimed', by: ADA, at: NOW + 2 },
  });
});

test.each<[string, RunEvent[], string | undefined]>([
  ['a claim before the proposal', [claimed, proposed], 'open'],
  ['a second proposal', [proposed, claimed, proposed], 'claimed'],
  ['a claim after Cancel', [proposed, { type: 'cancelled', data: { by: GRACE } }, claimed], 'cancelled'],
  ['a claim after the time', [proposed, { type: 'expired', data: {} }, claimed], 'expired'],
  ['an expiry after the claim', [proposed, claimed, { type: 'expired', data: {} }], 'claimed'],
  ['an end without a claim', [proposed, { type: 'done', data: { outcome: 1 } }], 'open'],
  [
    'a second end',
    [proposed, claimed, { type: 'done', data: { outcome: 1 } }, { type: 'interrupted', data: { outcome: 2 } }],
    'done',
  ],
  ['a claim alone', [claimed], undefined],
])('%s changes nothing', (_, events, kind) => {
  expect(fold(...events)?.state.kind).toBe(kind);
});

test('of two claims the first one stands', () => {
  expect(fold(proposed, claimed, { type: 'claimed', data: { by: GRACE } })?.state).toMatchObject({ by: ADA });
});

test('what is of another version, another type or another form is not acted on', () => {
  const odd = [
    { ...toJournal(claimed, NOW), version: 2 },
    { ...toJournal(claimed, NOW), type: 'approved' },
    { ...toJournal(claimed, NOW), data: null },
    { ...toJournal(claimed, NOW), data: { by: 7 } },
  ];
  expect(foldRun('0000000001', [toJournal(proposed, NOW), ...odd])?.state.kind).toBe('open');
});
