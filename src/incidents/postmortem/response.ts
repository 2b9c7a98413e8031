import { formatDuration } from '../../model/duration.ts';
import { STAGE_WORDS } from '../describe-event.ts';
import type { Part } from './part.ts';
import { type Block, cutMiddle, moment, prompt, table } from './pen.ts';

const MOST_ACTS = 100;
const MOST_NOTES = 60;

/** Who took it in hand, what they did, and what they wrote. */
export function writeResponse(part: Part): readonly Block[] {
  return [
    describeCommand(part),
    ...tableOfActs(part),
    ...quoteNotes(part),
    prompt('what was done elsewhere (at a terminal, by whom), and what was tried in vain?'),
  ];
}

function describeCommand({ figures: { acknowledged, acknowledgeMs }, pen }: Part): Block {
  if (acknowledged === null) return 'Nobody acknowledged an alert of it.';
  const after = acknowledgeMs === null ? '' : `, ${formatDuration(acknowledgeMs)} after the alert had fired`;
  return `${pen.who(acknowledged.member)} acknowledged first, at ${moment(acknowledged.at)}${after}, and was the commander.`;
}

/** Refusals too: who wanted to act, and could not. */
function tableOfActs({ figures: { events, sessions }, pen }: Part): readonly Block[] {
  const rows = events.flatMap(({ at, by, fact }) =>
    fact.type === 'act'
      ? [
          [
            moment(at),
            pen.who(by),
            pen.text(`${fact.act} on ${fact.database}`),
            STAGE_WORDS[fact.stage],
            pen.text(fact.summary),
          ],
        ]
      : [],
  );
  if (rows.length === 0) return ['Nobody acted through Breakwater.'];
  return [
    'What was done through Breakwater:',
    table(
      ['When', 'Who', 'What', 'Became', 'In numbers'],
      cutMiddle(rows, MOST_ACTS, (left) => [`… ${left} more …`]),
    ),
    ...(sessions === null
      ? []
      : [`In all: terminated ${sessions.terminated}, spared ${sessions.spared}, failed ${sessions.failed}.`]),
  ];
}

function quoteNotes({ figures: { events }, pen }: Part): readonly Block[] {
  const notes = events.flatMap(({ at, by, fact }) =>
    fact.type === 'note' ? [`${pen.who(by)}, ${moment(at)}:\n\n${pen.quote(fact.text)}`] : [],
  );
  return notes.length === 0
    ? []
    : ['What people noted:', ...cutMiddle(notes, MOST_NOTES, (left) => `… ${left} more notes …`)];
}
