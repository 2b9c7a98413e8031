import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSizes, findBefore, lastSuccessOf } from '../../src/model/compare-backups.ts';
import { backupJob, backups } from '../support/backups.ts';
import { NOW } from '../support/builders.ts';

describe('the size of a backup', () => {
  it.each([
    ['as large', 1_000, 1_000, '1000 B, as large as the one before it (1000 B)', false],
    ['larger', 3_221_225_472, 3_006_477_107, '3 GiB, 7 % more than the one before it (2.8 GiB)', false],
    ['a little smaller', 900, 1_000, '900 B, 10 % less than the one before it (1000 B)', false],
    ['much smaller', 600, 1_000, '600 B, 40 % less than the one before it (1000 B)', true],
    ['empty', 0, 1_000, '0 B; the one before it 1000 B', true],
    ['the first', 5, null, '5 B; there is none before it to compare with', false],
  ] as const)('%s', (_, size, before, words, shrank) => {
    const earlier = before === null ? null : { sizeBytes: before };
    expect(compareSizes({ sizeBytes: size }, earlier)).toMatchObject({ words, shrank });
  });

  it('is not made up where none was told', () => {
    expect(compareSizes({ sizeBytes: null }, { sizeBytes: 1_000 })).toBeNull();
    expect(compareSizes({ sizeBytes: 5 }, { sizeBytes: null })?.words).toBe('5 B; the one before it told no size');
  });

  it('is compared with the newest success before it: no failure, not itself, nothing later', () => {
    const job = backupJob({ uid: 'now', createdAt: NOW });
    const older = backupJob({ uid: 'older', createdAt: NOW - 20, endedAt: NOW - 15 });
    const last = backupJob({ uid: 'last', createdAt: NOW - 10, endedAt: NOW - 5 });
    const failed = backupJob({ uid: 'failed', createdAt: NOW - 3, endedAt: NOW - 1, state: 'failed' });
    const later = backupJob({ uid: 'later', createdAt: NOW + 1, endedAt: NOW + 2 });
    expect(findBefore(job, [job, failed, later, older, last])?.uid).toBe('last');
    expect(findBefore(job, [job, failed])).toBeNull();
  });
});

it('the last success is the later of what the CronJob says and what its Jobs say', () => {
  expect(lastSuccessOf(backups({ lastSuccessAt: NOW, jobs: [backupJob({ endedAt: NOW - 5 })] }))).toBe(NOW);
  expect(lastSuccessOf(backups({ lastSuccessAt: NOW - 9, jobs: [backupJob({ endedAt: NOW - 5 })] }))).toBe(NOW - 5);
  expect(lastSuccessOf(backups({ jobs: [backupJob({ state: 'failed' })] }))).toBeNull();
});

it('says that a backup shrank only of one that is smaller', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (size, before) => {
      const compared = compareSizes({ sizeBytes: size }, { sizeBytes: before });
      return compared !== null && (!compared.shrank || size === 0 || size < before);
    }),
  );
});
