import { describe, expect, it } from 'vitest';
import { composed, runOf, startRecover } from './recover-start.ts';

describe('an approval', () => {
  it('runs what was shown, and asks what its requester may do now', async () => {
    const { recover, propose, settled, world, asked } = startRecover();
    const { id, hash } = await propose();
    asked.length = 0;
    expect(runOf(await recover.approve(id, hash, 'ada', [])).approval).toMatchObject({
      by: 'ada',
      how: 'second-person',
    });
    expect(asked).toEqual(['facts of main', 'level of remy']);
    expect((await settled(id)).state.kind).toBe('done');
    expect(world.effects).toEqual(['on site', 'on a', 'off site']);
  });

  it('of one’s own asks nobody: the roles came with the click', async () => {
    const { recover, propose, asked } = startRecover();
    const { id, hash } = await propose('restart-application');
    asked.length = 0;
    await recover.approve(id, hash, 'remy', []);
    expect(asked).toEqual(['facts of main']);
  });

  it('by breaking the glass keeps the reason, and the name that was typed', async () => {
    const { recover, propose, clock } = startRecover();
    const { id, hash } = await propose();
    await expect(recover.breakGlass(id, hash, 'remy', ['main'], 'nobody answers')).rejects.toThrow('can be broken in');
    await clock.sleep(120_000);
    await expect(recover.breakGlass(id, hash, 'remy', [], 'nobody answers')).rejects.toThrow('was not typed');
    expect(runOf(await recover.breakGlass(id, hash, 'remy', ['main'], 'nobody answers')).approval).toMatchObject({
      how: 'broke-glass',
      reason: 'nobody answers',
    });
  });

  it('is refused before the world is asked where it can be, and stands in the timeline', async () => {
    const { recover, propose, asked, acts } = startRecover();
    const { id, hash } = await propose();
    asked.length = 0;
    await expect(recover.approve(id, hash, 'remy', [])).rejects.toThrow('somebody else');
    await expect(recover.approve(id, 'ffffffffffffffff', 'ada', [])).rejects.toThrow('not what was shown');
    await expect(recover.approve('ffffffffff', hash, 'ada', [])).rejects.toThrow('not known here');
    expect(asked).toEqual([]);
    const refused = { stage: 'refused', confirmation: id, act: 'restart', database: 'main' };
    expect(acts).toMatchObject([
      { by: 'remy', fact: refused },
      { by: 'ada', fact: refused },
      { by: 'ada', fact: { stage: 'refused', confirmation: 'ffffffffff', act: 'recover' } },
    ]);
  });

  it('is refused where its requester has lost the level, or nobody can tell', async () => {
    const { recover, propose, now, world } = startRecover();
    const { id, hash } = await propose();
    now.level = { ok: true, level: 'respond' };
    await expect(recover.approve(id, hash, 'ada', [])).rejects.toThrow('any more');
    now.level = { ok: false, reason: 'Discord answers 503' };
    await expect(recover.approve(id, hash, 'ada', [])).rejects.toThrow('Discord answers 503');
    expect(world.effects).toEqual([]);
  });

  it('that comes to be too late while the world is asked is refused', async () => {
    const { recover, propose, now, clock, desk } = startRecover();
    const { id, hash } = await propose();
    now.asking = () => clock.sleep(720_000);
    await expect(recover.approve(id, hash, 'ada', [])).rejects.toThrow('expired');
    expect(desk.find(id)?.approval).toBeNull();
  });

  it.each(['reading', 'asking'] as const)(
    'is given once to two at once, the second of whom is told who was first: %s',
    async (when) => {
      const { recover, propose, settled, now, world } = startRecover();
      const { id, hash } = await propose();
      const both = Promise.withResolvers<void>();
      let waiting = 0;
      now[when] = () => {
        waiting += 1;
        if (waiting === 2) both.resolve();
        return both.promise;
      };
      const clicks = (['ada', 'rosa'] as const).map((by) => recover.approve(id, hash, by, []));
      const [first, second] = await Promise.allSettled(clicks);
      expect(first?.status).toBe('fulfilled');
      expect(second).toMatchObject({ status: 'rejected', reason: { doneBy: 'ada' } });
      await settled(id);
      expect(world.effects).toEqual(['on site', 'on a', 'off site']);
    },
  );

  it('of what somebody has cancelled is refused, and it is said who did', async () => {
    const { recover, propose } = startRecover();
    const { id, hash } = await propose();
    await expect(recover.cancel(id, 'ffffffffffffffff', 'rosa')).rejects.toThrow('not what was shown');
    await recover.cancel(id, hash, 'rosa');
    await expect(recover.approve(id, hash, 'ada', [])).rejects.toMatchObject({ doneBy: 'rosa' });
    await expect(recover.cancel(id, hash, 'ada')).rejects.toMatchObject({ doneBy: 'rosa' });
  });
});

