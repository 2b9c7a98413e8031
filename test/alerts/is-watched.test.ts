import { expect, it } from 'vitest';
import { isWatched } from '../../src/alerts/is-watched.ts';
import type { Rule } from '../../src/alerts/rule.ts';
import connectionsTotal from '../../src/alerts/rules/connections-total.ts';
import type { RuleSettings } from '../../src/model/rule-options.ts';
import { settings } from '../support/builders.ts';

const serviceDown: Rule = { ...connectionsTotal, id: 'service-down', scope: 'services', evaluate: () => [] };
const unhealthy: Rule = { ...connectionsTotal, id: 'workload-unhealthy', scope: 'cluster', evaluate: () => [] };
const backupStale: Rule = { ...unhealthy, id: 'backup-stale' };
const on = Object.fromEntries(
  ['connections-total', 'service-down', 'workload-unhealthy', 'backup-stale'].map((id) => [id, settings()]),
);
const configured = {
  rules: [connectionsTotal, serviceDown, unhealthy, backupStale],
  settings: new Map<string, Readonly<Record<string, RuleSettings>>>([
    ['main', on],
    ['outside', on],
    ['off', { 'connections-total': settings({ enabled: false }) }],
  ]),
  services: [
    { name: 'website', dependsOn: 'main' },
    { name: 'status page', dependsOn: undefined },
  ],
  workloads: new Map([['main', ['default/deployment/postgres', 'default/deployment/site']]]),
  foreign: ['alertmanager'],
};

it.each([
  ['a rule on a database', 'connections-total', 'main', 'total', true],
  ['a rule that is gone', 'connections-gone', 'main', 'total', false],
  ['a database that is gone', 'connections-total', 'gone', 'total', false],
  ['a rule that is off', 'connections-total', 'off', 'total', false],
  ['a service', 'service-down', 'main', 'website', true],
  ['a service that belongs to no database', 'service-down', 'breakwater', 'status page', true],
  ['a service that is gone', 'service-down', 'main', 'blog', false],
  ['a service that was moved', 'service-down', 'breakwater', 'website', false],
  ['a dependent', 'workload-unhealthy', 'main', 'default/deployment/site', true],
  ['a dependent that left the configuration', 'workload-unhealthy', 'main', 'default/deployment/wiki', false],
  ['a backup', 'backup-stale', 'main', 'backup', true],
  ['a database whose cluster left the configuration', 'backup-stale', 'outside', 'backup', false],
  ['an alert of others', 'alertmanager', 'wherever', 'x', true],
])('the alert of %s is still watched: %s · %s · %s', (_, rule, database, subject, expected) => {
  expect(isWatched({ rule, database, subject }, configured)).toBe(expected);
});
