import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { REOPENS_WITHIN_MS } from '../../src/incidents/decide-incidents.ts';
import { foldIncident } from '../../src/incidents/fold-incident.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { readTimeline } from '../../src/incidents/incident-log.ts';
import { NOW } from '../support/builders.ts';
import { fired, MINUTE_MS, over, owned } from './builders.ts';
import { createWorld } from './world.ts';

const act = fc.oneof(
  fc.record({
    does: fc.constant('fire' as const),
    subject: fc.constantFrom('a', 'b', 'c'),
    database: fc.constantFrom('main', 'other'),
    severity: fc.constantFrom('critical' as const, 'warning' as const),
    quiet: fc.constantFrom(false, false, false, true),
  }),
  fc.record({ does: fc.constantFrom('resolve' as const, 'own' as const, 'worsen' as const), nth: fc.nat(5) }),
  fc.record({ does: fc.constantFrom('close' as const, 'reopen' as const, 'open' as const), nth: fc.nat(3) }),
  fc.record({ does: fc.constant('restart' as const) }),
);
const story = fc.array(fc.record({ act, after: fc.constantFrom(1, 10_000, 5 * MINUTE_MS, 16 * MINUTE_MS) }), {
  maxLength: 40,
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Plays a story, and gives what the journal and the desk know in the end. */
async function play(acts: Story) {
  const world = createWorld();
  const { alerts } = world;
  let desk = await world.start();
  let now = NOW;
  const news = (kind: Parameters<typeof alerts.settle>[0], alert: Alert) =>
    desk.take([alerts.settle(kind, alert)], now);
  for (const { act: each, after } of acts) {
    now += after;
    if (each.does === 'restart') {
      await desk.settled();
      desk = await world.start();
      desk.reconcile(now);
    } else if (each.does === 'fire') {
      const { subject, severity, database, quiet } = each;
      const alert = fired(subject, now, { severity, database, silenced: quiet ? { by: '1', until: now + 1 } : null });
      if (!alerts.firing().some(({ key }) => key === alert.key)) news('fired', alert);
    } else if (each.does === 'close' || each.does === 'reopen' || each.does === 'open') {
      const incident = desk.list()[each.nth];
      const ended =
        each.does === 'open'
          ? desk.open('by hand', 'main', '1', now)
          : each.does === 'close'
            ? desk.close(incident?.id ?? '', { severity: 'sev3', impact: 'none' }, '1', now)
            : desk.reopen(incident?.id ?? '', '1', now);
      await ended.catch(() => null);
    } else {
      const alert = alerts.firing()[each.nth];
      if (!alert) continue;
      if (each.does === 'resolve') news('resolved', over(alert, now));
      else if (each.does === 'own') news('acknowledged', owned(alert, '42', now));
      else news('posted', { ...alert, severity: 'critical', acknowledged: null });
    }
  }
  await desk.settled();
  const { streams } = (await world.journal.list('incidents/')) as { readonly streams: readonly string[] };
  const kept = streams.flatMap((stream): Incident[] => {
    const folded = foldIncident(stream.slice('incidents/'.length), readTimeline(world.journal.stored(stream)));
    return folded ? [folded] : [];
  });
  return { kept, known: desk.list(), firing: alerts.firing() };
}

const check = (name: string, holds: (end: Awaited<ReturnType<typeof play>>) => void) =>
  it(name, async () => {
    await fc.assert(
      fc.asyncProperty(story, async (acts) => holds(await play(acts))),
      { numRuns: 150 },
    );
  });

describe('in any story of alerts and responders', () => {
  check('no alert is in two incidents', ({ kept }) => {
    const ids = kept.flatMap(({ alerts }) => alerts.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  check('one incident at most is open on a database', ({ known }) => {
    const open = known.filter(({ closed }) => closed === null).flatMap(({ databases }) => databases);
    expect(new Set(open).size).toBe(open.length);
  });

  check(
    'a closed incident gets no more than the ends of its alerts, until it is reopened within 15 min',
    ({ kept }) => {
      for (const { events } of kept) {
        let closedAt: number | null = null;
        for (const { at, fact } of events) {
          if (fact.type === 'reopened') expect(at - (closedAt ?? at)).toBeLessThanOrEqual(REOPENS_WITHIN_MS);
          else if (closedAt !== null) expect(fact).toMatchObject({ type: 'alert', became: 'resolved' });
          closedAt = fact.type === 'closed' ? at : fact.type === 'reopened' ? null : closedAt;
        }
      }
    },
  );

  check('the journal tells what the desk knows', ({ kept, known }) => {
    const plain = (incidents: readonly Incident[]) =>
      [...incidents]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, closed, commander, databases, events }) => ({ id, closed, commander, databases, events }));
    expect(plain(kept)).toEqual(plain(known));
  });

  check('a critical alert that fires and is heard belongs to an incident', ({ known, firing }) => {
    const homed = new Set(known.flatMap(({ alerts }) => alerts.map(({ id }) => id)));
    const homeless = firing.filter(
      ({ severity, silenced, id }) => severity === 'critical' && !silenced && !homed.has(id),
    );
    expect(homeless).toEqual([]);
  });

  check('an open incident knows of each of its alerts whether it fires', ({ known, firing }) => {
    const now = new Set(firing.map(({ id }) => id));
    for (const { alerts, closed } of known) {
      if (closed !== null) continue;
      for (const { id, resolvedAt } of alerts) expect([id, resolvedAt === null]).toEqual([id, now.has(id)]);
    }
  });
});
