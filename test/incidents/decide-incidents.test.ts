import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Transition } from '../../src/alerts/lifecycle.ts';
import { decideIncident, findLeadUp } from '../../src/incidents/decide-incidents.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { NOW } from '../support/builders.ts';
import { became, closed, fired, incident, MINUTE_MS, opened, over, owned, warned } from './builders.ts';

const TOTAL = fired('total');
const SITE = warned('site', NOW + 1);
const OPEN = incident(opened(), became('fired', TOTAL));
const ENDED = incident(opened(), became('fired', TOTAL), became('resolved', over(TOTAL, NOW + 1)), closed(NOW + 2));
const AGAIN = fired('total', NOW + 10 * MINUTE_MS);
const OTHER_OPEN = incident(opened(NOW, { databases: ['other'] }));
const SERVICE = fired('wiki', NOW, { rule: 'service-down', database: 'breakwater' });
const SERVICES_OPEN = incident(opened(NOW, { databases: [] }));
const mutedBy = (parts: object = {}) => ({
  by: 'database-unreachable · main · canary',
  mutes: 'all' as const,
  ...parts,
});

function decide(incidents: readonly Incident[], alert: Alert, kind: Transition['kind'] = 'fired', now = NOW) {
  return decideIncident(incidents, { kind, alert }, ['main', 'other'], now);
}

