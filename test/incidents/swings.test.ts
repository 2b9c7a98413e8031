import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldIncident } from '../../src/incidents/fold-incident.ts';
import type { IncidentDesk } from '../../src/incidents/incident-desk.ts';
import { readTimeline } from '../../src/incidents/incident-log.ts';
import { countFirings } from '../../src/incidents/swings.ts';
import { NOW } from '../support/builders.ts';
import { fired, over, owned, warned } from './builders.ts';
import { createWorld } from './world.ts';

const ID = '20201211-1324';
const TOTAL = fired('total');
const KEY = warned('site').key;

async function start() {
  const world = createWorld();
  const desk = await world.start();
  desk.take([world.alerts.settle('fired', TOTAL)], NOW);
  let at = NOW;
  /** One firing and its end. */
  const swing = (by: IncidentDesk = desk, parts: { readonly peak?: number; readonly goesOn?: true } = {}) => {
    const site = warned('site', (at += 1_000), parts);
    by.take([world.alerts.settle('fired', site)], at);
    if (parts.goesOn) return site;
    by.take([world.alerts.settle('resolved', over(site, (at += 1_000)))], at);
    return site;
  };
  const close = (by: IncidentDesk = desk) => by.close(ID, { severity: 'sev3', impact: 'none' }, '42', at + 1);
  return { ...world, desk, swing, close };
}

describe('an alert that flaps', () => {
  it('is told five times, then whenever the number doubles, with what that stands for', async () => {
    const { desk, swing, timeline } = await start();
    for (let times = 0; times < 1_000; times += 1) swing();
    await desk.settled();
    const firings = timeline(ID).filter((word) => word.startsWith('site fired'));
    expect(firings.slice(4, 8)).toEqual(['site fired', 'site fired +2', 'site fired +7', 'site fired +15']);
    expect(desk.find(ID)?.events).toHaveLength(2 + 2 * 12);
    expect(desk.find(ID)?.alerts.length).toBeLessThan(15);
  });

  it('fires, and is over, in truth, though that is not told', async () => {
    const { desk, alerts, swing, told, writes } = await start();
    desk.take([alerts.settle('resolved', over(TOTAL, NOW + 1))], NOW + 1);
    for (let times = 0; times < 5; times += 1) swing();
    await desk.settled();
    const before = told.length;
    const site = swing(desk, { goesOn: true });
    await desk.settled();
    const endOf = () => desk.find(ID)?.alerts.find(({ id }) => id === site.id)?.resolvedAt;
    expect(endOf()).toBeNull();
    expect(told.slice(before)).toMatchObject([{ events: [] }]);
    expect(writes).not.toContain(0);
    desk.take([alerts.settle('resolved', over(site, NOW + 99_000))], NOW + 99_000);
    expect(endOf()).toBe(NOW + 99_000);
  });

  it('that is acknowledged is told at once', async () => {
    const { desk, alerts, swing, timeline } = await start();
    for (let times = 0; times < 6; times += 1) swing();
    const site = swing(desk, { goesOn: true });
    desk.take([alerts.settle('acknowledged', owned(site, '42', NOW + 99_000))], NOW + 99_000);
    await desk.settled();
    expect(timeline(ID).slice(-3)).toEqual(['site fired +1', 'site acknowledged', 'commander']);
  });

  it('keeps the highest peak of what is not told one by one', async () => {
    const { desk, swing } = await start();
    for (const peak of [1, 1, 1, 1, 1, 50, 2, 3]) swing(desk, { peak });
    expect(desk.find(ID)?.events.findLast(({ fact }) => fact.type === 'alert' && fact.swings === 2)).toMatchObject({
      fact: { peak: 50 },
    });
  });

  it('is counted truly once it is closed, over restarts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('swing', 'swing', 'swing', 'restart'), { maxLength: 40 }),
        async (story) => {
          const { start: startAnew, swing, close, desk: first, journal } = await start();
          let desk = first;
          for (const act of story) {
            if (act === 'swing') swing(desk);
            else {
              await desk.settled();
              desk = await startAnew();
              desk.reconcile(NOW + 1_000_000);
            }
          }
          await close(desk);
          const incident = foldIncident(ID, readTimeline(journal.stored(`incidents/${ID}`)));
          expect(incident && countFirings(incident, KEY)).toBe(story.filter((act) => act === 'swing').length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
