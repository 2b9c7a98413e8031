import { setImmediate } from 'node:timers/promises';
import type { OwnFigures } from './metrics-source.ts';

/** What this process costs, and how late its event loop is just now. No timer runs for it between scrapes. */
export async function readProcess(): Promise<Omit<OwnFigures, 'webhooks'>> {
  const begun = process.hrtime.bigint();
  await setImmediate();
  const loopLagMs = Number(process.hrtime.bigint() - begun) / 1e6;
  const { user, system } = process.cpuUsage();
  return {
    node: process.versions.node,
    cpuMs: (user + system) / 1_000,
    residentBytes: process.memoryUsage.rss(),
    loopLagMs,
  };
}
