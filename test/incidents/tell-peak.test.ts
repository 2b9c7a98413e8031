import { expect, test } from 'vitest';
import { tellPeak } from '../../src/incidents/tell-peak.ts';

test.each([
  ['connections-total', 97, '92 of 100 connections in use, 97 usable', '; 97 at the peak'],
  ['connections-total', 100, '92 of 100 connections in use, 97 usable', '; 100 at the peak'],
  ['connections-total', 92, '92 of 100 connections in use, 97 usable', ''],
  ['connections-total', 92, 'at least 92 of 100 connections in use, 97 usable', ''],
  ['connections-application', 73, 'site holds 34 connections, its limit is 32', '; 73 at the peak'],
  ['connections-application', 34, 'site holds 34 connections, its limit is 32', ''],
  ['connections-total', null, '92 of 100 connections in use, 97 usable', ''],
  ['lock-waits', 60_000, '5 sessions wait for a lock', ''],
])('of %s a peak of %s beside “%s” adds “%s”', (rule, peak, headline, added) => {
  expect(tellPeak(headline, { rule, peak })).toBe(`${headline}${added}`);
});
