import { describe, expect, it } from 'vitest';
import { toyPlan } from '../support/toy-recovery.ts';
import { approved, start, statesOf } from './toy-run.ts';

describe('a run that has stopped', () => {
  async function stopAt(name: string) {
    const toy = start();
    toy.world.act.set(name, 'refused');
    const run = await approved(toy);
    return { ...toy, run };
  }

  it('goes on from the step that failed', async () => {
    const toy = await stopAt('a');
    toy.world.act.clear();
    await toy.desk.direct(toy.run.id, 'retry', 'rosa', 1);
    expect((await toy.settled(toy.run.id)).state.kind).toBe('done');
    expect(toy.world.effects).toEqual(['on site', 'on bot', 'on a', 'on b', 'off bot', 'off site']);
  });

  it('leaves out a step that may be, and no other', async () => {
    const toy = await stopAt('b');
    expect(await toy.desk.direct(toy.run.id, 'skip', 'rosa', 1)).toMatchObject({ ok: true });
    const run = await toy.settled(toy.run.id);
    expect(run.state.kind).toBe('done');
    expect(statesOf(run)[3]).toBe('skipped');
    const other = await stopAt('a');
    expect(await other.desk.direct(other.run.id, 'skip', 'rosa', 1)).toMatchObject({ ok: false, reason: /left out/ });
  });

  it('lets clients in first, in their order, and may go on after that', async () => {
    const toy = await stopAt('a');
    await toy.desk.direct(toy.run.id, 'release', 'rosa', 1);
    const released = await toy.settled(toy.run.id);
    expect(released.state).toMatchObject({ kind: 'stopped', why: { kind: 'released', by: 'rosa' } });
    expect(toy.world.effects).toEqual(['on site', 'on bot', 'off bot', 'off site']);
    toy.world.act.clear();
    await toy.desk.direct(toy.run.id, 'retry', 'rosa', 2);
    expect((await toy.settled(toy.run.id)).state.kind).toBe('done');
    expect(toy.world.effects.slice(4)).toEqual(['on a', 'on b']);
  });

  it('lets everybody in that can be, and says of whom it could not', async () => {
    const toy = await stopAt('a');
    toy.world.undo.set('bot', { kind: 'refused', reason: 'forbidden' });
    await toy.desk.direct(toy.run.id, 'release', 'rosa', 1);
    const run = await toy.settled(toy.run.id);
    expect(run.state).toMatchObject({
      kind: 'stopped',
      why: { kind: 'failed', step: 'hold:bot', reason: 'forbidden' },
    });
    expect(toy.world.effects).toEqual(['on site', 'on bot', 'off site']);
    toy.world.undo.clear();
    await toy.desk.direct(toy.run.id, 'retry', 'rosa', 2);
    expect((await toy.settled(toy.run.id)).state).toMatchObject({ why: { kind: 'released' } });
    expect(toy.world.effects).toEqual(['on site', 'on bot', 'off site', 'off bot']);
  });

  it.each(['release', 'undo'] as const)('goes on with its plan where its %s can never be finished', async (what) => {
    const toy = await stopAt('a');
    toy.world.undo.set('bot', { kind: 'refused', reason: 'it is gone' });
    await toy.desk.direct(toy.run.id, what, 'rosa', 1);
    const stuck = await toy.settled(toy.run.id);
    expect(stuck).toMatchObject({ mode: what, state: { why: { kind: 'failed', step: 'hold:bot' } } });
    // It was not taken back, and it is not known to hold any more.
    expect(statesOf(stuck)[1]).toBe('unknown');
    toy.world.act.clear();
    await toy.desk.direct(toy.run.id, 'resume', 'rosa', 2);
    expect((await toy.settled(toy.run.id)).state.kind).toBe('done');
    expect(toy.world.effects).toContain('on a');
  });

  it('does again what was taken back, and looks again at all that came after it, when it goes on', async () => {
    const toy = start();
    toy.world.act.set('c', 'refused');
    const run = await approved(toy, toyPlan(['hold:site', 'switch:a', 'switch:c']));
    toy.world.undo.set('site', { kind: 'refused', reason: 'it is gone' });
    await toy.desk.direct(run.id, 'undo', 'rosa', 1);
    expect(statesOf(await toy.settled(run.id))).toEqual(['unknown', 'undone', 'undone']);
    toy.world.act.clear();
    await toy.desk.direct(run.id, 'resume', 'rosa', 2);
    const gone = await toy.settled(run.id);
    expect(gone.state.kind).toBe('done');
    expect(statesOf(gone)).toEqual(['done', 'done', 'done']);
    expect(toy.world.effects).toEqual(['on site', 'on a', 'off a', 'on a', 'on c']);
  });

  it('takes back what it did, the newest first, and is over', async () => {
    const toy = await stopAt('b');
    await toy.desk.direct(toy.run.id, 'undo', 'rosa', 1);
    expect((await toy.settled(toy.run.id)).state).toMatchObject({ kind: 'ended', undone: true, by: 'rosa' });
    expect(toy.world.effects).toEqual(['on site', 'on bot', 'on a', 'off a', 'off bot', 'off site']);
  });

  it('does not take back what its plan has taken back', async () => {
    const toy = start();
    toy.world.verify.set('site', { kind: 'holds', saw: 'it is so' });
    toy.world.act.set('z', 'refused');
    const run = await approved(toy, toyPlan(['hold:site', 'free:site', 'switch:z']));
    await toy.desk.direct(run.id, 'undo', 'rosa', 1);
    await toy.settled(run.id);
    expect(toy.world.effects).toEqual(['on site', 'off site']);
  });

  it('hears no button of an earlier stop, nor one that was clicked twice', async () => {
    const toy = await stopAt('a');
    expect(await toy.desk.direct(toy.run.id, 'retry', 'rosa', 0)).toMatchObject({ ok: false });
    const twice = [toy.desk.direct(toy.run.id, 'retry', 'rosa', 1), toy.desk.direct(toy.run.id, 'retry', 'emil', 1)];
    expect((await Promise.all(twice)).map(({ ok }) => ok)).toEqual([true, false]);
    expect((await toy.settled(toy.run.id)).stops).toBe(2);
    expect(await toy.desk.end(toy.run.id, 'rosa', 1)).toMatchObject({ ok: false });
  });

  it('is given up by a person, and then another may run', async () => {
    const toy = await stopAt('a');
    expect(await toy.desk.end(toy.run.id, 'rosa', 1)).toMatchObject({ ok: true });
    toy.world.act.clear();
    expect((await approved(toy, toyPlan(['switch:a']))).state.kind).toBe('done');
  });
});
