import { describe, expect, it } from 'vitest';
import { APPROVED, approved, request, start } from './toy-run.ts';

describe('a bot that dies', async () => {
  /** How many writes a whole life of one recovery takes. */
  async function countWrites(): Promise<number> {
    const toy = start();
    await approved(toy);
    return toy.journal.writes;
  }

  const writes = await countWrites();
  const points = Array.from({ length: writes }, (_, index) =>
    (['before', 'after'] as const).map((side) => ({ at: index + 1, side })),
  ).flat();

  it('has a point before and after every write', () => {
    // Requested, approved, six intents and results, done.
    expect(points).toHaveLength(2 * 15);
  });

  it.each(points)('$side write $at: is found, does nothing unasked, and is carried to the end', async (point) => {
    const toy = start();
    const dying = new Promise<void>((resolve) => {
      toy.journal.die = {
        ...point,
        dead() {
          toy.world.dead = true;
          toy.desk.stop();
          resolve();
        },
      };
    });
    void approvedOrDead(toy);
    await dying;
    const effects = [...toy.world.effects];
    toy.world.dead = false;
    toy.journal.die = null;
    const next = toy.live();
    for (const { id, place, stops } of next.interrupted) {
      expect(place).toBeNull();
      expect(toy.world.effects).toEqual(effects);
      expect(await next.desk.direct(id, 'resume', 'emil', stops)).toMatchObject({ ok: true });
    }
    const [id = (await request(next)).id] = toy.journal.streams.keys();
    if (next.desk.find(id) === null) return expect((await approved(next)).state.kind).toBe('done');
    if (next.desk.find(id)?.state.kind === 'requested') await next.desk.approve(id, APPROVED);
    expect((await next.settled(id)).state.kind).toBe('done');
    expect(toy.world.effects).toEqual(['on site', 'on bot', 'on a', 'on b', 'off bot', 'off site']);
  });

  async function approvedOrDead(toy: ReturnType<typeof start>): Promise<void> {
    const { id } = await request(toy);
    await toy.desk.approve(id, APPROVED);
  }
});
