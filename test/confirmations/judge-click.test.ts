import { describe, expect, test } from 'vitest';
import type { ConfirmationState } from '../../src/confirmations/confirmation.ts';
import { hashPlan } from '../../src/confirmations/hash-plan.ts';
import { judgeClick } from '../../src/confirmations/judge-click.ts';
import type { Json } from '../../src/journal/journal.ts';
import { NOW } from '../support/builders.ts';
import { ADA, proposal } from './desk-world.ts';

const AT = Date.UTC(2020, 11, 11, 13, 24, 5);
const CLICK = { hash: hashPlan(proposal()), wants: 'claim' } as const;

function confirmation(state: ConfirmationState = { kind: 'open' }, typed: string | null = null) {
  return {
    id: '0000000001',
    hash: hashPlan(proposal()),
    ...proposal({ typed }),
    at: AT,
    until: AT + 120_000,
    shownAt: null,
    state,
  };
}

describe('a click', () => {
  test.each<[string, ConfirmationState, number, boolean, string]>([
    [
      'comes 3 min late',
      { kind: 'open' },
      AT + 300_000,
      false,
      'This preview expired 3 min ago: run /db kill-stale again.',
    ],
    [
      'comes as it ends',
      { kind: 'open' },
      AT + 120_000,
      false,
      'This preview expired just now: run /db kill-stale again.',
    ],
    [
      'meets what has expired',
      { kind: 'expired', at: AT },
      AT + 180_000,
      false,
      'This preview expired 1 min ago: run /db kill-stale again.',
    ],
    [
      'meets what was cancelled',
      { kind: 'cancelled', by: ADA, at: AT },
      AT,
      false,
      `Cancelled at 13:24:05 UTC: run /db kill-stale again if it is still needed.`,
    ],
    [
      'meets what is under way',
      { kind: 'claimed', by: ADA, at: AT },
      AT + 999_999,
      false,
      `Already being carried out since 13:24:05 UTC: its result comes in the message.`,
    ],
    [
      'meets what was under way when the bot died',
      { kind: 'claimed', by: ADA, at: AT },
      AT,
      true,
      `Confirmed at 13:24:05 UTC, and the bot ended meanwhile: what became of it is told as soon as it is known.`,
    ],
    [
      'meets what is done',
      { kind: 'done', by: ADA, at: AT, endedAt: AT, outcome: null },
      AT,
      false,
      `Carried out at 13:24:05 UTC: run /db kill-stale again for what is left.`,
    ],
    [
      'meets what was interrupted',
      { kind: 'interrupted', by: ADA, at: AT, endedAt: AT, outcome: null },
      AT,
      false,
      `Confirmed at 13:24:05 UTC, and interrupted as the bot ended: run /db kill-stale again for what is left.`,
    ],
  ])('that %s is told the fact and what to do', (_, state, now, interrupted, reason) => {
    for (const wants of ['claim', 'cancel'] as const) {
      expect(judgeClick(confirmation(state), { ...CLICK, wants }, now, interrupted)).toMatchObject({
        ok: false,
        reason,
      });
    }
  });

  test('on what nobody proposed is refused', () => {
    expect(judgeClick(null, CLICK, NOW, false)).toMatchObject({ why: 'unknown' });
  });

  test.each(['', 'f'.repeat(16), hashPlan(proposal()).slice(0, 15), hashPlan(proposal()).toUpperCase()])(
    'with the hash "%s" is refused, for the act and for Cancel',
    (hash) => {
      for (const wants of ['claim', 'cancel'] as const) {
        expect(judgeClick(confirmation(), { hash, wants }, AT, false)).toMatchObject({
          why: 'forged',
          reason: 'This is not what was shown, so nothing was done: run /db kill-stale again.',
        });
      }
    },
  );

  test.each([
    ['main', true],
    ['  main\n', true],
    ['Main', false],
    ['mai n', false],
    ['', false],
    [undefined, false],
  ])('that asks for "main" takes what was typed, %j: %s', (typed, ok) => {
    expect(judgeClick(confirmation({ kind: 'open' }, 'main'), { ...CLICK, typed }, AT, false).ok).toBe(ok);
  });

  test('on Cancel needs nothing typed', () => {
    expect(judgeClick(confirmation({ kind: 'open' }, 'main'), { ...CLICK, wants: 'cancel' }, AT, false).ok).toBe(true);
  });
});

describe('the hash', () => {
  test('is the same in whatever order the keys stand, at any depth', () => {
    const [one, other]: [Json, Json] = [
      { a: 1, b: [{ c: 2, d: 3 }] },
      { b: [{ d: 3, c: 2 }], a: 1 },
    ];
    expect(hashPlan(proposal({ plan: one }))).toBe(hashPlan(proposal({ plan: other })));
  });

  test.each<[string, Parameters<typeof proposal>[0]]>([
    ['act', { act: 'cap-application' }],
    ['database', { database: 'other' }],
    ['plan', { plan: { targets: [] } }],
    ['empty plan', { plan: {} }],
  ])('is another one for another %s', (_, parts) => {
    const all = [proposal(), proposal(parts), proposal({ plan: [] })].map(hashPlan);
    expect(new Set(all).size).toBe(3);
  });

  test('leaves out no key, whatever its name', () => {
    const plan = JSON.parse('{"__proto__": 1}') as Json;
    expect(hashPlan(proposal({ plan }))).not.toBe(hashPlan(proposal({ plan: {} })));
  });

  test('tells lists in another order apart', () => {
    expect(hashPlan(proposal({ plan: [1, 2] }))).not.toBe(hashPlan(proposal({ plan: [2, 1] })));
  });
});
