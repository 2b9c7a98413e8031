import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/recovery/run-events.ts';
import { createToyDesk } from '../support/toy-recovery.ts';
import { APPROVED, approved, REQUEST, request, start } from './toy-run.ts';

type Toy = ReturnType<typeof start>;

/** From now on an event of this type is not written down so, and every other is. */
function answer(toy: Toy, type: RunEvent['type'], how: 'later' | 'fenced'): void {
  const write = toy.journal.write.bind(toy.journal);
  toy.journal.write = async (id, events) => (await write(id, events), events[0]?.type === type ? how : 'durable');
}

async function stopped(): Promise<Toy & { readonly id: string }> {
  const toy = start();
  toy.world.act.set('a', 'refused');
  const { id } = await approved(toy);
  toy.world.act.clear();
  return { ...toy, id };
}

describe.each([
  ['later', /journal does not answer/],
  ['fenced', /Another Breakwater has taken over/],
] as const)('what is not durable is not acted on: %s', (how, reason) => {
  it('a result: the run stops there', async () => {
    const toy = start();
    answer(toy, 'result', how);
    const run = await approved(toy);
    expect(run.state).toMatchObject({ kind: 'stopped', why: { kind: 'journal' } });
    expect(toy.world.effects).toEqual(['on site']);
  });

  it('an approval: it waits for a person, who reads why', async () => {
    const toy = start();
    const { id } = await request(toy);
    answer(toy, 'approved', how);
    expect(await toy.desk.approve(id, APPROVED)).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
    const state = { kind: 'stopped', why: { kind: 'journal', reason: expect.stringMatching(reason) } };
    expect(toy.desk.find(id)?.state).toMatchObject(state);
    expect(toy.world.effects).toEqual([]);
  });

  it('a direction: it stops again', async () => {
    const toy = await stopped();
    const effects = [...toy.world.effects];
    answer(toy, 'directed', how);
    const taken = await toy.desk.direct(toy.id, 'retry', 'rosa', 1);
    expect(taken).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
    expect(toy.desk.find(toy.id)).toMatchObject({ stops: 2, state: { kind: 'stopped', why: { kind: 'journal' } } });
    expect(toy.world.effects).toEqual(effects);
  });
});

it('a cancelling, or a giving up, that another bot has taken over is not said to be done', async () => {
  const toy = await stopped();
  const { id } = await request(toy);
  toy.journal.answer = 'fenced';
  expect(await toy.desk.cancel(id, 'rosa')).toMatchObject({ ok: false });
  expect(await toy.desk.end(toy.id, 'rosa', 1)).toMatchObject({ ok: false });
});

describe('a bot that is told to end', () => {
  it('writes nothing more, and says that another has taken over', async () => {
    const toy = await stopped();
    const writes = toy.journal.writes;
    toy.desk.stop();
    expect(await toy.desk.direct(toy.id, 'retry', 'rosa', 1)).toMatchObject({ ok: false, reason: /taken over/ });
    expect(toy.journal.writes).toBe(writes);
  });

  it('shows nothing more of a step that it carried out last', async () => {
    const toy = start();
    const { id } = await request(toy);
    toy.world.looked = () => toy.desk.stop();
    await toy.desk.approve(id, APPROVED);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(toy.seen.at(-1)?.event?.type).not.toBe('result');
    expect(toy.seen.some(({ event }) => event?.type === 'result')).toBe(false);
  });
});

it('a run that is under way is not given up, whichever stop is named', async () => {
  const toy = start();
  const { id } = await request(toy);
  const ending = Promise.withResolvers<unknown>();
  toy.world.looked = () => ending.resolve(toy.desk.end(id, 'rosa', 0));
  await toy.desk.approve(id, APPROVED);
  expect(await ending.promise).toMatchObject({ ok: false, reason: /moved on/ });
  expect((await toy.settled(id)).state.kind).toBe('done');
});

it('a run is told as over only when it is', async () => {
  const toy = await stopped();
  toy.desk.told(toy.id);
  expect(toy.desk.find(toy.id)?.told).toBe(false);
});

it('only a request expires, and only when its time is over', async () => {
  const toy = await stopped();
  const { id } = await request(toy);
  const writes = toy.journal.writes;
  toy.desk.expireDue(REQUEST.until - 1);
  expect(toy.journal.writes).toBe(writes);
  toy.desk.expireDue(REQUEST.until);
  expect(toy.desk.find(id)?.state.kind).toBe('expired');
  expect(toy.journal.writes).toBe(writes + 1);
});

it('two requests never share an id', async () => {
  const { world, journal, clock } = start();
  const ids = ['aaaaaaaaaa', 'aaaaaaaaaa', 'bbbbbbbbbb'];
  const desk = createToyDesk({ world, journal, clock, newId: () => ids.shift() ?? '' });
  expect([(await request(desk)).id, (await request(desk)).id]).toEqual(['aaaaaaaaaa', 'bbbbbbbbbb']);
});
