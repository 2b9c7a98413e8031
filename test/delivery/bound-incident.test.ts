import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boundIncident, countTotals } from '../../src/delivery/bound-incident.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { TimelineEvent } from '../../src/incidents/timeline.ts';
import { renderIncidentSummary } from '../../src/render/incident-message.ts';

const note = (text: string): TimelineEvent => ({ at: 1, by: null, fact: { type: 'note', text } });
const holders = (count: number): TimelineEvent => ({
  at: 1,
  by: null,
  fact: {
    type: 'holders',
    database: 'main',
    moment: 'peak',
    used: 97,
    usable: 97,
    max: 100,
    applications: Array.from({ length: count }, (_, n) => ({ name: `app ${n}`, count: 1 })),
  },
});

function incident(events: readonly TimelineEvent[]): Incident {
  return {
    id: '20201211-1324',
    title: 't'.repeat(5_000),
    openedAt: 1,
    openedBy: null,
    databases: ['main'],
    alerts: Array.from({ length: 300 }, (_, n) => ({
      id: `alert-${n}`,
      key: 'key',
      rule: 'rule',
      database: 'main',
      severity: 'critical' as const,
      headline: 'h'.repeat(2_000),
      impact: '',
      since: 1,
      firedAt: 1,
      resolvedAt: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
      peak: null,
    })),
    commander: null,
    calmSince: null,
    closed: null,
    thread: null,
    pin: null,
    events,
  };
}

it('is of a bounded size, however long the incident and its texts', () => {
  const event = fc.oneof(fc.constant(note('x'.repeat(3_000))), fc.constant(holders(500)), fc.string().map(note));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 400 }), (events) => {
      expect(JSON.stringify(boundIncident(incident(events))).length).toBeLessThan(16_000);
    }),
  );
});

it('keeps how it began and what happened last', () => {
  const events = Array.from({ length: 50 }, (_, n) => note(`${n}`));
  const texts = boundIncident(incident(events)).events.map(({ fact }) => ('text' in fact ? fact.text : ''));
  expect([texts[0], texts.at(-1), texts.length]).toEqual(['0', '49', 10]);
});

it.each([0, 1, 9, 10])('leaves %i events as they are', (count) => {
  const events = Array.from({ length: count }, (_, n) => note(`${n}`));
  expect(boundIncident(incident(events)).events).toEqual(events);
});

it('keeps what fires, says how much there is of all, and what people wrote at the closing whole', () => {
  const { alerts, ...rest } = incident([note('one'), note('two')]);
  const many = alerts.slice(0, 40).map((alert, n) => Object.assign(alert, { resolvedAt: n < 6 || n >= 34 ? 2 : null }));
  const closed = { by: '1', at: 3, severity: 'sev1', impact: 'i'.repeat(1_000) };
  const whole = { ...rest, alerts: many, closed };
  const bounded = boundIncident(whole);
  expect(bounded.alerts.every(({ resolvedAt }) => resolvedAt === null)).toBe(true);
  expect(bounded.closed).toEqual(closed);
  expect(countTotals(whole)).toEqual({ alerts: 40, firing: 28, events: 2 });
  const { embed } = renderIncidentSummary(bounded, 4, { totals: countTotals(whole) });
  expect(embed?.fields?.map(({ name }) => name)).toContain('Alerts: 28 of 40 firing');
});
