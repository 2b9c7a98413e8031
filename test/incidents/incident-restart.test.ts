import { describe, expect, it } from 'vitest';
import { journalEvent, readTimeline } from '../../src/incidents/incident-log.ts';
import { loadIncidents } from '../../src/incidents/load-incidents.ts';
import { nameIncident } from '../../src/incidents/name-incident.ts';
import type { StoredEvent } from '../../src/journal/journal.ts';
import { NOW } from '../support/builders.ts';
import { createFakeJournal } from '../support/fake-journal.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { became, closed, fired, MINUTE_MS, opened, over, owned, warned } from './builders.ts';
import { createWorld } from './world.ts';

const ID = '20201211-1324';
const TOTAL = fired('total');

/** One that is open, and a new desk that knows of it by the journal alone; `meanwhile` is what it missed. */
async function restart(meanwhile: (world: ReturnType<typeof createWorld>) => void = () => {}) {
  const world = createWorld();
  const before = await world.start();
  before.take([world.alerts.settle('fired', TOTAL)], NOW);
  await before.settled();
  meanwhile(world);
  const desk = await world.start();
  desk.reconcile(NOW + 60 * MINUTE_MS);
  await desk.settled();
  return { ...world, desk, before };
}

describe('after a restart', () => {
  it('an incident goes on as it was', async () => {
    const { desk, before, timeline } = await restart();
    expect(desk.find(ID)).toEqual(before.find(ID));
    expect(timeline(ID)).toEqual(['opened', 'total fired']);
  });

  it('an alert that ended meanwhile is over since then', async () => {
    const { desk } = await restart(({ alerts }) => alerts.settle('resolved', over(TOTAL, NOW + 7)));
    expect(desk.find(ID)).toMatchObject({ calmSince: NOW + 7, alerts: [{ resolvedAt: NOW + 7 }] });
  });

  it('what fired and ended meanwhile is in it, at its true times', async () => {
    const { timeline, told } = await restart(({ alerts }) => {
      alerts.settle('resolved', over(warned('site', NOW + 3), NOW + 4));
      alerts.settle('fired', warned('bot', NOW + 5));
    });
    expect(timeline(ID).slice(2)).toEqual(['site fired', 'site resolved', 'bot fired']);
    expect(told.at(-1)?.events.map(({ at }) => at)).toEqual([NOW + 3, NOW + 4, NOW + 5]);
  });

  it('who acknowledged meanwhile leads', async () => {
    const { desk } = await restart(({ alerts }) => alerts.settle('acknowledged', owned(TOTAL, '42', NOW + 2)));
    expect(desk.find(ID)?.commander).toEqual({ member: '42', at: NOW + 2 });
  });

  it('a critical alert opens the one that was not written down', async () => {
    const { desk, timeline } = await restart(({ alerts }) =>
      alerts.settle('fired', fired('total', NOW + 5, { database: 'other' })),
    );
    expect(desk.list()).toHaveLength(2);
    expect(timeline('20201211-1424')).toEqual(['opened', 'total joined']);
  });

  it('an alert that nobody remembers is taken for over, and it is said', async () => {
    const { desk } = await restart(({ alerts }) => {
      alerts.settle('resolved', over(TOTAL, NOW + 1));
      alerts.over = () => [];
    });
    expect(desk.find(ID)?.calmSince).toBe(NOW + 60 * MINUTE_MS);
    expect(JSON.stringify(desk.find(ID)?.events.at(-1))).toContain('Nobody knows what became of it');
  });

  it('a name that is taken is not given again', async () => {
    const { desk } = await restart();
    expect((await desk.open('x', 'other', '42', NOW)).id).toBe(`${ID}-2`);
  });
});

describe('the timeline in the journal', () => {
  const stored = (events: readonly object[]) =>
    events.map((event, index) => ({ ...event, seq: index + 1 }) as StoredEvent);
  const event = journalEvent(became('fired', TOTAL));

  it('is read back as it was written', () => {
    const events = [opened(), became('fired', TOTAL), closed(NOW)];
    expect(readTimeline(stored(events.map(journalEvent)))).toEqual(events);
  });

  it.each<[string, object]>([
    ['of another version', { ...event, version: 2 }],
    ['of an unknown type', { ...event, type: 'moved' }],
    [
      'of a type that every object inherits',
      { type: 'constructor', version: 1, at: NOW, data: { by: null, fact: { type: 'constructor' } } },
    ],
    ['of another type than it says', { ...event, type: 'thread' }],
    ['without its fact', { ...event, data: { by: null } }],
    ['without what it needs', { ...event, data: { by: null, fact: { type: 'alert', became: 'fired' } } }],
    ['that became something unknown', journalEvent(became('escalated' as never, TOTAL))],
    ['by nobody known', { ...event, data: { fact: { type: 'note', text: 'x' } }, type: 'note' }],
    ['that is no object', { ...event, data: 'x' }],
  ])('leaves out an event %s', (_, odd) => {
    expect(readTimeline(stored([journalEvent(opened()), odd]))).toEqual([opened()]);
  });
});

describe('the incidents in the journal', () => {
  it('are left out, with a word, where they cannot be understood', async () => {
    const journal = createFakeJournal();
    const log = createRecordedLog();
    journal.intrude('incidents/20201211-1324', [journalEvent(opened())]);
    journal.intrude('incidents/20201211-1325', [{ ...journalEvent(opened()), version: 9 }]);
    const { incidents, names } = await loadIncidents(journal, log);
    expect([incidents.map(({ id }) => id), names]).toEqual([['20201211-1324'], ['20201211-1324', '20201211-1325']]);
    expect(log.lines).toMatchObject([{ message: 'an incident is lost' }]);
  });

  it('are gone without, with a word, while it cannot be read', async () => {
    const journal = createFakeJournal();
    const log = createRecordedLog();
    journal.unreadable = () => 'the disk is gone';
    expect(await loadIncidents(journal, log)).toEqual({ incidents: [], names: [] });
    expect(log.lines).toMatchObject([{ level: 'error', fields: { reason: 'the disk is gone' } }]);
  });

  it('are kept in memory while they are open, and the newest closed ones', async () => {
    const journal = createFakeJournal();
    for (let index = 0; index < 205; index += 1) {
      const at = NOW + index * MINUTE_MS;
      const events = index === 0 ? [opened(at)] : [opened(at), closed(at)];
      journal.intrude(`incidents/${nameIncident(at, new Set())}`, events.map(journalEvent));
    }
    const { incidents, names } = await loadIncidents(journal, createRecordedLog());
    expect([incidents.length, incidents[0]?.closed, names.length]).toEqual([201, null, 205]);
  });
});
