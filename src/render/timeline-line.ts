import type { Incident } from '../incidents/incident.ts';
import type { TimelineEvent } from '../incidents/timeline.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** Events of an incident as they are told in its thread, or in the alert channel. Pure. */
export function renderNarration(incident: Incident, events: readonly TimelineEvent[]): Message {
  const lines = events.map(({ at, fact }) => {
    const text = 'text' in fact ? fact.text : 'summary' in fact ? fact.summary : '';
    return `${timestamp(at, 'T')} ${fact.type} ${escapeUntrusted(text, 1_500)}`;
  });
  return {
    embed: { title: `Incident ${incident.id}`, description: lines.join('\n'), colour: COLOURS.unknown },
  };
}
