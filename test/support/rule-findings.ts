import { expect } from 'vitest';
import type { DatabaseView, Finding, Rule } from '../../src/alerts/rule.ts';
import type { ActiveSession } from '../../src/model/activity.ts';
import { type Observed, seen } from '../../src/model/observed.ts';
import { defaultSettings, parseOption, type RuleSettings } from '../../src/model/rule-options.ts';
import type { ServerFacts } from '../../src/model/server-facts.ts';
import type { Probe, Service, ServiceState } from '../../src/model/service-state.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { databaseView, NOW, serverFacts, snapshot } from './builders.ts';

export const MINUTE = 60_000;

/** Names as nobody should have chosen them; a rule passes them on as they are, and only the renderer makes them safe. */
export const HOSTILE = '@everyone `x` **b** [a](https://evil.example) <@1>\u202e';

/** A role that may not see the sessions of others. */
export const LOW: Observed<ServerFacts> = seen(
  serverFacts({
    missingPrivileges: [{ privilege: 'pg_monitor', consequence: '', remedy: '', countsAreLow: true }],
  }),
  NOW,
);

type DatabaseRule = Extract<Rule, { scope: 'database' }>;

/** A rule's settings with options as they are written in the file: `{ fire: '10m' }`. */
export function set(rule: Rule, written: Readonly<Record<string, string | number>> = {}): RuleSettings {
  const defaults = defaultSettings(rule);
  const given = Object.entries(written).map(([name, value]) => {
    const type = rule.options[name]?.type;
    return [name, type === undefined ? null : parseOption(type, value)] as const;
  });
  expect(given.filter(([, value]) => value === null)).toEqual([]);
  const options = { fire: defaults.fire, clear: defaults.clear, ...defaults.extra, ...Object.fromEntries(given) };
  const { fire, clear, ...extra } = options;
  return { ...defaults, fire, clear, extra };
}

/** The findings of a rule about a database with one source or another changed. */
export function findings(
  rule: DatabaseRule,
  parts: Partial<Snapshot>,
  view: Partial<DatabaseView> = {},
  written: Readonly<Record<string, string | number>> = {},
): readonly Finding[] {
  return rule.evaluate(databaseView([], { snapshot: snapshot([], parts), ...view }), set(rule, written));
}

/** The same of a rule that has one subject. */
export function finding(...args: Parameters<typeof findings>): Finding {
  const all = findings(...args);
  expect(all).toHaveLength(1);
  const [only] = all;
  if (only === undefined) throw new Error('no finding');
  return only;
}

export function activeSession(parts: Partial<ActiveSession> = {}): ActiveSession {
  return {
    pid: 4711,
    backendStart: '2020-12-11 13:00:00.123456+00',
    user: 'site',
    database: 'site',
    applicationName: '',
    address: '10.2.0.5',
    state: 'idle',
    stateMs: null,
    transactionMs: null,
    waitEventType: null,
    own: false,
    ...parts,
  };
}

export function service(parts: Partial<Service> = {}): Service {
  return { name: 'website', url: 'https://www.example.org/', dependsOn: 'main', impact: 'the site', ...parts };
}

export function probe(parts: Partial<Probe> = {}): Probe {
  return { verdict: 'good', status: 200, tookMs: 20, fact: 'answers 200', certificateExpiresAt: null, ...parts };
}

export function serviceState(parts: Partial<Probe> = {}, state: Partial<ServiceState> = {}): ServiceState {
  return { service: service(), probe: seen(probe(parts), NOW), goodInARow: 2, ...state };
}
