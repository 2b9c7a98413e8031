import { describe, expect, it } from 'vitest';
import { runOf, startRecover } from './recover-start.ts';

const ASKED = { database: 'main', strategy: 'restart', application: undefined } as const;

describe('what is asked for', () => {
  it('waits for another, ten minutes from when the glass may be broken', async () => {
    const { propose, clock } = startRecover();
    const now = clock.now();
    expect(await propose()).toMatchObject({
      state: { kind: 'requested' },
      policy: 'two-person',
      breakGlassAt: now + 120_000,
      until: now + 720_000,
      requestedBy: 'remy',
    });
  });

  it('waits two minutes for a click where one member suffices, and has no glass', async () => {
    const { propose, clock } = startRecover();
    expect(await propose('restart-application')).toMatchObject({
      policy: 'own',
      breakGlassAt: null,
      until: clock.now() + 120_000,
    });
  });

  it('waits ten minutes to be typed where there is no second person, and has no glass', async () => {
    const { propose, clock } = startRecover({ approval: { policy: 'typed', breakGlassAfterMs: 120_000 } });
    expect(await propose()).toMatchObject({ policy: 'typed', breakGlassAt: null, until: clock.now() + 600_000 });
  });

  it('is only shown where not everybody sees it: nobody can approve it', async () => {
    const { recover, desk, journal } = startRecover();
    const shown = await recover.propose(ASKED, 'remy', false);
    expect(shown.kind).toBe('plan');
    expect(desk.open()).toEqual([]);
    expect(journal.streams.size).toBe(0);
    const run = shown.kind === 'plan' ? shown.view.run : null;
    await expect(recover.approve(run?.id ?? '', run?.hash ?? '', 'ada', [])).rejects.toThrow('not known here');
  });

  it('is answered with the reasons and with how it is done by hand where there is no plan', async () => {
    const { recover, now, desk } = startRecover();
    now.composed = { kind: 'refused', reasons: ['the claim is gone'] } as never;
    expect(await recover.propose(ASKED, 'remy', true)).toMatchObject({
      kind: 'refused',
      reasons: ['the claim is gone'],
      manual: [{ title: 'Turn site on' }],
    });
    expect(desk.open()).toEqual([]);
  });

  it('is advised against where all is well and no rung was chosen', async () => {
    const { recover, desk } = startRecover();
    expect((await recover.propose({ ...ASKED, strategy: undefined }, 'remy', true)).kind).toBe('advice');
    expect(desk.open()).toEqual([]);
  });

  it('is left to the preview of kill-stale on rung 1', async () => {
    const { recover, asked } = startRecover();
    const request = { ...ASKED, strategy: 'kill-stale', application: 'site' };
    const answer = await recover.propose(request, 'remy', true);
    expect(answer).toMatchObject({ kind: 'kill-stale', database: 'main', application: 'site' });
    expect(asked).toEqual([]);
  });

  it('of a strategy or database that nobody knows is refused with what was meant', async () => {
    const { recover } = startRecover();
    const meant = recover.propose({ ...ASKED, strategy: 'restrat' }, 'remy', true);
    await expect(meant).rejects.toThrow('Did you mean restart?');
    await expect(recover.propose({ ...ASKED, database: 'mian' }, 'remy', true)).rejects.toThrow('main');
    expect(() => recover.runbook('main', 'reboot')).toThrow('There is no strategy reboot');
  });

  it('is not promised while the journal is away', async () => {
    const { recover, journal, desk } = startRecover();
    journal.answer = 'later';
    await expect(recover.propose(ASKED, 'remy', true)).rejects.toThrow('journal');
    expect(desk.open().filter(({ state }) => state.kind === 'requested')).toEqual([]);
  });
});

describe('while another is at work on the database', () => {
  async function stopped() {
    const made = startRecover();
    const waiting = await made.propose();
    const run = await made.propose();
    made.world.act.set('a', 'refused');
    await made.recover.approve(run.id, run.hash, 'ada', []);
    await made.settled(run.id);
    made.asked.length = 0;
    return { ...made, run, waiting };
  }

  it('none is planned beside it, and it is said where that one stands', async () => {
    const { recover, run, asked, acts } = await stopped();
    recover.standsAt(run.id, { channelId: '123', messageId: '9' });
    await expect(recover.propose(ASKED, 'rosa', true)).rejects.toMatchObject({
      message: expect.stringMatching(/has stopped and waits for a person: one at a time/),
      seenIn: '123',
    });
    expect(asked).toEqual([]);
    expect(acts.at(-1)).toMatchObject({ by: 'rosa', fact: { stage: 'refused', confirmation: run.id } });
  });

  it('it is shown itself where nobody knows of its message', async () => {
    const { recover, run } = await stopped();
    expect(runOf(await recover.propose(ASKED, 'rosa', true)).id).toBe(run.id);
  });

  it('none is begun that was asked for before, also when the other ends while that is decided', async () => {
    const { recover, run, waiting, desk, now, asked, acts } = await stopped();
    now.asking = async () => void (await desk.end(run.id, 'ada', 1));
    const approving = recover.approve(waiting.id, waiting.hash, 'ada', []);
    await expect(approving).rejects.toThrow('one at a time');
    expect(asked).toEqual([]);
    expect(desk.find(waiting.id)?.state.kind).toBe('requested');
    expect(acts.at(-1)).toMatchObject({ by: 'ada', fact: { stage: 'refused', confirmation: waiting.id } });
  });

  it('another database is recovered all the same', async () => {
    const { propose } = await stopped();
    expect((await propose('restart', 'other')).state.kind).toBe('requested');
  });
});

describe('what a person tells a run', () => {
  const DIRECTIONS = [
    ['retry', 'retry'],
    ['resume', 'resume'],
    ['undo', 'undo'],
    ['releaseClients', 'release'],
  ] as const;

  it.each(DIRECTIONS)('%s comes to it under that name, of exactly that stop', async (name, what) => {
    const { recover, propose, world, settled, seen } = startRecover();
    const { id, hash } = await propose();
    world.act.set('a', 'refused');
    await recover.approve(id, hash, 'ada', []);
    await settled(id);
    await expect(recover[name](id, 0, 'rosa')).rejects.toThrow('moved on');
    await recover[name](id, 1, 'rosa');
    const told = seen.flatMap(({ event }) => (event?.type === 'directed' ? [event.data] : []));
    expect(told).toEqual([{ what, by: 'rosa' }]);
  });

  it('a step that may not be left out is not, and one that has stopped may be given up', async () => {
    const { recover, propose, world, settled, desk, acts } = startRecover();
    const { id, hash } = await propose();
    world.act.set('a', 'refused');
    await recover.approve(id, hash, 'ada', []);
    await settled(id);
    await expect(recover.skip(id, 1, 'rosa')).rejects.toThrow('may not be left out');
    expect(acts.at(-1)).toMatchObject({ by: 'rosa', fact: { stage: 'refused', confirmation: id } });
    await expect(recover.abort(id, 'rosa')).rejects.toThrow('moved on');
    await recover.end(id, 1, 'rosa');
    expect(desk.find(id)?.state).toMatchObject({ kind: 'ended', by: 'rosa', undone: false });
    expect(recover.find(id)?.byHand.map(({ title }) => title)).toEqual(['Turn a on', 'Free site']);
    expect(recover.find('ffffffffff')).toBeNull();
  });
});
