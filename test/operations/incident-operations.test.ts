import { describe, expect, it } from 'vitest';
import { createIncidentOperations } from '../../src/operations/incident-operations.ts';
import { chooseDatabase } from '../../src/operations/read-status.ts';
import { fired, warned } from '../incidents/builders.ts';
import { createWorld } from '../incidents/world.ts';
import { finding, NOW } from '../support/builders.ts';
import { createManualClock } from '../support/manual-clock.ts';

const ID = '20201211-1324';
const SEV2 = { severity: 'sev2', impact: 'voice gate' };

async function setUp(databases: readonly string[] = ['main', 'other']) {
  const world = createWorld();
  const desk = await world.start();
  const named = databases.map((name) => ({ name })) as unknown as Parameters<typeof chooseDatabase>[0];
  const incidents = createIncidentOperations({
    desk,
    chooseDatabase: (name) => chooseDatabase(named, name).name,
    nameMembers: async (ids) => new Map(ids.map((id) => [id, `member ${id}`])),
    clock: createManualClock(NOW),
  });
  return { ...world, desk, incidents };
}

describe('incidents in the hands of a responder', () => {
  it('are opened on the database that is meant', async () => {
    const { incidents } = await setUp();
    await expect(incidents.open('slow', undefined, '42')).rejects.toThrow(/Say which one: main, other/);
    await expect(incidents.open('slow', 'nowhere', '42')).rejects.toThrow(/No database is named nowhere/);
    const { incident, at } = await incidents.open(' the site is slow ', 'other', '42');
    expect([incident.title, incident.databases, incident.openedBy, at]).toEqual([
      'the site is slow',
      ['other'],
      '42',
      NOW,
    ]);
    expect((await (await setUp(['main'])).incidents.open('slow', undefined, '42')).incident.databases).toEqual([
      'main',
    ]);
  });

  it.each<[string, RegExp]>([
    ['', /The title is empty: say in a line what is wrong/],
    ['x'.repeat(101), /has 101 characters, and 100 is the most/],
  ])('are not opened as %j', async (title, reason) => {
    await expect((await setUp()).incidents.open(title, 'main', '42')).rejects.toThrow(reason);
  });

  it('are found by the thread, then by being the only open one', async () => {
    const { incidents, desk } = await setUp();
    expect(() => incidents.status({})).toThrow(
      'No incident is open. There has been none: open one with /incident open.',
    );
    await incidents.open('a', 'main', '42');
    expect(incidents.status({ channelId: 'alerts' }).incident.id).toBe(ID);
    await incidents.open('b', 'other', '42');
    desk.standsIn(`${ID}-2`, { channelId: 'thread', refused: null }, NOW);
    expect(incidents.status({ channelId: 'thread' }).incident.id).toBe(`${ID}-2`);
    expect(() => incidents.status({ channelId: 'alerts' })).toThrow(
      `Several incidents are open. Say which one: ${ID} (main, open), ${ID}-2 (other, open).`,
    );
    expect(() => incidents.status({ id: 'nothing' })).toThrow(/No incident is named nothing. Say which one/);
  });

  it('are found by what autocompletion gives', async () => {
    const { incidents } = await setUp();
    await incidents.open('a', 'main', '42');
    await incidents.open('b', 'other', '42');
    await incidents.close({ id: ID }, SEV2, '42');
    expect(incidents.suggest('')).toEqual([`${ID}-2 (other, open)`, `${ID} (main, closed)`]);
    expect(incidents.suggest('', 'open')).toEqual([`${ID}-2 (other, open)`]);
    expect(incidents.suggest('MAIN')).toEqual([`${ID} (main, closed)`]);
    for (const name of incidents.suggest(''))
      expect((await incidents.postmortem({ id: name })).incident.id).toBe(name.split(' ')[0]);
  });

  it('take notes of 1 to 1500 characters, as they are written', async () => {
    const { incidents } = await setUp();
    await incidents.open('a', 'main', '42');
    const hostile = '@everyone **look**\n`x` \u202e';
    const { event } = await incidents.note({}, `  ${hostile}x `, '43');
    expect(event).toEqual({ at: NOW, by: '43', fact: { type: 'note', text: `${hostile}x` } });
    expect((await incidents.note({}, 'x'.repeat(1_500), '43')).event.fact.text).toHaveLength(1_500);
    await expect(incidents.note({}, ' \n ', '43')).rejects.toThrow(/The note is empty: say what you saw/);
    await expect(incidents.note({}, 'x'.repeat(1_501), '43')).rejects.toThrow(/1501 characters, and 1500 is the most/);
    await incidents.close({}, SEV2, '42');
    await expect(incidents.note({ id: ID }, '', '43')).rejects.toThrow(/is closed. Reopen it first/);
  });

  it.each<[string, string]>([
    ['sev1', 'sev1'],
    ['SEV 2', 'sev2'],
    ['3', 'sev3'],
  ])('are closed as %s', async (severity, read) => {
    const { incidents } = await setUp();
    await incidents.open('a', 'main', '42');
    const { closed } = await incidents.close({}, { severity, impact: ' voice gate ' }, '43');
    expect(closed).toEqual({ by: '43', at: NOW, severity: read, impact: 'voice gate' });
  });

  it.each<[string, string, RegExp]>([
    ['', 'x', /Say how bad it was: sev1 nothing worked/],
    ['sev', 'x', /Say how bad it was/],
    ['sev4', 'x', /Say how bad it was/],
    ['sev1', '', /The impact is empty: say what people lost, or "none"/],
    ['sev1', 'x'.repeat(1_001), /1000 is the most/],
  ])('are not closed as %j with %j', async (severity, impact, reason) => {
    const { incidents } = await setUp();
    await incidents.open('a', 'main', '42');
    await expect(incidents.close({}, { severity, impact }, '42')).rejects.toThrow(reason);
    expect(incidents.status({}).incident.closed).toBeNull();
  });

  it('are reopened', async () => {
    const { incidents } = await setUp();
    await incidents.open('a', 'main', '42');
    await incidents.close({}, SEV2, '42');
    expect((await incidents.reopen(ID, '43')).incident.closed).toBeNull();
  });

  it('draft the impact from their alerts, or from a closing that was undone', async () => {
    const { incidents, desk, alerts } = await setUp();
    expect(incidents.draft({})).toBeNull();
    for (const of of [fired, warned]) {
      const impact = finding({ impact: 'site, API' });
      desk.take([alerts.settle('fired', of('total', NOW, { finding: impact }))], NOW);
    }
    expect(incidents.draft({})).toEqual({ id: ID, impact: 'site, API' });
    await incidents.close({}, SEV2, '42');
    expect(incidents.draft({ id: ID })).toBeNull();
    await incidents.reopen(ID, '42');
    expect(incidents.draft({})).toEqual({ id: ID, impact: 'voice gate' });
  });
});
