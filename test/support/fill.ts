import { expect } from 'vitest';
import type { Player } from '../../sandbox/players/create-player.ts';

/** Opens sessions until the player has `n`: clients that are just leaving, refused ones too, hold their slots a moment longer. */
export async function fill(player: Player, n: number): Promise<void> {
  const openTheRest = async () => {
    await player.open(n - player.count());
    return player.count();
  };
  await expect.poll(openTheRest, { timeout: 10_000 }).toBe(n);
}
