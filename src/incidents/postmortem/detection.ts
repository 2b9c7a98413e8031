import { firstWords } from '../measure-incident.ts';
import type { Part } from './part.ts';
import { type Block, lasting, moment, prompt } from './pen.ts';

/** How it was noticed, and how soon. */
export function writeDetection({ incident, figures: { trigger, detectMs, events }, pen }: Part): readonly Block[] {
  const question = prompt('did people notice it before the alert did, and how?');
  const opened =
    incident.openedBy !== null && `${pen.who(incident.openedBy)} opened the incident at ${moment(incident.openedAt)}.`;
  if (trigger === null || trigger.firedAt === null) {
    return [opened || 'The timeline does not know how it was noticed.', 'No alert fired.', question];
  }
  const { headline, evidence } = firstWords(trigger, events);
  const facts = [
    ...(opened ? [`- ${opened}`] : []),
    `- Alert: ${pen.text(trigger.key)} (${trigger.severity}), for ${pen.text(trigger.database, 63)}`,
    `- It said: ${pen.text(headline)}`,
    ...(evidence === '' ? [] : [`- And: ${pen.text(evidence, 600)}`]),
    `- Condition first seen: ${moment(trigger.since)}`,
    `- Fired: ${moment(trigger.firedAt)}`,
    `- Time to detect: ${lasting(detectMs)}, as Breakwater saw it; what began unseen is not in it`,
  ];
  return [facts.join('\n'), question];
}