describe('a plan that has changed since it was shown', () => {
  it('does not run: the new one is shown, and waits for an approval of its own', async () => {
    const { recover, propose, now, world, desk } = startRecover();
    const { id, hash } = await propose();
    now.composed = composed(['switch:a']);
    const answer = await recover.approve(id, hash, 'ada', []);
    const next = runOf(answer);
    expect(answer).toMatchObject({ because: expect.stringContaining('has changed') });
    expect(next).toMatchObject({ state: { kind: 'requested' }, requestedBy: 'remy', approval: null });
    expect(desk.find(id)?.state).toMatchObject({ kind: 'superseded', next: next.id });
    await expect(recover.approve(id, hash, 'rosa', [])).rejects.toThrow('look at the new plan');
    await expect(recover.approve(next.id, hash, 'rosa', [])).rejects.toThrow('not what was shown');
    expect(world.effects).toEqual([]);
  });

  it('that cannot be made any more does not run', async () => {
    const { recover, propose, now, desk } = startRecover();
    const { id, hash } = await propose();
    now.composed = { kind: 'refused', reasons: ['the claim is gone'] } as never;
    expect(await recover.approve(id, hash, 'ada', [])).toMatchObject({
      kind: 'run',
      view: { run: { state: { kind: 'superseded', next: null, reasons: ['the claim is gone'] } } },
    });
    expect(desk.find(id)?.state.kind).toBe('superseded');
    now.composed = composed(['hold:site', 'switch:a', 'free:site']);
    await expect(recover.approve(id, hash, 'ada', [])).rejects.toThrow('has changed');
  });

  it('in what moves by itself runs as it was shown', async () => {
    const { recover, propose, now, settled } = startRecover();
    now.composed = composed(['switch:a'], '3 sessions');
    const { id, hash } = await propose();
    now.composed = composed(['switch:a'], '4 sessions');
    await recover.approve(id, hash, 'ada', []);
    expect((await settled(id)).plan.steps[0]?.shown).toBe('3 sessions');
  });

  it('for two who approve it at once leaves one new one waiting', async () => {
    const { recover, propose, now, desk } = startRecover();
    const { id, hash } = await propose();
    now.composed = composed(['switch:a']);
    const clicks = await Promise.allSettled(['ada', 'rosa'].map((by) => recover.approve(id, hash, by, [])));
    expect(clicks.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(desk.open().filter(({ state }) => state.kind === 'requested')).toHaveLength(1);
  });

  it.each(['while the world is asked', 'while the new one is written down'])(
    'and was cancelled %s leaves none waiting',
    async (when) => {
      const { recover, propose, now, desk, journal } = startRecover();
      const { id, hash } = await propose();
      now.composed = composed(['switch:a']);
      const write = journal.write.bind(journal);
      const cancel = async () => void (await desk.cancel(id, 'rosa'));
      if (when === 'while the world is asked') now.reading = cancel;
      else
        journal.write = async (run, events) => {
          if (events[0]?.type === 'requested') await cancel();
          return write(run, events);
        };
      await expect(recover.approve(id, hash, 'ada', [])).rejects.toMatchObject({ doneBy: 'rosa' });
      expect(desk.open().filter(({ state }) => state.kind === 'requested')).toEqual([]);
      expect(journal.streams.size).toBe(when === 'while the world is asked' ? 1 : 2);
    },
  );
});
