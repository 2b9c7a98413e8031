import type { Incident } from '../incidents/incident.ts';
import { COLOURS, type Message } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** The pinned summary of an incident. Pure. */
export function renderIncidentSummary(incident: Incident, _now: number): Message {
  const { id, title, closed } = incident;
  return {
    embed: {
      title: `${closed ? 'closed' : 'open'}: ${escapeUntrusted(title, 200)}`,
      colour: closed ? COLOURS.resolved : COLOURS.critical,
      footer: `incident · ${id}`,
    },
  };
}
