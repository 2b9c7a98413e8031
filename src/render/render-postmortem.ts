import type { Incident } from '../incidents/incident.ts';
import { writePostmortem } from '../incidents/postmortem.ts';
import type { Message } from './message.ts';
import { renderPostmortemMessage } from './postmortem-message.ts';

/** `/incident postmortem`: written from the timeline as it is, `now` in epoch milliseconds. Pure. */
export function renderPostmortem(incident: Incident, now: number): Message {
  return renderPostmortemMessage(incident, writePostmortem(incident, { now, nameOf: () => null }), []);
}
