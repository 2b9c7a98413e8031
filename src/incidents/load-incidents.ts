import type { Journal } from '../journal/journal.ts';
import type { Log } from '../model/log.ts';
import { foldIncident } from './fold-incident.ts';
import type { Incident } from './incident.ts';
import { INCIDENT_STREAMS, readTimeline } from './incident-log.ts';

/** What the journal remembers: every open incident and the newest closed ones; the names of all. */
export interface PastIncidents {
  readonly incidents: readonly Incident[];
  readonly names: readonly string[];
}

/** Enough to look back upon, in memory for as long as the bot lives. */
export const CLOSED_KEPT = 200;

/**
 * Reads the streams `incidents/…`. What cannot be read is said loudly and gone without: alerts open new ones meanwhile
 * (product.md §7, last bullet).
 */
export async function loadIncidents(journal: Pick<Journal, 'list' | 'read'>, log: Log): Promise<PastIncidents> {
  const listed = await journal.list(INCIDENT_STREAMS);
  if (!listed.ok) {
    log.error({ reason: listed.reason }, 'the journal cannot be read: the incidents of before are not known');
    return { incidents: [], names: [] };
  }
  const incidents: Incident[] = [];
  for (const stream of listed.streams) {
    const id = stream.slice(INCIDENT_STREAMS.length);
    const read = await journal.read(stream);
    const incident = read.ok ? foldIncident(id, readTimeline(read.events)) : null;
    if (incident) incidents.push(incident);
    else log.error({ stream, reason: read.ok ? 'it does not say how it opened' : read.reason }, 'an incident is lost');
  }
  return {
    incidents: keepRecent(incidents),
    names: listed.streams.map((stream) => stream.slice(INCIDENT_STREAMS.length)),
  };
}

/** The open ones and the newest closed ones, oldest first. Pure. */
export function keepRecent(incidents: readonly Incident[]): readonly Incident[] {
  const closed = incidents.filter((incident) => incident.closed !== null).sort(byOpening);
  const dropped = new Set(closed.slice(0, Math.max(0, closed.length - CLOSED_KEPT)));
  return incidents.filter((incident) => !dropped.has(incident)).sort(byOpening);
}

function byOpening(a: Incident, b: Incident): number {
  return a.openedAt - b.openedAt;
}
