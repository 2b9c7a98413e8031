import { actorOf, describeEvent } from '../incidents/describe-event.ts';
import type { Incident } from '../incidents/incident.ts';
import type { TimelineEvent } from '../incidents/timeline.ts';
import { joinLines } from './join-lines.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted, plainUntrusted, proseUntrusted } from './untrusted.ts';

const LONGEST = 300;
/** A note is told whole (1,500 characters at most), with the words before it. */
const LONGEST_NOTE = 1_600;

/** One entry of a timeline: when, who, what; the post-mortem says it in the same words. Pings nobody inside an embed. */
export function renderTimelineLine(event: TimelineEvent, maxLength = LONGEST): string {
  const actor = actorOf(event);
  const who = actor === null ? '' : `${mention(actor)} `;
  // What a person wrote stands as it was written.
  const show = event.fact.type === 'note' ? escapeUntrusted : proseUntrusted;
  return `${timestamp(event.at, 'T')} ${who}${show(describeEvent(event), maxLength)}`;
}

/** A member as Discord shows one; what is no id is shown as it is. */
export function mention(memberId: string): string {
  return /^\d{1,20}$/.test(memberId) ? `<@${memberId}>` : escapeUntrusted(memberId, 40);
}

/**
 * What happened lately, for the incident's thread: one message for several entries, in the order of time. `mark` is the
 * letter's id, which its message is found by; not the incident's own, which finds the summary. Pure.
 */
export function renderNarration(incident: Incident, events: readonly TimelineEvent[], mark?: string): Message {
  // What led up to it is written down after its opening; people read by the clock.
  const lines = events
    .toSorted((a, b) => a.at - b.at)
    .map((event) => renderTimelineLine(event, event.fact.type === 'note' ? LONGEST_NOTE : LONGEST));
  return {
    embed: {
      title: events.length === 1 ? 'Timeline' : `Timeline: ${events.length} entries`,
      description: joinLines(lines.length === 1 ? lines : lines.map((line) => `- ${line}`), 3_800),
      colour: chooseColour(events),
      footer: mark === undefined ? plainUntrusted(`timeline of ${incident.id}`) : `timeline · ${plainUntrusted(mark)}`,
    },
  };
}

/** Of the worst news in it. */
function chooseColour(events: readonly TimelineEvent[]): number {
  const alerts = events.flatMap(({ fact }) => (fact.type === 'alert' ? [fact] : []));
  const bad = alerts.filter(({ became }) => became !== 'resolved' && became !== 'acknowledged');
  const acts = events.flatMap(({ fact }) => (fact.type === 'act' ? [fact] : []));
  const stopped = acts.some(({ stage }) => stage === 'stopped' || stage === 'broke-glass');
  if (stopped || bad.some(({ severity }) => severity === 'critical')) return COLOURS.critical;
  if (bad.length > 0) return COLOURS.warning;
  return alerts.some(({ became }) => became === 'resolved') ? COLOURS.resolved : COLOURS.calm;
}
