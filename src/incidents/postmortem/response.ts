import { formatDuration } from '../../model/duration.ts';
import { outcomeOf } from '../describe-event.ts';
import type { Part } from './part.ts';
import { type Block, cutMiddle, moment, prompt, table } from './pen.ts';
import { listApprovals } from './recoveries.ts';

const MOST_ACTS = 100;
const MOST_NOTES = 60;

/** Who took it in hand, what they did, and what they wrote. */
export function writeResponse(part: Part): readonly Block[] {
  return [
    describeCommand(part),
    ...listApprovals(part),
    ...tableOfActs(part),
    ...quoteNotes(part),
    prompt('what was done elsewhere (at a terminal, by whom), and what was tried in vain?'),
  ];
}

function describeCommand({ figures: { acknowledged, ownedFirst, acknowledgeMs }, pen }: Part): Block {
  const before =
    ownedFirst === null || (acknowledged !== null && ownedFirst.at >= acknowledged.at)
      ? null
      : `${pen.who(ownedFirst.member)} had acknowledged what led up to it, at ${moment(ownedFirst.at)}.`;
  if (acknowledged === null) {
    return before === null
      ? 'Nobody acknowledged an alert of it.'
      : `${before} Nobody acknowledged an alert once it was open.`;
  }
  const after = acknowledgeMs === null ? '' : `, ${formatDuration(acknowledgeMs)} after the alert had fired`;
  const first = `${pen.who(acknowledged.member)} acknowledged ${before === null ? 'first' : 'it'}, at ${moment(acknowledged.at)}${after}, and was the commander.`;
  return before === null ? first : `${before} ${first}`;
}

/** Refusals too: who wanted to act, and could not. The steps of recoveries have a table of their own. */
function tableOfActs({ figures: { events, sessions }, pen }: Part): readonly Block[] {
  const acts = events.flatMap(({ at, by, fact }) =>
    fact.type === 'act' && fact.stage !== 'step' ? [{ at, by, ...fact }] : [],
  );
  if (acts.length === 0) return ['Nobody acted through Breakwater.'];
  const rows = cutMiddle<(typeof acts)[number] | number>(acts, MOST_ACTS, (left) => left).map((one) =>
    typeof one === 'number'
      ? [`… ${one} more …`]
      : [
          moment(one.at),
          pen.who(one.by),
          pen.text(`${one.act} on ${one.database}`),
          outcomeOf(one),
          pen.text(one.summary),
        ],
  );
  return [
    'What was done through Breakwater:',
    table(['When', 'Who', 'What', 'Outcome', 'Details'], rows),
    ...(sessions === null
      ? []
      : [`In all: terminated ${sessions.terminated}, spared ${sessions.spared}, failed ${sessions.failed}.`]),
  ];
}

function quoteNotes({ figures: { events }, pen }: Part): readonly Block[] {
  const notes = events.flatMap(({ at, by, fact }) => (fact.type === 'note' ? [{ at, by, text: fact.text }] : []));
  if (notes.length === 0) return [];
  const quotes = cutMiddle<(typeof notes)[number] | number>(notes, MOST_NOTES, (left) => left).map((one) =>
    typeof one === 'number'
      ? `… ${one} more notes …`
      : `${pen.who(one.by)}, ${moment(one.at)}:\n\n${pen.quote(one.text)}`,
  );
  return ['What people noted:', ...quotes];
}
