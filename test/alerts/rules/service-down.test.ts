import { describe, expect, it } from 'vitest';
import serviceDown from '../../../src/alerts/rules/service-down.ts';
import { unseen } from '../../../src/model/observed.ts';
import type { Probe, ServiceState } from '../../../src/model/service-state.ts';
import { NOW } from '../../support/builders.ts';
import { HOSTILE, service, serviceState, set } from '../../support/rule-findings.ts';

const judge = (services: readonly ServiceState[], written: Readonly<Record<string, number>> = {}) =>
  serviceDown.evaluate({ services, now: NOW }, set(serviceDown, written));
const failing = (parts: Partial<Probe>) => serviceState(parts, { goodInARow: 0 });

describe('service-down', () => {
  it.each([
    ['server-error', 500, 'answers 500'],
    ['timeout', null, 'no answer within 10 s'],
    ['refused', null, 'nothing listens there'],
    ['name-unknown', null, 'its host has no address'],
    ['tls-failed', null, 'the certificate has expired'],
    ['cut', null, 'the connection was cut'],
    ['unreachable', null, 'the network gives no way to it'],
  ] as const)('fires on %s, in the words of the probe', (verdict, status, fact) => {
    expect(judge([failing({ verdict, status, fact })])).toMatchObject([
      { subject: 'website', standing: 'firing', headline: `website: ${fact}`, impact: 'the site' },
    ]);
  });

  it('says what a 524 is, and only of a 524', () => {
    const evidenceOf = (status: number) => judge([failing({ verdict: 'server-error', status })])[0]?.evidence;
    expect(evidenceOf(524)).toMatch(/CDN.*reached the origin and got no answer in time/);
    expect([500, 502, 504, 523, 525].map(evidenceOf)).toEqual(['', '', '', '', '']);
  });

  it('advises by what failed', () => {
    const steps = (['timeout', 'refused', 'name-unknown', 'tls-failed', 'unreachable'] as const).map(
      (verdict) => judge([failing({ verdict, status: null })])[0]?.firstStep,
    );
    expect(new Set(steps).size).toBe(5);
  });

  it.each([
    [0, 'holding'],
    [1, 'holding'],
    [2, 'clear'],
    [3, 'clear'],
  ] as const)('is over after two good probes in a row: %i is %s', (goodInARow, standing) => {
    expect(judge([serviceState({}, { goodInARow })])[0]?.standing).toBe(standing);
  });

  it('is over after as many good probes as configured', () => {
    const standings = [3, 4].map((goodInARow) => judge([serviceState({}, { goodInARow })], { clear: 4 })[0]?.standing);
    expect(standings).toEqual(['holding', 'clear']);
  });

  it('is unknown where the probe is, and says why', () => {
    expect(judge([serviceState({}, { probe: unseen('not probed yet', NOW) })])).toMatchObject([
      { subject: 'website', standing: 'unknown', headline: expect.stringContaining('not probed yet') },
    ]);
  });

  it('is one subject per service, and none without services', () => {
    const states = [serviceState(), { ...failing({ verdict: 'cut' }), service: service({ name: 'paste' }) }];
    expect(judge(states).map(({ subject, standing }) => [subject, standing])).toEqual([
      ['website', 'clear'],
      ['paste', 'firing'],
    ]);
    expect(judge([])).toEqual([]);
  });

  it('has no impact where nobody wrote any', () => {
    expect(judge([serviceState({}, { service: service({ impact: undefined }) })])[0]?.impact).toBe('');
  });

  it('is muted by the database that causes it', () => {
    expect(serviceDown.inhibitedBy).toEqual([
      { by: 'database-unreachable', mutes: 'all' },
      { by: 'database-recovering', mutes: 'all' },
    ]);
  });

  it('passes hostile words on as they are, and keeps them out of its advice', () => {
    const [found] = judge([failing({ verdict: 'server-error', status: 500, fact: HOSTILE })]);
    expect(found?.headline).toBe(`website: ${HOSTILE}`);
    expect(found?.firstStep).not.toContain('evil');
  });
});
