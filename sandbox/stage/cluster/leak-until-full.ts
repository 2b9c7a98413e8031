import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from '../set-stage.ts';

const LOOK_EVERY_MS = 50;

/**
 * The pods of an application open sessions, never use them and never close them, until nobody else gets in; only their end
 * frees them. Resolves when the server has turned one of them away.
 */
export async function leakUntilFull(
  { cluster, observer }: Pick<Stage, 'cluster' | 'observer'>,
  application: string,
  { perSecond, slots }: { readonly perSecond: number; readonly slots: number },
): Promise<void> {
  const players = cluster?.pods(application) ?? [];
  if (players.length === 0) throw new Error(`${application} has no pod that could leak`);
  const full = new AbortController();
  const refusedBefore = players.map((player) => player.refused());
  const each = perSecond / players.length;
  const leaks = players.map((player) => player.leak(slots, each, full.signal));
  while (!players.some((player, index) => player.refused() > (refusedBefore[index] ?? 0))) {
    if ((await observer.count()) > slots) break;
    await delay(LOOK_EVERY_MS);
  }
  full.abort();
  await Promise.all(leaks);
}
