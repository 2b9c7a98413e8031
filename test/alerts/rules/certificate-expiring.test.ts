import { describe, expect, it } from 'vitest';
import certificateExpiring from '../../../src/alerts/rules/certificate-expiring.ts';
import { unseen } from '../../../src/model/observed.ts';
import type { ServiceState } from '../../../src/model/service-state.ts';
import { NOW } from '../../support/builders.ts';
import { HOSTILE, service, serviceState, set } from '../../support/rule-findings.ts';

const DAY = 86_400_000;
const judge = (state: ServiceState, written: Readonly<Record<string, string>> = {}) =>
  certificateExpiring.evaluate({ services: [state], now: NOW }, set(certificateExpiring, written));
const endingIn = (ms: number) => serviceState({ certificateExpiresAt: NOW + ms });

describe('certificate-expiring', () => {
  it.each([
    [-1, 'firing'],
    [0, 'firing'],
    [14 * DAY, 'firing'],
    [14 * DAY + 1, 'holding'],
    [15 * DAY, 'holding'],
    [15 * DAY + 1, 'clear'],
    [90 * DAY, 'clear'],
  ] as const)('judges one that ends in %i ms as %s', (ms, standing) => {
    expect(judge(endingIn(ms))).toMatchObject([{ subject: 'website', standing, value: ms, fireAt: 14 * DAY }]);
  });

  it.each([
    [7 * DAY, 'firing'],
    [8 * DAY, 'holding'],
    [10 * DAY + 1, 'clear'],
  ] as const)('judges one that ends in %i ms as %s where it fires at 7d and clears above 10d', (ms, standing) => {
    expect(judge(endingIn(ms), { fire: '7d', clear: '10d' })[0]?.standing).toBe(standing);
  });

  it('says in how long and when it ends, and that it has', () => {
    expect(judge(endingIn(13.5 * DAY))).toMatchObject([
      {
        headline: 'the certificate of website ends in 13 d',
        evidence: 'It ends at 2020-12-25 01:24 UTC.',
        impact: 'the site',
      },
    ]);
    expect(judge(endingIn(-DAY))).toMatchObject([
      { headline: 'the certificate of website has ended', evidence: 'It ended at 2020-12-10 13:24 UTC.' },
    ]);
  });

  it('judges what a failed handshake showed too', () => {
    const expired = serviceState({ verdict: 'tls-failed', status: null, certificateExpiresAt: NOW - 1 });
    expect(judge(expired)[0]?.standing).toBe('firing');
  });

  it('finds nothing where there is no certificate', () => {
    const plain = serviceState({}, { service: service({ url: 'http://www.example.org/' }) });
    expect(judge(plain)).toEqual([]);
  });

  it.each(['https://www.example.org/', 'HTTPS://www.example.org/'])(
    'is unknown, not over, where a probe of %s failed before it saw one',
    (url) => {
      const cut = serviceState({ verdict: 'refused', fact: 'nothing listens there' }, { service: service({ url }) });
      expect(judge(cut)).toMatchObject([
        { subject: 'website', standing: 'unknown', headline: expect.stringContaining('nothing listens there') },
      ]);
    },
  );

  it('is unknown where the probe is, and says why', () => {
    expect(judge(serviceState({}, { probe: unseen('not probed yet', NOW) }))).toMatchObject([
      { subject: 'website', standing: 'unknown', headline: expect.stringContaining('not probed yet') },
    ]);
  });

  it('passes hostile words on as they are', () => {
    const cut = serviceState({ verdict: 'cut', fact: HOSTILE });
    expect(judge(cut)[0]?.headline).toContain(HOSTILE);
  });
});