describe('an alert and the incidents', () => {
  it.each<[string, readonly Incident[], Alert, string, RegExp]>([
    ['critical, and nothing is open', [], TOTAL, 'open', /critical/],
    ['critical, and one is open elsewhere', [OTHER_OPEN], TOTAL, 'open', /nothing is open/],
    ['critical, not posted yet', [], { ...TOTAL, post: null }, 'open', /critical/],
    ['a warning, and nothing is open', [], SITE, 'nothing', /warning/],
    ['silenced', [], { ...TOTAL, silenced: { by: '1', until: NOW + 1 } }, 'nothing', /silenced/],
    ['muted', [], { ...TOTAL, muted: mutedBy() }, 'nothing', /symptom of database-unreachable · main/],
    ['a symptom of what pings nobody', [], { ...TOTAL, muted: mutedBy({ loud: true }) }, 'open', /critical/],
    ['of no watched database', [], fired('total', NOW, { database: 'gone' }), 'nothing', /no watched database/],
    [
      'about the bot itself',
      [],
      fired('journal', NOW, { rule: 'source-blind', database: 'breakwater' }),
      'nothing',
      /bot/,
    ],
    [
      'of others, about no database',
      [],
      fired('Disk', NOW, { rule: 'grafana', database: 'breakwater' }),
      'open',
      /critical/,
    ],
    [
      'of others about no database, and such a one is open',
      [SERVICES_OPEN],
      warned('Disk', NOW, { rule: 'alertmanager', database: 'breakwater' }),
      'join',
      /open on it/,
    ],
    ['a service that depends on nothing', [], SERVICE, 'open', /critical/],
    ['another service that depends on nothing', [SERVICES_OPEN], fired('blog', NOW, SERVICE), 'join', /open/],
    ['a service, while one is open on a database', [OPEN], SERVICE, 'open', /nothing is open/],
    ['a warning, and one is open', [OPEN], SITE, 'join', /open on it/],
    ['silenced, and one is open', [OPEN], { ...SITE, silenced: { by: '1', until: NOW + 1 } }, 'join', /open on it/],
    ['of others, and one is open', [OPEN], warned('Disk', NOW, { rule: 'alertmanager' }), 'join', /open on it/],
    ['a dependent service, and one is open', [OPEN], fired('website', NOW, { rule: 'service-down' }), 'join', /open/],
    ['over before it was known', [OPEN], over(SITE, NOW + 2), 'nothing', /does not fire/],
  ])('%s', (_, incidents, alert, kind, reason) => {
    const decision = decide(incidents, alert);
    expect(decision).toMatchObject({ kind, reason: expect.stringMatching(reason) });
  });

  it('that was silenced opens one once it is told', () => {
    expect(decide([], TOTAL, 'posted').kind).toBe('open');
  });

  it.each<[string, number, Alert, string]>([
    ['the same cause, 15 min after', 15 * MINUTE_MS + 2, AGAIN, 'reopen'],
    ['the same cause, later', 15 * MINUTE_MS + 3, AGAIN, 'open'],
    ['another cause', 3, fired('canary', NOW + 3), 'open'],
    ['the same cause as a warning', 3, { ...AGAIN, severity: 'warning' }, 'nothing'],
    ['the same cause, silenced', 3, { ...AGAIN, silenced: { by: '1', until: NOW + 1 } }, 'nothing'],
  ])('after the closing: %s', (_, after, alert, kind) => {
    expect(decide([ENDED], alert, 'fired', NOW + after).kind).toBe(kind);
  });

  it('of the same cause joins what is open now rather than reopening', () => {
    expect(decide([ENDED, OPEN], AGAIN)).toMatchObject({ kind: 'join', incident: OPEN });
  });

  it.each<[string, Transition['kind'], Alert, string | undefined]>([
    ['is over', 'resolved', over(TOTAL, NOW + 1), 'resolved'],
    ['is owned', 'acknowledged', owned(TOTAL, '42', NOW + 1), 'acknowledged'],
    [
      'is posted again',
      'posted',
      { ...TOTAL, post: { number: 2, at: NOW, severity: 'critical', pings: true } },
      'posted-again',
    ],
    ['is posted the first time', 'posted', TOTAL, undefined],
    ['has newer numbers', 'changed', { ...TOTAL, peak: 99 }, undefined],
    ['is silenced', 'silenced', { ...TOTAL, silenced: { by: '1', until: NOW + 1 } }, undefined],
  ])('of an open one %s', (_, kind, alert, what) => {
    const decision = decide([OPEN], alert, kind);
    expect(decision.kind === 'record' ? decision.became : undefined).toBe(what);
  });

  it('is worse by severity, whatever brings the news, and once', () => {
    const worse: Alert = { ...SITE, severity: 'critical' };
    const before = incident(opened(), became('joined', SITE));
    expect(decide([before], worse, 'changed')).toMatchObject({ kind: 'record', became: 'worse' });
    expect(decide([incident(...before.events, became('worse', worse))], worse, 'changed').kind).toBe('nothing');
  });

  it('is handed back', () => {
    const before = incident(...OPEN.events, became('acknowledged', owned(TOTAL, '42', NOW)));
    expect(decide([before], TOTAL, 'handed-back')).toMatchObject({ kind: 'record', became: 'handed-back' });
  });

  describe('of a closed one', () => {
    const shut = incident(opened(), became('fired', TOTAL), became('joined', SITE), closed(NOW + 2));

    it('changes nothing there any more, but that it is over', () => {
      expect(decide([shut], over(TOTAL, NOW + 3), 'resolved')).toMatchObject({ kind: 'record', became: 'resolved' });
      expect(decide([shut], owned(TOTAL, '42', NOW + 3), 'acknowledged').kind).toBe('nothing');
    });

    it('reopens it when what it was closed over gets worse within 15 min, and opens another later', () => {
      const worse: Alert = { ...SITE, severity: 'critical' };
      expect(decide([shut], worse, 'posted', NOW + 14 * MINUTE_MS).kind).toBe('reopen');
      expect(decide([shut], worse, 'posted', NOW + 90 * MINUTE_MS).kind).toBe('open');
      expect(decide([shut, OPEN], worse, 'posted')).toMatchObject({ kind: 'join', incident: OPEN });
      expect(decide([shut], { ...worse, silenced: { by: '1', until: NOW + 1 } }, 'changed').kind).toBe('nothing');
    });
  });
});

describe('what led up to an incident', () => {
  const leadUp = (alerts: readonly Alert[], incidents: readonly Incident[] = []) =>
    findLeadUp(incidents, { databases: ['main'], openedAt: NOW }, alerts, ['main', 'other']).map(
      ({ subject }) => subject,
    );

  it('is what fires on its database and what was over in the last 30 min, in the order of firing', () => {
    const before = (minutes: number) => NOW - minutes * MINUTE_MS;
    expect(
      leadUp([
        warned('firing', before(5)),
        over(warned('just over', before(90)), before(30)),
        over(warned('long over', before(90)), before(30) - 1),
        warned('elsewhere', before(1), { database: 'other' }),
        warned('not yet', before(1), { firedAt: null }),
      ]),
    ).toEqual(['just over', 'firing']);
  });

  it('is not what belongs to another incident', () => {
    expect(leadUp([SITE], [incident(opened(), became('joined', SITE), closed(NOW))])).toEqual([]);
  });
});
