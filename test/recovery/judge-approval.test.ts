import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ApprovalClick,
  judgeApproval,
  judgeCancelling,
  type RequesterLevel,
  wordsToType,
} from '../../src/recovery/judge-approval.ts';
import type { ApprovalPolicy, RecoveryRun, RunState } from '../../src/recovery/run.ts';
import { NOW } from '../support/builders.ts';
import { planOf, REQUESTER, runOf, SECOND } from '../support/recovery-builders.ts';

const RECOVER: RequesterLevel = { ok: true, level: 'recover' };
const OVERRIDE = { word: 'no backup', because: 'The last backup is 3 days old.' };

interface Case {
  readonly run?: Partial<RecoveryRun>;
  readonly click?: Partial<ApprovalClick>;
  readonly now?: number;
  readonly level?: RequesterLevel;
}

function judge({ run: parts = {}, click = {}, now = NOW + 1_000, level = RECOVER }: Case) {
  const run = runOf(parts);
  const made = { by: SECOND, kind: 'approve', hash: run.hash, typed: [], reason: null, ...click } as const;
  return judgeApproval({ run, click: made, now, requesterLevel: level });
}

const breaking = { by: REQUESTER, kind: 'break-glass', typed: ['main'], reason: 'nobody answers' } as const;
const AFTER = NOW + 120_000;

describe('what is approved', () => {
  it.each<[string, Case, object]>([
    ['by another member', {}, { by: SECOND, how: 'second-person', reason: null, at: NOW + 1_000 }],
    [
      'by the requester where a click is enough',
      { run: { policy: 'own', breakGlassAt: null }, click: { by: REQUESTER } },
      { by: REQUESTER, how: 'confirmed' },
    ],
    [
      'by another member where a click is enough',
      { run: { policy: 'own', breakGlassAt: null } },
      { by: SECOND, how: 'confirmed' },
    ],
    [
      'by the requester who types the name',
      { run: { policy: 'typed', breakGlassAt: null }, click: { by: REQUESTER, typed: [' main '] } },
      { by: REQUESTER, how: 'typed' },
    ],
    [
      'with the words of its overrides, in any order',
      {
        run: { policy: 'typed', breakGlassAt: null, plan: planOf({ overrides: [OVERRIDE] }) },
        click: { typed: ['no backup', 'main'] },
      },
      { how: 'typed' },
    ],
    [
      'by breaking the glass from its moment on',
      { click: breaking, now: AFTER },
      { by: REQUESTER, how: 'broke-glass', reason: 'nobody answers', at: AFTER },
    ],
    [
      'for a requester whose level nobody can tell, by the roles of their own click',
      { click: breaking, now: AFTER, level: { ok: false, reason: '503' } },
      { how: 'broke-glass' },
    ],
    ['in the last millisecond', { now: NOW + 599_999 }, { how: 'second-person' }],
  ])('%s', (_, given, approval) => {
    expect(judge(given)).toMatchObject({ ok: true, approval });
  });
});

const over = (state: RunState): Case => ({ run: { state } });

describe('what is refused', () => {
  it.each<[string, string, Case]>([
    ['forged', 'the hash of another plan', { click: { hash: '0000000000000000' } }],
    ['forged', 'a plan that was touched since it was shown', { run: { plan: planOf(), hash: '0000000000000000' } }],
    ['expired', 'at the end', { now: NOW + 600_000 }],
    ['expired', 'at no moment at all', { now: Number.NaN }],
    ['expired', 'what is known to have expired', over({ kind: 'expired', at: NOW })],
    ['expired', 'what a new plan replaced', over({ kind: 'superseded', at: NOW, next: 'ffffffffff', reasons: [] })],
    ['cancelled', 'what was cancelled', over({ kind: 'cancelled', by: SECOND, at: NOW })],
    ['taken', 'what runs', over({ kind: 'running', abortAsked: null })],
    ['taken', 'what stopped', over({ kind: 'stopped', at: NOW, why: { kind: 'interrupted' } })],
    ['taken', 'what is done', over({ kind: 'done', at: NOW })],
    ['taken', 'what was ended', over({ kind: 'ended', at: NOW, by: SECOND, undone: false })],
    [
      'taken',
      'what was approved a moment ago',
      { run: { approval: { by: SECOND, at: NOW, how: 'second-person', reason: null } } },
    ],
    ['own', 'the requester’s own approval', { click: { by: REQUESTER } }],
    ['own', 'another who breaks the glass', { click: { ...breaking, by: SECOND }, now: AFTER }],
    ['too-early', 'the glass a moment before', { click: breaking, now: AFTER - 1 }],
    ['forged', 'a glass that is none', { run: { policy: 'typed', breakGlassAt: null }, click: breaking, now: AFTER }],
    ['forged', 'a glass where the policy needs none', { run: { policy: 'typed' }, click: breaking, now: AFTER }],
    ['mistyped', 'the glass without the name', { click: { ...breaking, typed: [] }, now: AFTER }],
    ['mistyped', 'the glass with another’s name', { click: { ...breaking, typed: ['Main'] }, now: AFTER }],
    ['mistyped', 'an approval by typing without it', { run: { policy: 'typed' }, click: { by: REQUESTER } }],
    ['mistyped', 'an override that nobody typed', { run: { plan: planOf({ overrides: [OVERRIDE] }) } }],
    [
      'mistyped',
      'an override that is typed in other words',
      { run: { plan: planOf({ overrides: [OVERRIDE] }) }, click: { typed: ['no-backup'] } },
    ],
    [
      'mistyped',
      'one word for two',
      { run: { plan: planOf({ overrides: [OVERRIDE, OVERRIDE] }) }, click: { typed: ['no backup'] } },
    ],
    ['no-reason', 'the glass without a reason', { click: { ...breaking, reason: null }, now: AFTER }],
    [
      'no-reason',
      'the glass with a reason that nobody sees',
      { click: { ...breaking, reason: ' \u200b\n ' }, now: AFTER },
    ],
    [
      'no-reason',
      'the glass with a reason of 501 characters',
      { click: { ...breaking, reason: 'x'.repeat(501) }, now: AFTER },
    ],
    ['level', 'a requester who lost the role', { level: { ok: true, level: 'respond' } }],
    ['level', 'a requester who left', { level: { ok: true, level: null } }],
    ['level', 'a requester of whom nobody can tell', { level: { ok: false, reason: 'Discord answers 503' } }],
  ])('%s: %s', (why, _, given) => {
    const judged = judge(given);
    expect(judged).toMatchObject({ ok: false, why });
    if (!judged.ok) expect(judged.reason).toMatch(/[a-z]/);
  });

  it('unknown: a request that nobody knows', () => {
    const click = { by: SECOND, kind: 'approve', hash: 'x', typed: [], reason: null } as const;
    expect(judgeApproval({ run: null, click, now: NOW, requesterLevel: RECOVER })).toMatchObject({ why: 'unknown' });
  });
});

