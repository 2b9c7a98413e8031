import { describe, expect, test } from 'vitest';
import { settle } from '../support/manual-clock.ts';
import { ADA, deskWorld, GRACE, proposal } from './desk-world.ts';

const PLACE = { channelId: '100000000000000301', messageId: '100000000000000401' };

describe('proposing', () => {
  test('freezes the plan for two minutes, under ten hexadecimal digits and a hash, and writes it down before it resolves', async () => {
    const { desk, clock, types } = deskWorld();
    const confirmation = await desk.propose(proposal());
    expect(confirmation).toMatchObject({ ...proposal(), at: clock.now(), until: clock.now() + 120_000 });
    expect(confirmation.state).toEqual({ kind: 'open' });
    expect([confirmation.id, confirmation.hash]).toEqual([
      expect.stringMatching(/^[0-9a-f]{10}$/),
      expect.stringMatching(/^[0-9a-f]{16}$/),
    ]);
    expect(types(confirmation.id)).toEqual(['proposed']);
  });

  test('is out of the reach of who changes the plan afterwards', async () => {
    const { desk } = deskWorld();
    const plan = { targets: [1] };
    const { id } = await desk.propose(proposal({ plan }));
    plan.targets.push(2);
    expect(desk.find(id)?.plan).toEqual({ targets: [1] });
  });
});

test('every step is answered when it is written down, or the disk has hung for 2 s', async () => {
  const world = deskWorld();
  const [one, other] = [await world.desk.propose(proposal()), await world.desk.propose(proposal())];
  await world.desk.claim(one.id, one.hash, ADA);
  const next = world.start();
  await world.desk.claim(other.id, other.hash, ADA);
  world.disk = 'hangs';
  const answered: string[] = [];
  void world.desk.propose(proposal()).then(() => answered.push('proposed'));
  void world.desk.finish(other.id, null).then(() => answered.push('done'));
  void next.settleInterrupted(one.id, null).then(() => answered.push('settled'));
  await world.clock.advance(1_999);
  expect(answered).toEqual([]);
  await world.clock.advance(1);
  expect(answered.sort()).toEqual(['done', 'proposed', 'settled']);
});

