import { expect, it } from 'vitest';
import { loadChecks, runChecks } from '../../src/check/run-checks.ts';
import { findingKey } from '../../src/model/check-finding.ts';
import { CHECKS, facts, problems, told } from './facts.ts';

it('finds nothing to say where all is well, and says so for every check', () => {
  expect(problems(facts())).toEqual([]);
  const findings = runChecks(CHECKS, facts());
  expect(new Set(findings.map(({ id }) => id))).toEqual(new Set(CHECKS.map(({ name }) => name)));
});

it('names every finding once', () => {
  const keys = runChecks(CHECKS, facts()).map(findingKey);
  expect(keys.length).toBe(new Set(keys).size);
});

it('has the areas in order, and in each first whether it can be seen', () => {
  const ids = runChecks(CHECKS, facts()).map(({ id }) => id);
  expect(ids.indexOf('discord-reach')).toBeLessThan(ids.indexOf('discord-channels'));
  expect(ids.indexOf('kubernetes-reach')).toBeLessThan(ids.indexOf('backup-cron-job'));
  expect([...new Set(runChecks(CHECKS, facts()).map(({ area }) => area))]).toEqual([
    'configuration',
    'discord',
    'postgres',
    'kubernetes',
  ]);
});

it('examines nothing that it could not see, and takes none of it for well', () => {
  const blind = facts({
    discord: { kind: 'unreachable', reason: 'no answer' },
    postgres: new Map([['main', { kind: 'refused', verdict: 'stopped', serverSaid: null }]]),
    cluster: null,
  });
  const findings = runChecks(CHECKS, blind).filter(({ area }) => area !== 'configuration');
  expect(findings.filter(({ level }) => level === 'ok')).toEqual([]);
  expect(told(blind).filter(([finding]) => finding.startsWith('fault'))).toHaveLength(2);
});

it('says nothing of a cluster that is not configured', () => {
  const { config } = facts();
  const without = facts({ config: { ...config, kubernetes: undefined }, cluster: null });
  expect(runChecks(CHECKS, without).filter(({ area }) => area === 'kubernetes')).toEqual([]);
});

it('refuses a catalogue with a file that is no check, and names it', async () => {
  const rules = new URL('../../src/alerts/rules/', import.meta.url);
  await expect(loadChecks(rules)).rejects.toThrow(/wraparound\.ts: its area must be one of configuration, discord/);
});
