import { describe, expect, it } from 'vitest';
import lockWaits from '../../../src/alerts/rules/lock-waits.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { LockWait } from '../../../src/model/server-signals.ts';
import { NOW, signals } from '../../support/builders.ts';
import { finding, HOSTILE, LOW, MINUTE } from '../../support/rule-findings.ts';

const wait = (waitedMs: number, parts: Partial<LockWait> = {}): LockWait => ({
  pid: 4711,
  user: 'site',
  database: 'site',
  applicationName: '',
  address: '10.2.0.5',
  waitedMs,
  ...parts,
});
const waits = (count: number, waitedMs = MINUTE) => ({
  signals: seen(signals({ lockWaits: Array.from({ length: count }, () => wait(waitedMs)) }), NOW),
});

describe('lock-waits', () => {
  it.each([
    [0, 'clear'],
    [1, 'holding'],
    [4, 'holding'],
    [5, 'firing'],
    [6, 'firing'],
  ] as const)('judges %i that have waited a minute as %s', (count, standing) => {
    expect(finding(lockWaits, waits(count))).toMatchObject({ subject: 'locks', standing, value: count, fireAt: 5 });
  });

  it.each([
    [MINUTE - 1, 'clear'],
    [MINUTE, 'firing'],
  ] as const)('counts those that have waited 60 s: nine of %i ms are %s', (ms, standing) => {
    expect(finding(lockWaits, waits(9, ms)).standing).toBe(standing);
  });

  it.each([
    [{ waiting: '5s' }, 5, 5_000, 'firing'],
    [{ waiting: '5s' }, 5, 4_999, 'clear'],
    [{ fire: 3, clear: 2 }, 3, MINUTE, 'firing'],
    [{ fire: 3, clear: 2 }, 2, MINUTE, 'holding'],
    [{ fire: 3, clear: 2 }, 1, MINUTE, 'clear'],
    [{ clear: 0 }, 0, MINUTE, 'clear'],
    [{ fire: 1, clear: 0 }, 1, MINUTE, 'firing'],
  ] as const)('with %o, %i of %i ms are %s', (written, count, ms, standing) => {
    expect(finding(lockWaits, waits(count, ms), {}, written).standing).toBe(standing);
  });

  it('says how many, for how long, and who has waited longest', () => {
    const lockWaitsNow = [wait(61_000), wait(150_000, { pid: 2, user: 'metabase', address: null }), wait(1_000)];
    const parts = { signals: seen(signals({ lockWaits: lockWaitsNow }), NOW) };
    const site = { name: 'the site', match: { user: 'site' } };
    expect(finding(lockWaits, parts, { applications: [site] }, { fire: 2, waiting: '45s' })).toMatchObject({
      headline: '2 sessions have waited 45 s or more for a lock',
      evidence:
        'Longest: metabase, pid 2, over a local socket, for 2 min; the site, pid 4711, from 10.2.0.5, for 1 min.',
    });
  });

  it('names three at most', () => {
    expect(finding(lockWaits, waits(6)).evidence).toMatch(/ and 3 more\.$/);
  });

  it.each([
    ['the signals are unseen', { signals: unseen('no answer', NOW) }, 'no answer'],
    ['the server is unseen', { ...waits(9), server: unseen('lost', NOW) }, 'lost'],
    ['sessions are hidden', { ...waits(4), server: LOW }, 'hidden'],
  ])('is unknown where %s, and says why', (_, parts, why) => {
    expect(finding(lockWaits, parts)).toMatchObject({
      standing: 'unknown',
      value: null,
      headline: expect.stringContaining(why),
    });
  });

  it('fires on what it sees though sessions are hidden', () => {
    expect(finding(lockWaits, { ...waits(5), server: LOW })).toMatchObject({
      standing: 'firing',
      headline: 'at least 5 sessions have waited 1 min or more for a lock',
    });
  });

  it('needs no sessions', () => {
    expect(finding(lockWaits, { ...waits(5), sessions: unseen('no answer', NOW) }).standing).toBe('firing');
  });

  it('passes hostile names on as they are, in the evidence only', () => {
    const parts = { signals: seen(signals({ lockWaits: Array(5).fill(wait(MINUTE, { user: HOSTILE })) }), NOW) };
    const found = finding(lockWaits, parts);
    expect(found.evidence).toContain(`${HOSTILE}, pid 4711`);
    expect(found.headline).not.toContain(HOSTILE);
  });
});