describe('a request is cancelled by anybody', () => {
  it('while it waits', () => {
    const run = runOf();
    expect(judgeCancelling({ run, hash: run.hash, now: NOW })).toEqual({ ok: true });
  });

  it.each<[string, Partial<RecoveryRun>, number, string?]>([
    ['forged', {}, NOW, '0000000000000000'],
    ['expired', {}, NOW + 600_000],
    ['taken', { state: { kind: 'running', abortAsked: null } }, NOW],
  ])('but not once it is %s', (why, parts, now, hash) => {
    const run = runOf(parts);
    expect(judgeCancelling({ run, hash: hash ?? run.hash, now })).toMatchObject({ ok: false, why });
  });
});

it('says which words a form asks for', () => {
  const plan = planOf({ overrides: [OVERRIDE] });
  expect(wordsToType(runOf({ plan }), 'approve')).toEqual(['no backup']);
  expect(wordsToType(runOf({ plan }), 'break-glass')).toEqual(['main', 'no backup']);
  expect(wordsToType(runOf({ plan, policy: 'typed' }), 'approve')).toEqual(['main', 'no backup']);
});

describe('whatever else is given', () => {
  const level = fc.oneof(
    fc.constantFrom<RequesterLevel>(RECOVER, { ok: true, level: null }, { ok: false, reason: 'x' }),
  );
  const given = fc.record({
    by: fc.constantFrom(REQUESTER, SECOND, ''),
    kind: fc.constantFrom<ApprovalClick['kind']>('approve', 'break-glass'),
    typed: fc.array(fc.constantFrom('main', 'no backup', '', 'x'), { maxLength: 4 }),
    reason: fc.option(fc.string({ maxLength: 600 })),
    now: fc.oneof(fc.integer({ min: NOW - 1_000, max: NOW + 700_000 }), fc.constantFrom(NaN, Infinity, -Infinity)),
    policy: fc.constantFrom<ApprovalPolicy>('own', 'two-person', 'typed'),
    breakGlassAt: fc.option(fc.constantFrom(NOW, AFTER)),
    overrides: fc.constantFrom([], [OVERRIDE]),
    level,
  });
  const judgeGiven = (
    one: typeof given extends fc.Arbitrary<infer T> ? T : never,
    over: Partial<ApprovalClick> = {},
  ) => {
    const { policy, breakGlassAt, overrides, now, level: requesterLevel, ...click } = one;
    const run = runOf({ policy, breakGlassAt, plan: planOf({ overrides }) });
    return judgeApproval({ run, click: { hash: run.hash, ...click, ...over }, now, requesterLevel });
  };

  it('the requester’s own Approve never suffices under two-person', () => {
    fc.assert(
      fc.property(given, (one) => {
        expect(judgeGiven({ ...one, policy: 'two-person' }, { by: REQUESTER, kind: 'approve' }).ok).toBe(false);
      }),
    );
  });

  it('nothing is approved once it has expired', () => {
    fc.assert(
      fc.property(given, fc.nat(), (one, late) => {
        expect(judgeGiven({ ...one, now: NOW + 600_000 + late }).ok).toBe(false);
      }),
    );
  });

  it('another hash never suffices', () => {
    fc.assert(
      fc.property(given, fc.string(), (one, hash) => {
        expect(judgeGiven(one, { hash }).ok).toBe(false);
      }),
    );
  });

  it('an approval by another is never given for a requester without the level', () => {
    fc.assert(
      fc.property(given, (one) => {
        fc.pre(one.level !== RECOVER);
        expect(judgeGiven(one, { by: SECOND }).ok).toBe(false);
      }),
    );
  });
});
