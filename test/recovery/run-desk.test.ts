import { describe, expect, it } from 'vitest';
import { toyPlan } from '../support/toy-recovery.ts';
import { APPROVED, approved, PLAN, REQUEST, request, start, statesOf } from './toy-run.ts';

describe('a recovery that is approved', () => {
  it('does its steps in order, each once, and is done', async () => {
    const toy = start();
    const run = await approved(toy);
    expect(run.state.kind).toBe('done');
    expect(toy.world.effects).toEqual(['on site', 'on bot', 'on a', 'on b', 'off bot', 'off site']);
    expect(statesOf(run)).toEqual(Array(6).fill('done'));
  });

  it('writes down what it is about to do before it does it, with what it noted', async () => {
    const toy = start();
    const write = toy.journal.write.bind(toy.journal);
    const effectsAtIntent: number[] = [];
    toy.journal.write = async (id, events) => {
      if (events[0]?.type === 'intent') effectsAtIntent.push(toy.world.effects.length);
      return write(id, events);
    };
    const run = await approved(toy);
    expect(effectsAtIntent).toEqual([0, 1, 2, 3, 4, 5]);
    expect(run.steps[0]?.note).toEqual({ seen: 0 });
  });

  it.each(['later', 'fenced'] as const)('does nothing when its intent is not durable: %s', async (answer) => {
    const toy = start();
    const { id } = await request(toy);
    const write = toy.journal.write.bind(toy.journal);
    toy.journal.write = async (run, events) => (events[0]?.type === 'intent' ? answer : write(run, events));
    await toy.desk.approve(id, APPROVED);
    expect((await toy.settled(id)).state).toMatchObject({ kind: 'stopped', why: { kind: 'journal' } });
    expect(toy.world.effects).toEqual([]);
  });

  it('does not begin when the approval is not durable', async () => {
    const toy = start();
    const { id } = await request(toy);
    toy.journal.answer = 'later';
    expect(await toy.desk.approve(id, APPROVED)).toMatchObject({ ok: false });
    expect(toy.world.effects).toEqual([]);
  });

  it('is started once, however often it is approved in one turn', async () => {
    const toy = start();
    const { id } = await request(toy);
    const both = await Promise.all([toy.desk.approve(id, APPROVED), toy.desk.approve(id, APPROVED)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    await toy.settled(id);
    expect(toy.world.effects).toHaveLength(6);
  });

  it('is refused while another runs or waits on the same database, and not on another', async () => {
    const toy = start();
    toy.world.act.set('a', 'refused');
    await approved(toy);
    const second = await request(toy);
    expect(await toy.desk.approve(second.id, APPROVED)).toMatchObject({ ok: false, reason: /one at a time/ });
    const elsewhere = await request(toy, toyPlan(['switch:c'], { database: 'other' }));
    expect(await toy.desk.approve(elsewhere.id, APPROVED)).toMatchObject({ ok: true });
  });
});

describe('a step', () => {
  it.each([
    ['refused', { kind: 'failed', reason: 'the switch is stuck' }, 'failed'],
    [
      'unknown-not-done',
      { kind: 'unknown', reason: /no answer came\. And then: not so within 5 s; seen last: it is off/ },
      'unknown',
    ],
    ['throws', { kind: 'unknown', reason: /fault/ }, 'unknown'],
  ] as const)('that is %s stops the run and says why', async (how, why, state) => {
    const toy = start();
    toy.world.act.set('a', how);
    const run = await approved(toy);
    const { reason, ...kind } = why;
    expect(run.state).toMatchObject({ kind: 'stopped', why: { ...kind, step: 'switch:a' } });
    expect(run.state.kind === 'stopped' && 'reason' in run.state.why && run.state.why.reason).toMatch(reason);
    expect(statesOf(run)).toEqual(['done', 'done', state, 'waiting', 'waiting', 'waiting']);
  });

  it('without an answer is done when the world says so', async () => {
    const toy = start();
    toy.world.act.set('a', 'unknown-done');
    expect((await approved(toy)).state.kind).toBe('done');
  });

  it('that must not be done stops the run before anything is written of an intent', async () => {
    const toy = start();
    toy.world.check.set('a', { kind: 'blocked', saw: 'a second server is there' });
    const run = await approved(toy);
    expect(run.state).toMatchObject({ why: { kind: 'failed', reason: 'a second server is there' } });
    expect(run.steps[2]?.attempts).toBe(0);
    expect(toy.world.effects).toEqual(['on site', 'on bot']);
  });

  it('that nobody can look at is looked at for a while, and never done', async () => {
    const toy = start();
    toy.world.check.set('a', { kind: 'unknown', saw: 'the API server is away' });
    expect((await approved(toy)).state).toMatchObject({ why: { kind: 'unknown', reason: 'the API server is away' } });
    expect(toy.world.effects).toEqual(['on site', 'on bot']);
  });

  it('that this version does not know is not passed over', async () => {
    const toy = start();
    expect((await approved(toy, toyPlan(['switch:a', 'later-version:b']))).state).toMatchObject({
      why: { kind: 'failed', reason: /knows no step later-version/ },
    });
  });

  it('that fails in verifying is not waited for', async () => {
    const toy = start();
    toy.world.verify.set('a', { kind: 'failed', saw: 'it crashes' });
    expect((await approved(toy)).state).toMatchObject({ why: { kind: 'failed', reason: 'it crashes' } });
  });
});

describe('a bot that ends', () => {
  it('looks no more for what a step waits for, and writes nothing more', async () => {
    const toy = start();
    const { id } = await request(toy);
    let looks = 0;
    toy.world.act.set('a', 'unknown-not-done');
    toy.world.looked = (name) => {
      if (name !== 'a') return;
      looks += 1;
      toy.desk.stop();
    };
    await toy.desk.approve(id, APPROVED);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(looks).toBe(1);
    expect(toy.desk.find(id)?.state.kind).toBe('running');
    const writes = toy.journal.streams.get(id)?.length;
    expect(toy.journal.streams.get(id)?.at(-1)?.type).toBe('intent');
    expect(toy.live().interrupted).toMatchObject([{ id }]);
    expect(toy.journal.streams.get(id)).toHaveLength((writes ?? 0) + 1);
    // Again, should nobody have been told of it.
    expect(toy.live().interrupted).toMatchObject([{ id, stops: 1 }]);
  });

  it('waits for a person where its own parts fail, as when the database has left the configuration', async () => {
    const toy = start();
    toy.world.broken = true;
    expect((await approved(toy)).state).toMatchObject({ kind: 'stopped', why: { kind: 'unknown', step: 'hold:site' } });
    expect(toy.world.effects).toEqual([]);
  });
});

describe('an abort', () => {
  it('lets the current step end, and stops before the next', async () => {
    const toy = start();
    const { id } = await request(toy);
    const write = toy.journal.write.bind(toy.journal);
    toy.journal.write = async (run, events) => {
      const [event] = events;
      if (event?.type === 'intent' && JSON.stringify(event.data).includes('switch:a'))
        void toy.desk.direct(id, 'abort', 'rosa', null);
      return write(run, events);
    };
    await toy.desk.approve(id, APPROVED);
    const run = await toy.settled(id);
    expect(run.state).toMatchObject({ kind: 'stopped', why: { kind: 'aborted', by: 'rosa' } });
    expect(toy.world.effects).toEqual(['on site', 'on bot', 'on a']);
  });
});

describe('a request', () => {
  it('expires when nobody approves it in time, and cannot be approved after that', async () => {
    const toy = start();
    const taken = await toy.desk.request({ plan: toyPlan(PLAN), ...REQUEST, until: 5 });
    if (!taken.ok) throw new Error(taken.reason);
    toy.desk.expireDue(5);
    expect(toy.desk.find(taken.run.id)?.state.kind).toBe('expired');
    expect(await toy.desk.approve(taken.run.id, APPROVED)).toMatchObject({ ok: false });
  });

  it('is refused while the journal is away', async () => {
    const toy = start();
    toy.journal.answer = 'later';
    expect(await toy.desk.request({ plan: toyPlan(PLAN), ...REQUEST })).toMatchObject({ ok: false, reason: /journal/ });
  });

  it('outlives its bot, and can be approved in the next life', async () => {
    const toy = start();
    const { id } = await request(toy);
    const next = toy.live();
    expect(next.interrupted).toEqual([]);
    expect(await next.desk.approve(id, APPROVED)).toMatchObject({ ok: true });
    expect((await next.settled(id)).state.kind).toBe('done');
  });
});
