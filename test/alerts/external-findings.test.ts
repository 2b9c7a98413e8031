import { expect, test } from 'vitest';
import { hasRoomFor, isForgotten, judgeExternal } from '../../src/alerts/external-findings.ts';
import { stepAlerts } from '../../src/alerts/lifecycle.ts';
import type { ExternalAlert } from '../../src/model/external-alert.ts';
import { NOW } from '../support/builders.ts';

function external(parts: Partial<ExternalAlert> = {}): ExternalAlert {
  return {
    source: 'alertmanager',
    fingerprint: 'c6eadffa33fcdf37',
    name: 'DiskFull',
    severity: 'warning',
    firing: true,
    startsAt: NOW,
    endsAt: null,
    labels: {},
    summary: 'The disk is full',
    description: '97 %',
    url: null,
    database: null,
    ...parts,
  };
}

test('an alert of others is a finding of its source, on the database that it names', () => {
  expect(judgeExternal([external({ database: 'main', url: 'https://a.example.org/x' })], [])).toEqual([
    {
      rule: 'alertmanager',
      database: 'main',
      settings: { severity: 'warning', forMs: 0, keepMs: 0, repeatMs: 14_400_000 },
      partial: true,
      findings: [
        {
          subject: 'DiskFull c6eadffa33fc',
          standing: 'firing',
          value: null,
          fireAt: null,
          headline: 'The disk is full',
          evidence: 'https://a.example.org/x\n97 %',
          impact: '',
          severity: 'warning',
          firstStep: 'Look at it where it comes from: Prometheus and its Alertmanager.',
        },
      ],
    },
  ]);
});

test.each<[string, Partial<ExternalAlert>, object]>([
  ['names no database: it is filed under breakwater', {}, { database: 'breakwater' }],
  ['comes from Grafana', { source: 'grafana' }, { rule: 'grafana' }],
  ['is critical', { severity: 'critical' }, { settings: { severity: 'critical', forMs: 0 } }],
  ['is over', { firing: false, endsAt: NOW }, { findings: [{ standing: 'clear' }] }],
])('an alert that %s', (_, parts, expected) => {
  expect(judgeExternal([external(parts)], [])).toMatchObject([expected]);
});

test.each<[Readonly<Record<string, string>>, string]>([
  [{}, 'DiskFull'],
  [{ alertname: 'DiskFull', severity: 'page', __rule__: 'x', grafana_folder: 'f' }, 'DiskFull'],
  [{ mount: '/var', instance: 'node-1' }, 'DiskFull (instance=node-1, mount=/var)'],
  [{ a: '1', b: '2', c: '3', d: '4', e: '5' }, 'DiskFull (a=1, b=2, c=3, d=4)'],
])('without a summary its labels %j tell it: %s', (labels, headline) => {
  expect(judgeExternal([external({ summary: '', labels })], [])).toMatchObject([{ findings: [{ headline }] }]);
});

test('each payload speaks of its own alerts only, and an alert lives from its first to its last', () => {
  const [one, other] = [external(), external({ fingerprint: 'another', name: 'Slow', severity: 'critical' })];
  const first = stepAlerts(new Map(), judgeExternal([one, other], []), NOW);
  expect(first.transitions.map(({ kind, alert }) => [kind, alert.severity])).toEqual([
    ['fired', 'warning'],
    ['fired', 'critical'],
  ]);
  const second = stepAlerts(first.book, judgeExternal([one], []), NOW + 1);
  expect([second.transitions, second.book.size]).toEqual([[], 2]);
  const third = stepAlerts(second.book, judgeExternal([external({ firing: false })], []), NOW + 2);
  expect(third.transitions.map(({ kind }) => kind)).toEqual(['resolved']);
  expect(third.book.size).toBe(1);
});

test.each([
  ['was not watched yet', null, 'main'],
  ['is watched no more', 'main', null],
])('an alert whose database %s when it began is ended where it was filed', (_, before, after) => {
  const begun = stepAlerts(new Map(), judgeExternal([external({ database: before })], []), NOW);
  const living = [...begun.book.values()];
  const ended = stepAlerts(begun.book, judgeExternal([external({ database: after, firing: false })], living), NOW + 1);
  expect(ended.transitions.map(({ kind }) => kind)).toEqual(['resolved']);
  expect(ended.book.size).toBe(0);
});

test.each([
  ['alertmanager', 24 * 3_600_000 - 1, false],
  ['alertmanager', 24 * 3_600_000, true],
  ['grafana', 24 * 3_600_000, true],
  ['connections-total', 99 * 3_600_000, false],
])('an alert of %s that was not heard of for %i ms is forgotten: %s', (rule, ms, expected) => {
  expect(isForgotten({ rule, heardAt: 1_000 }, 1_000 + ms)).toBe(expected);
});

test('there is room for two thousand, and always for what is over', () => {
  const living = Array.from({ length: 2_000 }, () => ({ rule: 'grafana' }));
  expect(hasRoomFor([external({})], living.slice(1))).toBe(true);
  expect(hasRoomFor([external({})], living)).toBe(false);
  expect(hasRoomFor([external({ firing: false })], living)).toBe(true);
});

test('fingerprints that begin alike and are no hashes stay apart', () => {
  const subjects = ['custom-sender-prefix-1', 'custom-sender-prefix-2'].map(
    (fingerprint) => judgeExternal([external({ fingerprint })], [])[0]?.findings[0]?.subject,
  );
  expect(new Set(subjects).size).toBe(2);
});
