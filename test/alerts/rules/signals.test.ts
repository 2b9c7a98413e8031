import { describe, expect, it } from 'vitest';
import { ANY_SUBJECT, type Finding } from '../../../src/alerts/rule.ts';
import archiverFailing from '../../../src/alerts/rules/archiver-failing.ts';
import lockWaits from '../../../src/alerts/rules/lock-waits.ts';
import replicationLag from '../../../src/alerts/rules/replication-lag.ts';
import replicationSlots from '../../../src/alerts/rules/replication-slots.ts';
import wraparound from '../../../src/alerts/rules/wraparound.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { Archiver, ServerSignals } from '../../../src/model/server-signals.ts';
import { databaseView, NOW, signals, snapshot } from '../../support/builders.ts';
import { settingsOf } from '../../support/rule-settings.ts';

const MINUTE_MS = 60_000;
const GIB = 2 ** 30;
const viewOf = (parts: Partial<ServerSignals>) =>
  databaseView([], { snapshot: snapshot([], { signals: seen(signals(parts), NOW) }) });
const BLIND = databaseView([], { snapshot: snapshot([], { signals: unseen('permission denied', NOW) }) });
const standings = (findings: readonly Finding[]) => findings.map(({ subject, standing }) => [subject, standing]);

describe('lock-waits', () => {
  const wait = (waitedMs: number) => ({
    pid: 1,
    user: 'site',
    database: 'site',
    applicationName: '',
    address: '10.2.0.5',
    waitedMs,
  });
  const evaluate = (waits: readonly number[], written = {}) =>
    lockWaits.evaluate(viewOf({ lockWaits: waits.map(wait) }), settingsOf(lockWaits, written));

  it.each([
    ['four that wait a minute', [60_000, 60_000, 60_000, 60_000], 'holding'],
    ['five that wait a minute', Array(5).fill(60_000), 'firing'],
    ['six that wait longer', Array(6).fill(90_000), 'firing'],
    ['five that wait a little less', Array(5).fill(59_999), 'clear'],
    ['one that waits a minute', [60_000], 'holding'],
    ['nobody', [], 'clear'],
  ])('%s: %s is %s', (_, waits, standing) => {
    expect(evaluate(waits as number[])[0]?.standing).toBe(standing);
  });

  it('takes another time and another number', () => {
    expect(evaluate([10_000, 10_000], { fire: 2, waiting: '10s' })[0]?.standing).toBe('firing');
  });

  it('names the first of the queue, and is unknown when nobody can be seen', () => {
    expect(evaluate([70_000, ...Array<number>(4).fill(60_000)])[0]?.evidence).toMatch(
      /^Longest: site, pid 1, from 10\.2\.0\.5, for 1 min; .* and 2 more\.$/,
    );
    expect(standings(lockWaits.evaluate(BLIND, settingsOf(lockWaits)))).toEqual([['locks', 'unknown']]);
  });
});

describe('wraparound', () => {
  const evaluate = (age: number) =>
    wraparound.evaluate(viewOf({ xidAges: [{ database: 'site', age }] }), settingsOf(wraparound));

  it.each([
    [999_999_999, 'clear', undefined],
    [1_000_000_000, 'firing', undefined],
    [1_899_999_999, 'firing', undefined],
    [1_900_000_000, 'firing', 'critical'],
  ])('at an age of %i is %s, severity %s', (age, standing, severity) => {
    expect(evaluate(age)).toMatchObject([{ subject: 'site', standing }]);
    expect(evaluate(age)[0]?.severity).toBe(severity);
  });

  it('speaks of each database, and freezes all of them when it cannot see', () => {
    const view = viewOf({
      xidAges: [
        { database: 'a', age: 1 },
        { database: 'b', age: 2_000_000_000 },
      ],
    });
    expect(standings(wraparound.evaluate(view, settingsOf(wraparound)))).toEqual([
      ['a', 'clear'],
      ['b', 'firing'],
    ]);
    expect(standings(wraparound.evaluate(BLIND, settingsOf(wraparound)))).toEqual([[ANY_SUBJECT, 'unknown']]);
  });
});

describe('replication-slots', () => {
  const evaluate = (retainedBytes: number | null, active = false) =>
    replicationSlots.evaluate(viewOf({ slots: [{ name: 's', active, retainedBytes }] }), settingsOf(replicationSlots));

  it.each([
    [10 * GIB - 1, 'clear'],
    [10 * GIB, 'firing'],
    [11 * GIB, 'firing'],
    [null, 'clear'],
  ])('that hold back %s bytes are %s', (bytes, standing) => {
    expect(standings(evaluate(bytes))).toEqual([['s', standing]]);
  });

  it('says whether anybody reads it, and freezes all of them when it cannot see', () => {
    expect(evaluate(12 * GIB)[0]).toMatchObject({
      headline: 'the replication slot s keeps 12 GiB of WAL',
      evidence: 'Nobody reads from it now.',
    });
    expect(evaluate(12 * GIB, true)[0]?.evidence).not.toContain('Nobody');
    expect(standings(replicationSlots.evaluate(BLIND, settingsOf(replicationSlots)))).toEqual([
      [ANY_SUBJECT, 'unknown'],
    ]);
  });
});

describe('replication-lag', () => {
  it.each([
    [MINUTE_MS - 1, 'clear'],
    [MINUTE_MS, 'firing'],
    [MINUTE_MS + 1, 'firing'],
    [null, 'unknown'],
  ])('of %s ms is %s', (lagMs, standing) => {
    const findings = replicationLag.evaluate(viewOf({ standbys: [{ name: 's', lagMs }] }), settingsOf(replicationLag));
    expect(standings(findings)).toEqual([['s', standing]]);
  });

  it('freezes all of them when it cannot see', () => {
    expect(standings(replicationLag.evaluate(BLIND, settingsOf(replicationLag)))).toEqual([[ANY_SUBJECT, 'unknown']]);
  });
});

describe('archiver-failing', () => {
  const archiver = (parts: Partial<Archiver>): Archiver => ({
    lastArchivedAt: null,
    lastFailedAt: null,
    lastFailedWal: null,
    failures: 0,
    ...parts,
  });

  it.each([
    ['archiving is off', null, 'clear'],
    ['nothing happened yet', archiver({}), 'clear'],
    ['the last success is newer', archiver({ lastArchivedAt: NOW, lastFailedAt: NOW - 1 }), 'clear'],
    ['both are as old', archiver({ lastArchivedAt: NOW, lastFailedAt: NOW }), 'clear'],
    ['the last failure is newer', archiver({ lastArchivedAt: NOW - 1, lastFailedAt: NOW }), 'firing'],
    ['it never succeeded', archiver({ lastFailedAt: NOW }), 'firing'],
  ])('when %s is %s', (_, given, standing) => {
    expect(standings(archiverFailing.evaluate(viewOf({ archiver: given })))).toEqual([['archiver', standing]]);
  });

  it('says since when, and at which segment', () => {
    const given = archiver({ lastArchivedAt: NOW - 5 * MINUTE_MS, lastFailedAt: NOW, lastFailedWal: '00000001' });
    expect(archiverFailing.evaluate(viewOf({ archiver: given }))[0]).toMatchObject({
      headline: 'WAL is not archived: the last success was at 2020-12-11 13:19 UTC',
      evidence: expect.stringContaining('segment 00000001'),
    });
  });

  it('is unknown when it cannot be seen', () => {
    expect(standings(archiverFailing.evaluate(BLIND))).toEqual([['archiver', 'unknown']]);
  });
});
