import { describe, expect, it } from 'vitest';
import archiverFailing from '../../../src/alerts/rules/archiver-failing.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { Archiver } from '../../../src/model/server-signals.ts';
import { NOW, signals } from '../../support/builders.ts';
import { finding, HOSTILE, LOW } from '../../support/rule-findings.ts';

const archiver = (lastFailedAt: number | null, lastArchivedAt: number | null, parts: Partial<Archiver> = {}) => ({
  signals: seen(
    signals({ archiver: { lastFailedAt, lastArchivedAt, lastFailedWal: '000000010000000A', failures: 3, ...parts } }),
    NOW,
  ),
});

describe('archiver-failing', () => {
  it.each([
    ['newer than the last success', NOW, NOW - 1, 'firing'],
    ['as old as the last success', NOW, NOW, 'clear'],
    ['older than the last success', NOW - 1, NOW, 'clear'],
    ['all there ever was', NOW, null, 'firing'],
    ['none', null, NOW, 'clear'],
    ['none, nor a success', null, null, 'clear'],
  ] as const)('where the last failure is %s: %s', (_, failed, archived, standing) => {
    expect(finding(archiverFailing, archiver(failed, archived))).toMatchObject({ subject: 'archiver', standing });
  });

  it('is clear where archiving is off', () => {
    expect(finding(archiverFailing, { signals: seen(signals({ archiver: null }), NOW) })).toMatchObject({
      standing: 'clear',
      headline: 'WAL archiving is off',
    });
  });

  it('says since when nothing was archived, and what failed', () => {
    expect(finding(archiverFailing, archiver(NOW, NOW - 3_600_000))).toMatchObject({
      headline: 'WAL is not archived: the last success was at 2020-12-11 12:24 UTC',
      evidence:
        'Failed last at 2020-12-11 13:24 UTC: segment 000000010000000A; 3 failures since the statistics were reset.',
    });
    expect(finding(archiverFailing, archiver(NOW, null, { lastFailedWal: null })).headline).toBe(
      'WAL is not archived: it never was',
    );
  });

  it.each([
    ['the signals are unseen', { signals: unseen('no answer', NOW) }, 'no answer'],
    ['the server is unseen', { ...archiver(NOW, null), server: unseen('lost', NOW) }, 'lost'],
  ])('is unknown where %s, and says why', (_, parts, why) => {
    expect(finding(archiverFailing, parts)).toMatchObject({
      standing: 'unknown',
      headline: expect.stringContaining(why),
    });
  });

  it('needs no privilege: the statistics of the archiver are open to every role', () => {
    expect(finding(archiverFailing, { ...archiver(null, NOW), server: LOW }).standing).toBe('clear');
  });

  it('passes a hostile segment name on as it is', () => {
    expect(finding(archiverFailing, archiver(NOW, null, { lastFailedWal: HOSTILE })).evidence).toContain(HOSTILE);
  });
});
