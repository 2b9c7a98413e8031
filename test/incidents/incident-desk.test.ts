import { describe, expect, it } from 'vitest';
import { NOW } from '../support/builders.ts';
import { fired, MINUTE_MS, over, owned, warned } from './builders.ts';
import { createWorld } from './world.ts';

const ID = '20201211-1324';
const TOTAL = fired('total');

async function start() {
  const world = createWorld();
  const desk = await world.start();
  const fire = (alert = TOTAL, now = NOW) => desk.take([world.alerts.settle('fired', alert)], now);
  return { ...world, desk, fire };
}

describe('the desk of incidents', () => {
  it('opens one with what led up to it, at its true times', async () => {
    const { desk, alerts, timeline, told } = await start();
    const site = warned('site', NOW - 5 * MINUTE_MS);
    alerts.settle('acknowledged', owned(site, '42', NOW - 4 * MINUTE_MS));
    alerts.settle('resolved', over(warned('rising', NOW - 9 * MINUTE_MS), NOW - 8 * MINUTE_MS));
    desk.take([alerts.settle('fired', TOTAL)], NOW);
    await desk.settled();
    const words = ['opened', 'rising joined', 'rising resolved', 'site joined', 'site acknowledged', 'total fired'];
    expect(timeline(ID)).toEqual(words);
    expect(told.map(({ events }) => events.map(({ at }) => (at - NOW) / MINUTE_MS))).toEqual([[0, -9, -8, -5, -4, 0]]);
    expect(desk.find(ID)).toMatchObject({ title: 'main: total is in trouble', databases: ['main'], commander: null });
  });

  it('tells what it wrote, after it was written', async () => {
    const { desk, fire, writeBy, told } = await start();
    const written = Promise.withResolvers<void>();
    writeBy(() => () => written.promise);
    fire();
    await Promise.resolve();
    expect(told).toEqual([]);
    written.resolve();
    await desk.settled();
    expect(told.map(({ incident, events }) => [incident.id, events.length])).toEqual([[ID, 2]]);
  });

  it('writes a storm of 200 alerts at once', async () => {
    const { desk, alerts, writes } = await start();
    const storm = Array.from({ length: 200 }, (_, index) => alerts.settle('fired', warned(`app ${index}`)));
    desk.take([...storm, alerts.settle('fired', TOTAL)], NOW);
    await desk.settled();
    expect(writes).toEqual([202]);
  });

  it('writes what comes in one turn at once', async () => {
    const { desk, alerts, fire, writes } = await start();
    fire();
    desk.take([alerts.settle('fired', warned('site'))], NOW);
    await desk.settled();
    expect(writes).toEqual([3]);
  });

  it('writes what comes while it writes at once', async () => {
    const { desk, alerts, fire, writes, writeBy } = await start();
    const written = Promise.withResolvers<void>();
    writeBy(() => () => written.promise);
    fire();
    await Promise.resolve();
    for (let index = 0; index < 200; index += 1) desk.take([alerts.settle('fired', warned(`app ${index}`))], NOW);
    written.resolve();
    await desk.settled();
    expect(writes).toEqual([2, 200]);
  });

  it('goes on when a write or the telling fails, and says so', async () => {
    const { desk, fire, writeBy, log, told } = await start();
    writeBy(() => () => Promise.reject(new Error('defect')));
    fire();
    await desk.settled();
    expect(log.lines.map(({ message }) => message)).toContain('an incident could not be written down');
    await desk.note(ID, 'looking', '42', NOW);
    expect(told).toHaveLength(2);
  });

  it('gives command to the first who acknowledges, and leaves it there', async () => {
    const { desk, alerts, fire, timeline } = await start();
    fire();
    desk.take([alerts.settle('acknowledged', owned(TOTAL, '42', NOW + 1))], NOW + 1);
    desk.take([alerts.settle('handed-back', TOTAL)], NOW + 2);
    desk.take([alerts.settle('acknowledged', owned(TOTAL, '43', NOW + 3))], NOW + 3);
    await desk.settled();
    expect(desk.find(ID)?.commander).toEqual({ member: '42', at: NOW + 1 });
    expect(timeline(ID).filter((word) => word === 'commander')).toHaveLength(1);
  });

  it('follows the peak of its alerts without a word', async () => {
    const { desk, alerts, fire, writes } = await start();
    fire();
    await desk.settled();
    desk.take([alerts.settle('changed', { ...TOTAL, peak: 99 })], NOW + 1);
    await desk.settled();
    expect(desk.find(ID)?.alerts).toMatchObject([{ peak: 99 }]);
    expect(writes).toHaveLength(1);
  });

  it('notes who held the connections at the opening, and at the peak once it is calm', async () => {
    const { desk, alerts, fire, hold } = await start();
    const holders = (used: number) => ({
      at: NOW,
      used,
      usable: 97,
      max: 100,
      applications: [{ name: 'site', count: used }],
    });
    hold((when) => holders(when === 'now' ? 91 : 97));
    fire();
    desk.take([alerts.settle('resolved', over(TOTAL, NOW + 5))], NOW + 5);
    await desk.settled();
    const moments = () =>
      desk.find(ID)?.events.flatMap(({ fact }) => (fact.type === 'holders' ? [[fact.moment, fact.used]] : []));
    expect(moments()).toEqual([
      ['opened', 91],
      ['peak', 97],
    ]);
    const again = fired('total', NOW + 6);
    fire(again, NOW + 6);
    desk.take([alerts.settle('resolved', over(again, NOW + 7))], NOW + 7);
    expect(moments()).toHaveLength(2);
    hold(() => holders(98));
    await desk.close(ID, { severity: 'sev2', impact: 'x' }, '42', NOW + 8);
    expect(moments()?.at(-1)).toEqual(['peak', 98]);
  });

  it('does not take what is left of a history for the peak', async () => {
    const { desk, alerts, fire, hold, timeline } = await start();
    hold((when) => ({ at: NOW, used: when === 'now' ? 91 : 40, usable: 97, max: 100, applications: [] }));
    fire();
    desk.take([alerts.settle('resolved', over(TOTAL, NOW + 5))], NOW + 5);
    await desk.settled();
    expect(timeline(ID)).toEqual(['opened', 'holders', 'total fired', 'total resolved']);
  });

  it('records an act in the incident that is open on its database, and says where none is', async () => {
    const { desk, fire, timeline } = await start();
    const act = {
      type: 'act',
      act: 'kill-stale',
      database: 'main',
      stage: 'done',
      confirmation: null,
      summary: 'x',
    } as const;
    expect(await desk.record({ at: NOW, by: '42', fact: act })).toEqual([]);
    fire();
    const taken = await desk.record({ at: NOW, by: '42', fact: act });
    expect(taken.map(({ id }) => id)).toEqual([ID]);
    expect(await desk.record({ at: NOW, by: '42', fact: { ...act, database: 'other' } })).toEqual([]);
    expect(timeline(ID).at(-1)).toBe('act');
    await desk.close(ID, { severity: 'sev1', impact: 'all' }, '42', NOW);
    expect(await desk.record({ at: NOW, by: '42', fact: act })).toEqual([]);
  });

  it('opens one by hand with what fires, and no second one on that database', async () => {
    const { desk, alerts, timeline } = await start();
    alerts.settle('fired', warned('site', NOW - MINUTE_MS));
    const { id } = await desk.open('the site is slow', 'main', '42', NOW);
    expect(timeline(id)).toEqual(['opened', 'site joined']);
    await expect(desk.open('again', 'main', '42', NOW)).rejects.toThrow(/is open on main already: add to it/);
    expect((await desk.open('elsewhere', 'other', '42', NOW)).id).toBe(`${ID}-2`);
  });

  it('opens one that names no database for services that depend on none', async () => {
    const { desk, fire } = await start();
    fire(fired('wiki', NOW, { rule: 'service-down', database: 'breakwater' }));
    fire(fired('blog', NOW, { rule: 'service-down', database: 'breakwater' }));
    expect(desk.list()).toMatchObject([{ databases: [], alerts: [{}, {}] }]);
  });

  it('closes, and takes nothing more but that its alert is over', async () => {
    const { desk, alerts, fire, timeline } = await start();
    fire();
    await desk.close(ID, { severity: 'sev1', impact: 'all' }, '42', NOW + 1);
    desk.take([alerts.settle('resolved', over(TOTAL, NOW + 2))], NOW + 2);
    await expect(desk.note(ID, 'late', '42', NOW + 3)).rejects.toThrow(/is closed. Reopen it first/);
    await expect(desk.close(ID, { severity: 'sev1', impact: 'all' }, '42', NOW + 3)).rejects.toThrow(/is closed/);
    expect(timeline(ID)).toEqual(['opened', 'total fired', 'closed', 'total resolved']);
    expect(desk.find(ID)?.calmSince).toBe(NOW + 2);
  });

  it('opens again by the same cause, and takes up what it missed', async () => {
    const { desk, alerts, fire, timeline } = await start();
    fire();
    await desk.close(ID, { severity: 'sev1', impact: 'all' }, '42', NOW + 1);
    desk.take([alerts.settle('resolved', over(TOTAL, NOW + 2))], NOW + 2);
    fire(warned('site', NOW + 3), NOW + 3);
    fire(fired('total', NOW + MINUTE_MS), NOW + MINUTE_MS);
    await desk.settled();
    expect(timeline(ID).slice(3)).toEqual(['total resolved', 'reopened', 'total fired', 'site fired']);
    expect(desk.list()).toHaveLength(1);
  });

  it('is reopened by hand, but not beside another', async () => {
    const { desk, fire } = await start();
    fire();
    await desk.close(ID, { severity: 'sev1', impact: 'all' }, '42', NOW + 1);
    await expect(desk.reopen(ID, '43', NOW + 16 * MINUTE_MS)).rejects.toThrow(/more than 15 min ago: open another/);
    expect((await desk.reopen(ID, '43', NOW + 2)).closed).toBeNull();
    await expect(desk.reopen(ID, '43', NOW + 2)).rejects.toThrow(/is open already/);
    await desk.close(ID, { severity: 'sev1', impact: 'all' }, '42', NOW + 3);
    await desk.open('another', 'main', '42', NOW + 4);
    await expect(desk.reopen(ID, '43', NOW + 5)).rejects.toThrow(/20201211-1324-2 is open on main already/);
  });

  it('remembers its thread and its pin, once', async () => {
    const { desk, fire, timeline } = await start();
    fire();
    for (let times = 0; times < 2; times += 1) {
      desk.standsIn(ID, { channelId: '9', refused: null }, NOW);
      desk.pinned(ID, { refused: 'no right' }, NOW);
    }
    await desk.settled();
    expect(timeline(ID).slice(2)).toEqual(['thread', 'pin']);
    desk.pinned(ID, { refused: null }, NOW);
    expect(desk.find(ID)).toMatchObject({ thread: { channelId: '9' }, pin: { refused: null } });
  });
});
