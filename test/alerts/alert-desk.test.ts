import { describe, expect, it } from 'vitest';
import { createAlertDesk } from '../../src/alerts/alert-desk.ts';
import connectionsApplication from '../../src/alerts/rules/connections-application.ts';
import connectionsTotal from '../../src/alerts/rules/connections-total.ts';
import type { RuleSettings } from '../../src/model/rule-options.ts';
import { databaseView, group, NOW, settings, snapshot } from '../support/builders.ts';

const RULES = [connectionsApplication, connectionsTotal];
const site = { name: 'site', match: { user: 'site' }, limit: 32 };
const apps = { applications: [site] };
const ofLimit = settings({ severity: 'warning', fire: { kind: 'percent', value: 100 } });

function createDesk(total: Partial<RuleSettings> = {}) {
  const database = {
    settings: { 'connections-total': settings(total), 'connections-application': ofLimit },
  };
  return createAlertDesk(RULES, [
    { ...database, name: 'main' },
    { ...database, name: 'other' },
  ]);
}

describe('the alert desk', () => {
  it('lists what fires on one database, the critical ones first, then the oldest', () => {
    const desk = createDesk();
    desk.take(databaseView([group({ count: 40 })], apps), NOW);
    desk.take(databaseView([group({ count: 95 })], apps), NOW + 1_000);
    desk.take(
      databaseView([], { ...apps, snapshot: snapshot([group({ count: 33 })], { database: 'other' }) }),
      NOW + 2_000,
    );
    expect(desk.firing('main').map(({ key }) => key)).toEqual([
      'connections-total · main · total',
      'connections-application · main · site',
    ]);
    expect(desk.firing('other').map(({ key }) => key)).toEqual(['connections-application · other · site']);
  });

  it('does not list what is only pending', () => {
    const desk = createDesk({ forMs: 60_000 });
    desk.take(databaseView([group({ user: 'x', count: 95 })], apps), NOW);
    expect(desk.firing('main')).toEqual([]);
  });

  it('does not judge by a rule that is switched off', () => {
    const { transitions, closeness } = createDesk({ enabled: false }).take(
      databaseView([group({ user: 'x', count: 95 })]),
      NOW,
    );
    expect({ transitions, closeness }).toEqual({ transitions: [], closeness: 0 });
  });

  it('refuses a database that it does not know', () => {
    expect(() => createDesk().take(databaseView([], { snapshot: snapshot([], { database: 'unknown' }) }), NOW)).toThrow(
      'unknown',
    );
  });
});
