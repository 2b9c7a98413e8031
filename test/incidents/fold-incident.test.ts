import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addEvent, foldIncident, withAlerts } from '../../src/incidents/fold-incident.ts';
import type { TimelineEvent } from '../../src/incidents/timeline.ts';
import { NOW } from '../support/builders.ts';
import { became, closed, fired, incident, MINUTE_MS, opened, over, owned, warned } from './builders.ts';

const TOTAL = fired('total');

describe('an incident', () => {
  it('is none without an opening', () => {
    expect(foldIncident('20201211-1324', [became('fired', TOTAL)])).toBeNull();
  });

  it('knows the alerts, their ends and their owners', () => {
    const { alerts } = incident(
      opened(),
      became('fired', TOTAL),
      became('acknowledged', owned(TOTAL, '42', NOW + 1_000)),
      became('resolved', over(TOTAL, NOW + 2_000)),
    );
    expect(alerts).toMatchObject([
      { id: TOTAL.id, acknowledgedBy: '42', acknowledgedAt: NOW + 1_000, resolvedAt: NOW + 2_000, peak: 91 },
    ]);
  });

  it('keeps what an alert said at its worst, not what it said when it was over', () => {
    const calm = { ...over(TOTAL, NOW + 1), finding: { ...TOTAL.finding, headline: '3 of 100' }, peak: 99 };
    expect(incident(opened(), became('fired', TOTAL), became('resolved', calm)).alerts).toMatchObject([
      { headline: 'total is in trouble', peak: 99 },
    ]);
  });

  it('forgets who acknowledged a warning when it got worse', () => {
    const warning = warned('site');
    const { alerts } = incident(
      opened(),
      became('joined', warning),
      became('acknowledged', owned(warning, '42', NOW)),
      became('worse', { ...warning, severity: 'critical' }),
    );
    expect(alerts).toMatchObject([{ severity: 'critical', acknowledgedBy: null }]);
  });

  it('knows an alert whose firing was not written down by what came after', () => {
    expect(incident(opened(), became('resolved', over(TOTAL, NOW + 5))).alerts).toMatchObject([
      { key: TOTAL.key, firedAt: NOW, resolvedAt: NOW + 5 },
    ]);
  });

  it('is calm since the last of its critical alerts ended, whatever warning lingers', () => {
    const site = warned('site');
    const firing = [opened(), became('fired', TOTAL), became('fired', site)];
    expect(incident(...firing).calmSince).toBeNull();
    expect(incident(...firing, became('resolved', over(site, NOW + 9_000))).calmSince).toBeNull();
    expect(incident(...firing, became('resolved', over(TOTAL, NOW + 4_000))).calmSince).toBe(NOW + 4_000);
  });

  it('that has warnings only is calm once none of them fires', () => {
    const [site, rising] = [warned('site'), warned('rising')];
    const half = [opened(), became('joined', site), became('joined', rising), became('resolved', over(site, NOW + 1))];
    expect(incident(...half).calmSince).toBeNull();
    expect(incident(...half, became('resolved', over(rising, NOW + 2))).calmSince).toBe(NOW + 2);
  });

  it('that never had an alert is not calm', () => {
    expect(incident(opened()).calmSince).toBeNull();
    expect(withAlerts(incident(opened()), []).calmSince).toBeNull();
  });

  it('is closed, and open again when it was reopened', () => {
    const events = [opened(), closed(NOW + MINUTE_MS)];
    expect(incident(...events).closed).toEqual({
      by: '7',
      at: NOW + MINUTE_MS,
      severity: 'sev2',
      impact: 'voice gate',
    });
    const reopened: TimelineEvent = { at: NOW, by: null, fact: { type: 'reopened', cause: TOTAL.key } };
    expect(incident(...events, reopened).closed).toBeNull();
  });

  it('knows its commander, its thread and its pin', () => {
    const facts: TimelineEvent['fact'][] = [
      { type: 'commander', member: '42' },
      { type: 'thread', channelId: '9', refused: null },
      { type: 'pin', refused: 'no right' },
    ];
    expect(incident(opened(), ...facts.map((fact) => ({ at: NOW, by: null, fact })))).toMatchObject({
      commander: { member: '42', at: NOW },
      thread: { channelId: '9', refused: null },
      pin: { refused: 'no right' },
    });
  });

  it('that was opened twice under one name is about the databases of both', () => {
    expect(incident(opened(), opened(NOW, { databases: ['other'] })).databases).toEqual(['main', 'other']);
  });

  it('folds to the same in whatever order what is independent was written down', () => {
    const stories = ['a', 'b', 'c'].map((name, index) => {
      const of = warned(name, NOW + index);
      return [
        became('fired', of),
        became('acknowledged', owned(of, name, NOW + 10 + index)),
        became('resolved', over(of, NOW + 20 + index)),
      ];
    });
    const people: TimelineEvent[] = [
      { at: NOW, by: '1', fact: { type: 'note', text: 'looking' } },
      { at: NOW, by: '1', fact: { type: 'commander', member: '1' } },
      closed(NOW + 99),
    ];
    const tracks = [...stories, people];
    const turns = tracks.flatMap((track, index) => track.map(() => index));
    const shape = (events: readonly TimelineEvent[]) => {
      const { events: _, alerts, ...rest } = incident(opened(), ...events);
      return { ...rest, alerts: [...alerts].sort((a, b) => (a.id < b.id ? -1 : 1)) };
    };
    const inTurn = shape(tracks.flat());
    fc.assert(
      fc.property(fc.shuffledSubarray(turns, { minLength: turns.length }), (order) => {
        const left = tracks.map((track) => track.slice());
        expect(shape(order.flatMap((index) => left[index]?.shift() ?? []))).toEqual(inTurn);
      }),
    );
  });

  it('folds one by one to what it folds to at once', () => {
    const events = [opened(), became('fired', TOTAL), became('resolved', over(TOTAL, NOW + 5)), closed(NOW + 6)];
    const [first, ...others] = events;
    expect(others.reduce(addEvent, incident(first ?? opened()))).toEqual(incident(...events));
  });
});
