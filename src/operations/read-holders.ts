import type { HolderReader, Holders } from '../incidents/holders.ts';
import { usableConnections } from '../model/capacity.ts';
import { countSessions } from '../model/session-group.ts';
import { tallyApplications } from '../model/tally.ts';
import type { WatchedDatabase } from './read-status.ts';

/** So many names tell it; the rest hold least. */
const MOST_NAMES = 20;

/**
 * Who holds the connections of a database by its last snapshot, or held them at the highest sample of a time, the first of
 * equals. Null where it is not seen, or nothing of that time is remembered. Its limits are those of now.
 */
export function readHolders(
  { watch, history, applications }: Pick<WatchedDatabase, 'watch' | 'history' | 'applications'>,
  when: Parameters<HolderReader>[1],
): Holders | null {
  const { sessions, server } = watch.latest();
  const capacity = server.ok ? server.value.capacity : null;
  const limits = { usable: capacity && usableConnections(capacity), max: capacity?.max ?? null };
  if (when === 'now') {
    if (!sessions.ok) return null;
    const tallies = tallyApplications(sessions.value, applications);
    return {
      at: sessions.at,
      used: countSessions(sessions.value),
      ...limits,
      applications: largest(tallies.map(({ name, count }) => ({ name, count }))),
    };
  }
  let peak: Holders | null = null;
  for (const { at, counts } of history.window(when.from, when.until)) {
    if (counts === null) continue;
    const used = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (peak !== null && used <= peak.used) continue;
    peak = { at, used, ...limits, applications: largest([...counts].map(([name, count]) => ({ name, count }))) };
  }
  return peak;
}

function largest(holders: Holders['applications']): Holders['applications'] {
  return holders
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_NAMES);
}
