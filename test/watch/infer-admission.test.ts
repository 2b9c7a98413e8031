import { describe, expect, it } from 'vitest';
import { VERDICT_MEANINGS, type Verdict } from '../../src/model/admission.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { inferAdmission } from '../../src/watch/infer-admission.ts';
import { group, NOW, serverFacts } from '../support/builders.ts';

const LOST = unseen('no session is held', NOW);
const FACTS = seen(serverFacts(), NOW);

describe('admission without a canary role', () => {
  it.each([
    [96, { ok: false, reason: 'no canary role is configured, so nobody tried to connect' }],
    [97, { ok: true, value: { verdict: 'only-reserved-left', inferred: true } }],
    [99, { ok: true, value: { verdict: 'only-reserved-left', inferred: true } }],
    [100, { ok: true, value: { verdict: 'completely-full', inferred: true } }],
  ])('with %i of 97 usable is inferred from the counts', (count, expected) => {
    expect(inferAdmission(seen([group({ count })], NOW), FACTS, null)).toMatchObject(expected);
  });

  it('rests on the counts as long as there are some', () => {
    expect(inferAdmission(seen([group({ count: 10 })], NOW), FACTS, 'stopped').ok).toBe(false);
  });

  it('is unknown when nothing is known of the server or the attempt', () => {
    expect(inferAdmission(LOST, FACTS, null)).toEqual(LOST);
    expect(inferAdmission(seen([group({ count: 99 })], NOW), LOST, null)).toEqual(LOST);
  });

  const HOLDS: Readonly<Record<Verdict, boolean>> = {
    'only-reserved-left': true,
    'completely-full': true,
    'half-authenticated': true,
    'database-limit': true,
    starting: true,
    'crash-recovery': true,
    'shutting-down': true,
    stopped: true,
    frozen: true,
    unreachable: true,
    'no-such-database': true,
    'tls-failed': true,
    'read-only': true,
    'role-limit': false,
    'auth-refused': false,
    unrecognised: false,
    admitted: false,
  };
  it.each(Object.keys(VERDICT_MEANINGS) as Verdict[])('while no session is held, after %s', (verdict) => {
    const inferred = seen({ verdict, inferred: true, tookMs: null, serverSaid: null }, NOW);
    expect(inferAdmission(LOST, LOST, verdict)).toEqual(HOLDS[verdict] ? inferred : LOST);
  });
});