describe('claiming', () => {
  test('is written down before it resolves', async () => {
    const { desk, types } = deskWorld();
    const { id, hash } = await desk.propose(proposal());
    const claimed = desk.claim(id, hash, ADA);
    expect(types(id)).toEqual(['proposed']);
    expect(await claimed).toMatchObject({ ok: true, confirmation: { state: { kind: 'claimed', by: ADA } } });
    expect(types(id)).toEqual(['proposed', 'claimed']);
  });

  test('is won by one of two clicks in the same turn', async () => {
    const { desk } = deskWorld();
    const { id, hash } = await desk.propose(proposal());
    const both = await Promise.all([desk.claim(id, hash, ADA), desk.claim(id, hash, GRACE)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect(both[1]).toMatchObject({ why: 'taken', by: ADA });
  });

  test('is won by one of a click on the act and one on Cancel in the same turn', async () => {
    const { desk } = deskWorld();
    const { id, hash } = await desk.propose(proposal());
    const both = await Promise.all([desk.cancel(id, hash, GRACE), desk.claim(id, hash, ADA)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    expect(both[1]).toMatchObject({ why: 'cancelled', by: GRACE });
  });

  test('goes on, and says so, when the journal is away', async () => {
    const world = deskWorld();
    const { id, hash } = await world.desk.propose(proposal());
    world.disk = 'away';
    expect(await world.desk.claim(id, hash, ADA)).toMatchObject({ ok: true });
    expect(world.log.text()).toContain('the journal is away');
  });

  test('waits 2 s for a disk that hangs, and no longer', async () => {
    const world = deskWorld();
    const { id, hash } = await world.desk.propose(proposal());
    world.disk = 'hangs';
    let ok: boolean | null = null;
    void world.desk.claim(id, hash, ADA).then((claimed) => (ok = claimed.ok));
    await world.clock.advance(1_999);
    expect(ok).toBeNull();
    await world.clock.advance(1);
    expect(ok).toBe(true);
  });

  test('sleeps no longer for a disk that has answered', async () => {
    const { desk, clock } = deskWorld();
    await desk.propose(proposal());
    await settle();
    expect(clock.sleeping()).toEqual([]);
  });

  test('is refused when a newer bot has the journal', async () => {
    const world = deskWorld();
    const { id, hash } = await world.desk.propose(proposal());
    world.disk = 'fenced';
    const claimed = await world.desk.claim(id, hash, ADA);
    expect(claimed).toMatchObject({ ok: false, why: 'taken', reason: expect.stringContaining('nothing was done') });
  });

  test('is refused for a plan that was changed after it was shown, by whatever', async () => {
    const world = deskWorld();
    const { id, hash } = await world.desk.propose(proposal());
    const [proposed] = world.durable.get(id) ?? [];
    Object.assign(Object(proposed?.data), { plan: { targets: [] } });
    expect(await world.start().claim(id, hash, ADA)).toMatchObject({ ok: false, why: 'forged' });
  });
});

describe('finishing', () => {
  test('records what became of it, and lets its stream go', async () => {
    const { desk, types, closed } = deskWorld();
    const { id, hash } = await desk.propose(proposal());
    await desk.claim(id, hash, ADA);
    expect(closed).toEqual([]);
    const done = await desk.finish(id, { terminated: 1 });
    expect(done.state).toMatchObject({ kind: 'done', by: ADA, outcome: { terminated: 1 } });
    expect([types(id), closed]).toEqual([['proposed', 'claimed', 'done'], [id]]);
  });

  test('of what nobody carries out is a defect', async () => {
    const { desk } = deskWorld();
    const { id } = await desk.propose(proposal());
    await expect(desk.finish(id, null)).rejects.toThrow('not being carried out');
    await expect(desk.finish('ffffffffff', null)).rejects.toThrow('not being carried out');
    await expect(desk.settleInterrupted(id, null)).rejects.toThrow('was not interrupted');
  });

  test('of two hundred others keeps what is open and forgets the oldest that is over', async () => {
    const { desk } = deskWorld();
    const open = await desk.propose(proposal());
    const first = await desk.propose(proposal());
    await desk.cancel(first.id, first.hash, ADA);
    for (let index = 0; index < 200; index += 1) {
      const { id, hash } = await desk.propose(proposal());
      await desk.cancel(id, hash, ADA);
    }
    expect(desk.find(first.id)).toBeNull();
    expect(desk.find(open.id)?.state.kind).toBe('open');
    expect(await desk.claim(first.id, first.hash, ADA)).toMatchObject({ ok: false, why: 'unknown' });
  });
});

describe('expiring', () => {
  test('ends what is past its time, records it once, and lets its stream go', async () => {
    const { desk, clock, types, closed } = deskWorld();
    const { id } = await desk.propose(proposal());
    await clock.advance(119_999);
    expect(desk.expireDue(clock.now())).toEqual([]);
    await clock.advance(1);
    expect(desk.expireDue(clock.now())).toMatchObject([{ confirmation: { id, state: { kind: 'expired' } } }]);
    expect(desk.expireDue(clock.now())).toEqual([]);
    await settle();
    expect([types(id), closed]).toEqual([['proposed', 'expired'], [id]]);
  });

  test('hands over the buttons of what a former life showed in public, and no others', async () => {
    const world = deskWorld();
    const shown = await world.desk.propose(proposal());
    world.desk.standsAt(shown.id, PLACE);
    await world.desk.propose(proposal());
    const desk = world.start();
    const own = await desk.propose(proposal());
    desk.standsAt(own.id, PLACE);
    await world.clock.advance(120_000);
    const orphaned = desk.expireDue(world.clock.now()).filter((each) => each.orphaned);
    expect(orphaned.map(({ confirmation }) => [confirmation.id, confirmation.shownAt])).toEqual([[shown.id, PLACE]]);
  });
});

describe('after a restart', () => {
  test('what is over has to be recorded, and told where everybody saw it, until that is seen to', async () => {
    const world = deskWorld();
    const [shown, unseen] = [await world.desk.propose(proposal()), await world.desk.propose(proposal())];
    world.desk.standsAt(shown.id, PLACE);
    for (const { id, hash } of [shown, unseen]) await world.desk.cancel(id, hash, ADA);
    world.desk.seenTo(shown.id, 'recorded');
    await settle();
    expect(world.desk.looseEnds()).toEqual([]);
    const second = world.start();
    expect(second.looseEnds()).toMatchObject([
      { confirmation: { id: shown.id }, recorded: true, told: false },
      { confirmation: { id: unseen.id }, recorded: false, told: true },
    ]);
    second.seenTo(shown.id, 'told');
    second.seenTo(unseen.id, 'recorded');
    await settle();
    expect([second.looseEnds(), world.start().looseEnds()]).toEqual([[], []]);
  });

  test('what is told does not count twice among those that are remembered', async () => {
    const { desk } = deskWorld();
    const all = [];
    for (let index = 0; index < 150; index += 1) {
      const { id, hash } = await desk.propose(proposal());
      await desk.cancel(id, hash, ADA);
      desk.seenTo(id, 'told');
      all.push(id);
    }
    expect(all.filter((id) => desk.find(id) === null)).toEqual([]);
  });

  test('what was claimed without an outcome is interrupted, and nobody gets it again', async () => {
    const world = deskWorld();
    const { id, hash } = await world.desk.propose(proposal());
    world.desk.standsAt(id, PLACE);
    await world.desk.claim(id, hash, ADA);
    const desk = world.start();
    expect(desk.interrupted()).toMatchObject([{ id, hash, shownAt: PLACE, plan: proposal().plan }]);
    expect(await desk.claim(id, hash, GRACE)).toMatchObject({ ok: false, why: 'taken' });
    await expect(desk.finish(id, null)).rejects.toThrow('not being carried out');
  });

  test('what was interrupted is settled once, for good', async () => {
    const world = deskWorld();
    const { id, hash } = await world.desk.propose(proposal());
    await world.desk.claim(id, hash, ADA);
    const desk = world.start();
    const settled = await desk.settleInterrupted(id, { gone: 1 });
    expect(settled.state).toMatchObject({ kind: 'interrupted', by: ADA, outcome: { gone: 1 } });
    expect(desk.interrupted()).toEqual([]);
    await expect(desk.settleInterrupted(id, null)).rejects.toThrow('was not interrupted');
    expect(world.start().interrupted()).toEqual([]);
    expect(world.start().find(id)?.state).toMatchObject({ kind: 'interrupted', outcome: { gone: 1 } });
  });

  test('what is carried out by this life is not interrupted', async () => {
    const { desk } = deskWorld();
    const { id, hash } = await desk.propose(proposal());
    await desk.claim(id, hash, ADA);
    expect(desk.interrupted()).toEqual([]);
  });

  test('what was open can be claimed in the rest of its two minutes', async () => {
    const world = deskWorld();
    const [early, late] = [await world.desk.propose(proposal()), await world.desk.propose(proposal())];
    const desk = world.start();
    await world.clock.advance(119_999);
    expect(await desk.claim(early.id, early.hash, GRACE)).toMatchObject({ ok: true });
    await world.clock.advance(1);
    expect(await desk.claim(late.id, late.hash, GRACE)).toMatchObject({ ok: false, why: 'expired' });
  });
});
