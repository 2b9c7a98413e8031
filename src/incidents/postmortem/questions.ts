import { worstWords } from '../measure-incident.ts';
import type { Part } from './part.ts';
import { type Block, moment, prompt } from './pen.ts';

/** Five of them; the first starts from what is known. */
export function writeFiveWhys({ incident, figures: { trigger, events }, pen }: Part): readonly Block[] {
  const known =
    trigger === null
      ? `“${pen.text(incident.title)}”, opened ${moment(incident.openedAt)}`
      : `“${pen.text(worstWords(trigger, events))}” (${pen.text(trigger.database, 63)}, ${moment(trigger.firedAt ?? trigger.since)})`;
  const answers = [
    'why did this happen?',
    'why was that so?',
    'and why was that so?',
    'and why that?',
    'and why had nothing prevented that?',
  ];
  const list = answers.map((question, index) => {
    const lead = index === 0 ? `Known: ${known}. Why?` : 'Why?';
    return `${index + 1}. ${lead}\n\n   ${prompt(question)}`;
  });
  return [list.join('\n\n')];
}

export function writeRootCause(): readonly Block[] {
  return [prompt('what in the system, not in a person, let this happen?')];
}

export function writeLessons(): readonly Block[] {
  return [
    '**What went well**',
    prompt('what worked as it should?'),
    '**What went badly**',
    prompt('what took too long, misled or was missing?'),
    '**Where we were lucky**',
    prompt('what could as well have made it worse?'),
  ];
}
