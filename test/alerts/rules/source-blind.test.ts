import { describe, expect, it } from 'vitest';
import sourceBlind from '../../../src/alerts/rules/source-blind.ts';
import { OWN_SCOPE, type SourceState } from '../../../src/model/source-state.ts';
import { NOW } from '../../support/builders.ts';
import { HOSTILE } from '../../support/rule-findings.ts';

const source = (blind: SourceState['blind'], name = 'postgres'): SourceState => ({ database: 'main', name, blind });
const since = (ms: number, reason = 'no answer') => ({ since: NOW - ms, reason });
const judge = (...sources: SourceState[]) => sourceBlind.evaluate({ sources, now: NOW });

describe('source-blind', () => {
  it('is clear of a source that answers', () => {
    expect(judge(source(null))).toMatchObject([
      { subject: 'postgres', standing: 'clear', headline: 'Breakwater reaches PostgreSQL' },
    ]);
  });

  it.each([
    [0, '0 ms'],
    [45_000, '40 s'],
    [150_000, '2 min'],
    [-5_000, '0 ms'],
  ])('fires on one that has been silent for %i ms, and says since when and why', (ms, said) => {
    expect(judge(source(since(ms)))).toMatchObject([
      {
        subject: 'postgres',
        standing: 'firing',
        headline: `Breakwater has not reached PostgreSQL for ${said}: no answer`,
      },
    ]);
  });

  it.each([
    ['discord', 'Discord'],
    ['journal', 'its journal'],
    ['kubernetes', 'Kubernetes'],
    ['something else', 'something else'],
  ])('calls %s %s', (name, called) => {
    expect(judge({ ...source(since(60_000), name), database: OWN_SCOPE })[0]?.headline).toBe(
      `Breakwater has not reached ${called} for 1 min: no answer`,
    );
  });

  it('is one subject per source', () => {
    const found = judge(source(null), source(since(1), 'discord'));
    expect(found.map(({ subject, standing }) => [subject, standing])).toEqual([
      ['postgres', 'clear'],
      ['discord', 'firing'],
    ]);
  });

  it('is muted by what makes its database silent', () => {
    expect(sourceBlind.inhibitedBy).toEqual([
      { by: 'database-unreachable', mutes: 'all' },
      { by: 'database-recovering', mutes: 'all' },
    ]);
  });

  it('passes a hostile reason on as it is', () => {
    expect(judge(source(since(60_000, HOSTILE)))[0]?.headline).toContain(HOSTILE);
  });
});
