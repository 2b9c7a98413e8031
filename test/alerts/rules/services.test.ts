import { describe, expect, it } from 'vitest';
import certificateExpiring from '../../../src/alerts/rules/certificate-expiring.ts';
import serviceDown from '../../../src/alerts/rules/service-down.ts';
import sourceBlind from '../../../src/alerts/rules/source-blind.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { Probe, ServiceState } from '../../../src/model/service-state.ts';
import { NOW } from '../../support/builders.ts';
import { settingsOf } from '../../support/rule-settings.ts';

const DAY_MS = 86_400_000;
const service = { name: 'website', url: 'https://x/', dependsOn: 'main', impact: 'the site' };

function state(parts: Partial<Probe>, goodInARow = 0): ServiceState {
  const probe = {
    verdict: 'good',
    status: 200,
    tookMs: 9,
    fact: 'answers 200 OK',
    certificateExpiresAt: null,
    ...parts,
  } as const;
  return { service, probe: seen(probe, NOW), goodInARow };
}

const UNSEEN: ServiceState = { service, probe: unseen('not probed yet', NOW), goodInARow: 0 };

describe('service-down', () => {
  const evaluate = (...services: ServiceState[]) =>
    serviceDown.evaluate({ services, now: NOW }, settingsOf(serviceDown));

  it.each(['server-error', 'timeout', 'refused', 'name-unknown', 'tls-failed', 'cut', 'unreachable'] as const)(
    'fires on %s, saying how',
    (verdict) => {
      const [finding] = evaluate(state({ verdict, fact: 'answers 524: the CDN…' }));
      expect(finding).toMatchObject({
        standing: 'firing',
        headline: 'website: answers 524: the CDN…',
        impact: 'the site',
      });
    },
  );

  it.each([
    [1, 'holding'],
    [2, 'clear'],
    [3, 'clear'],
  ])('after %i good probes in a row is %s', (goodInARow, standing) => {
    expect(evaluate(state({}, goodInARow))[0]?.standing).toBe(standing);
  });

  it('is unknown while nothing was probed, and speaks of each service', () => {
    expect(evaluate(UNSEEN)[0]?.standing).toBe('unknown');
    expect(evaluate(state({}), state({})).length).toBe(2);
  });
});

describe('certificate-expiring', () => {
  const evaluate = (...services: ServiceState[]) =>
    certificateExpiring.evaluate({ services, now: NOW }, settingsOf(certificateExpiring));

  it.each([
    [14 * DAY_MS + 1, 'holding'],
    [14 * DAY_MS, 'firing'],
    [14 * DAY_MS - 1, 'firing'],
    [15 * DAY_MS, 'holding'],
    [15 * DAY_MS + 1, 'clear'],
    [-DAY_MS, 'firing'],
  ])('with %i ms left is %s', (leftMs, standing) => {
    expect(evaluate(state({ certificateExpiresAt: NOW + leftMs }))[0]?.standing).toBe(standing);
  });

  it('says how long it lasts, or that it has ended', () => {
    const headlines = [3 * DAY_MS, -3 * DAY_MS].map(
      (leftMs) => evaluate(state({ certificateExpiresAt: NOW + leftMs }))[0]?.headline,
    );
    expect(headlines).toEqual(['the certificate of website ends in 3 d', 'the certificate of website has ended']);
  });

  it('finds nothing for plain HTTP, and is unknown where no certificate could be seen', () => {
    const plain = { ...state({}), service: { ...service, url: 'http://x/' } };
    expect(evaluate(plain)).toEqual([]);
    expect(evaluate(state({ verdict: 'timeout' }))[0]?.standing).toBe('unknown');
    expect(evaluate(UNSEEN)[0]?.standing).toBe('unknown');
  });
});

describe('source-blind', () => {
  it('fires for each source that does not answer, and is clear for each that does', () => {
    const sources = [
      { database: 'main', name: 'postgres', blind: { since: NOW - 125_000, reason: 'the postmaster hangs' } },
      { database: 'main', name: 'journal', blind: null },
    ];
    expect(sourceBlind.evaluate({ sources, now: NOW })).toMatchObject([
      {
        subject: 'postgres',
        standing: 'firing',
        headline: 'Breakwater has not reached PostgreSQL for 2 min: the postmaster hangs',
      },
      { subject: 'journal', standing: 'clear', headline: 'Breakwater reaches its journal' },
    ]);
  });
});
