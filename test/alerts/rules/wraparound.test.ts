import { describe, expect, it } from 'vitest';
import wraparound from '../../../src/alerts/rules/wraparound.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import { NOW, signals } from '../../support/builders.ts';
import { finding, findings, HOSTILE, LOW } from '../../support/rule-findings.ts';

const ages = (...xidAges: { database: string; age: number }[]) => ({ signals: seen(signals({ xidAges }), NOW) });
const aged = (age: number) => ages({ database: 'site', age });

describe('wraparound', () => {
  it.each([
    [999_999_999, 'clear'],
    [1_000_000_000, 'firing'],
    [1_000_000_001, 'firing'],
  ] as const)('judges an age of %i as %s', (age, standing) => {
    expect(finding(wraparound, aged(age))).toMatchObject({ subject: 'site', standing, value: age });
  });

  it.each([
    [149_999_999, 'clear'],
    [150_000_000, 'holding'],
    [300_000_000, 'firing'],
  ] as const)('judges an age of %i as %s where it fires at 300 million', (age, standing) => {
    expect(finding(wraparound, aged(age), {}, { fire: 300_000_000, clear: 150_000_000 }).standing).toBe(standing);
  });

  it.each([
    [1_899_999_999, undefined],
    [1_900_000_000, 'critical'],
    [2_144_000_000, 'critical'],
  ])('is at %i of severity %s, before the server takes no more writes', (age, severity) => {
    expect(finding(wraparound, aged(age)).severity).toBe(severity);
  });

  it('says how far it is and how much is left before the server stops', () => {
    expect(finding(wraparound, aged(1_234_567_890))).toMatchObject({
      headline: 'the oldest unfrozen transaction of site is 1234 million transactions back',
      evidence: 'PostgreSQL takes no more writes at 2144 million: about 909 million are left.',
    });
    expect(finding(wraparound, aged(2_147_000_000)).evidence).toContain('about 0 million are left');
  });

  it('is one subject per database', () => {
    const found = findings(wraparound, ages({ database: 'site', age: 1.2e9 }, { database: 'template1', age: 5 }));
    expect(found.map(({ subject, standing }) => [subject, standing])).toEqual([
      ['site', 'firing'],
      ['template1', 'clear'],
    ]);
  });

  it.each([
    ['the signals are unseen', { signals: unseen('no answer', NOW) }, 'no answer'],
    ['the server is unseen', { ...aged(2e9), server: unseen('lost', NOW) }, 'lost'],
  ])('is unknown of every database where %s, and says why', (_, parts, why) => {
    expect(finding(wraparound, parts)).toMatchObject({
      subject: '*',
      standing: 'unknown',
      headline: expect.stringContaining(why),
    });
  });

  it('needs no privilege: the ages are open to every role', () => {
    expect(finding(wraparound, { ...aged(5), server: LOW }).standing).toBe('clear');
  });

  it('passes a hostile name on as it is', () => {
    const found = finding(wraparound, ages({ database: HOSTILE, age: 1e9 }));
    expect(found.subject).toBe(HOSTILE);
    expect(found.headline).toContain(HOSTILE);
  });
});
