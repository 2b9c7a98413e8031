import { describe, expect, test } from 'vitest';
import { decideReadiness, type HealthFacts, isReady } from '../../src/model/health.ts';
import { NOW } from '../support/builders.ts';

const SECOND = 1_000;

function facts(parts: Partial<HealthFacts> = {}): HealthFacts {
  return {
    startedAt: NOW - 3_600 * SECOND,
    gateway: { acknowledgedAt: NOW - 20 * SECOND },
    delivery: { silentSince: null, failingSince: null },
    journal: null,
    databases: [{ name: 'main', lookedAt: NOW, everyMs: 5_000 }],
    ...parts,
  };
}

describe('readiness', () => {
  test.each<[string, Partial<HealthFacts>, readonly string[]]>([
    ['all is well', {}, []],
    ['the newest heartbeat is 60 s old', { gateway: { acknowledgedAt: NOW - 60 * SECOND } }, []],
    ['it is older than that', { gateway: { acknowledgedAt: NOW - 60 * SECOND - 1 } }, ['gateway']],
    ['Discord never answered', { gateway: { acknowledgedAt: null } }, ['gateway']],
    ['deliveries fail for 60 s', { delivery: { silentSince: null, failingSince: NOW - 60 * SECOND } }, []],
    [
      'deliveries fail for longer',
      { delivery: { silentSince: null, failingSince: NOW - 60 * SECOND - 1 } },
      ['delivery'],
    ],
    ['the journal takes nothing', { journal: { since: NOW, reason: 'disk full' } }, ['journal']],
    [
      'a database was not looked at for a minute',
      { databases: [{ name: 'main', lookedAt: NOW - 60_001, everyMs: 5_000 }] },
      ['watch'],
    ],
    [
      'a database is looked at seldom, as configured',
      { databases: [{ name: 'main', lookedAt: NOW - 60_001, everyMs: 30_000 }] },
      [],
    ],
    ['a database was never looked at', { databases: [{ name: 'main', lookedAt: null, everyMs: 5_000 }] }, ['watch']],
    ['the clock was set back', { gateway: { acknowledgedAt: NOW + 3_600 * SECOND } }, []],
  ])('when %s', (_, parts, notReady) => {
    const report = decideReadiness(facts(parts), NOW);
    expect(report.parts.map(({ name }) => name)).toEqual(['gateway', 'delivery', 'journal', 'watch']);
    expect(report.parts.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(notReady);
    expect(isReady(report)).toBe(notReady.length === 0);
  });

  test('says since when, and why', () => {
    const { parts } = decideReadiness(
      facts({
        gateway: { acknowledgedAt: NOW - 90 * SECOND },
        journal: { since: NOW - 10 * SECOND, reason: 'the disk is full' },
        databases: [
          { name: 'main', lookedAt: null, everyMs: 5_000 },
          { name: 'other', lookedAt: NOW, everyMs: 5_000 },
        ],
      }),
      NOW,
    );
    expect(parts.map(({ detail }) => detail)).toEqual([
      'Discord has acknowledged no heartbeat since 2020-12-11T13:22:30.000Z (1 min 30 s ago)',
      'messages get through',
      'not writable since 2020-12-11T13:23:50.000Z (10 s ago): the disk is full',
      'not looked at: main not since 2020-12-11T12:24:00.000Z (1 h ago)',
    ]);
  });

  test.each<[string, HealthFacts['delivery'], string]>([
    [
      'nothing arrives',
      { silentSince: NOW - 90 * SECOND, failingSince: NOW - 600 * SECOND },
      'no message has got through to Discord since 2020-12-11T13:22:30.000Z (1 min 30 s ago)',
    ],
    [
      'one message is refused and the rest arrives',
      { silentSince: null, failingSince: NOW - 90 * SECOND },
      'others get through to Discord, but one message has not since 2020-12-11T13:22:30.000Z (1 min 30 s ago)',
    ],
  ])('tells of delivery when %s', (_, delivery, detail) => {
    const { parts } = decideReadiness(facts({ delivery }), NOW);
    expect(parts.find(({ name }) => name === 'delivery')).toEqual({ name: 'delivery', ok: false, detail });
  });
});
