import { addEvent, foldIncident } from './fold-incident.ts';
import type { Incident } from './incident.ts';
import { CLOSED_KEPT, keepRecent } from './load-incidents.ts';
import type { TimelineEvent } from './timeline.ts';
import type { IncidentWriter } from './write-incidents.ts';

/** The incidents as they are now, and what of it has not been handed to the writer. */
export interface IncidentShelf {
  /** Oldest first. */
  all(): readonly Incident[];
  find(id: string): Incident | null;
  /** Throws when there is none of that name: a defect. */
  get(id: string): Incident;
  begin(id: string, opened: TimelineEvent): void;
  /** Adds to its timeline. */
  add(id: string, event: TimelineEvent): void;
  /** Changes what its timeline does not tell; `quietly`: nobody is told of it by itself. */
  change(id: string, to: (incident: Incident) => Incident, how?: 'quietly'): void;
  /** Each incident that has changed since the last hand-over, as it was then; null for one that has just begun. */
  changed(): readonly (readonly [string, Incident | null])[];
  /** Resolves when it is durable, or the journal is known to be away. */
  handOver(): Promise<void>;
}

export function createIncidentShelf(past: readonly Incident[], writer: IncidentWriter): IncidentShelf {
  let incidents = new Map(past.map((incident) => [incident.id, incident]));
  let fresh = new Map<string, { readonly before: Incident | null; readonly events: TimelineEvent[] }>();

  function get(id: string): Incident {
    const incident = incidents.get(id);
    if (!incident) throw new Error(`no incident ${id} is on the shelf`);
    return incident;
  }

  function touch(id: string): TimelineEvent[] {
    const known = fresh.get(id) ?? { before: incidents.get(id) ?? null, events: [] };
    fresh.set(id, known);
    return known.events;
  }

  return {
    all: () => [...incidents.values()],
    find: (id) => incidents.get(id) ?? null,
    get,
    begin(id, opened) {
      const incident = foldIncident(id, [opened]);
      if (!incident) throw new Error(`an incident begins with ${opened.fact.type}`);
      touch(id).push(opened);
      incidents.set(id, incident);
    },
    add(id, event) {
      touch(id).push(event);
      incidents.set(id, addEvent(get(id), event));
    },
    change(id, to, how) {
      if (how !== 'quietly') touch(id);
      incidents.set(id, to(get(id)));
    },
    changed: () => [...fresh].map(([id, { before }]) => [id, before] as const),
    async handOver() {
      const lots = [...fresh].map(([id, { events }]) => writer.put(get(id), events));
      fresh = new Map();
      if (incidents.size > 2 * CLOSED_KEPT)
        incidents = new Map(keepRecent([...incidents.values()]).map((incident) => [incident.id, incident]));
      await Promise.all(lots);
    },
  };
}
