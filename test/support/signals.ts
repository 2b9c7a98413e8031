import { expect } from 'vitest';
import type { DatabaseSource } from '../../src/model/database-source.ts';
import type { ServerSignals } from '../../src/model/server-signals.ts';

/** The signals; fails with the reason when there are none. */
export async function readSignals(source: DatabaseSource): Promise<ServerSignals> {
  const observed = await source.readSignals();
  if (!observed.ok) throw new Error(observed.reason);
  return observed.value;
}

/** Reads until a part of the signals matches. */
export async function expectSignal(
  source: DatabaseSource,
  pick: (signals: ServerSignals) => unknown,
  wanted: object,
): Promise<void> {
  await expect.poll(async () => pick(await readSignals(source)), { timeout: 15_000 }).toMatchObject(wanted);
}
