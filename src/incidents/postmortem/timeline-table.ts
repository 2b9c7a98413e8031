import { actorOf, alertOf, describeEvent } from '../describe-event.ts';
import type { TimelineEvent } from '../timeline.ts';
import type { Part } from './part.ts';
import { type Block, cutMiddle, moment, type Pen, table } from './pen.ts';

/** A file that people still open: a few hundred lines, some hundred kilobytes. */
const MOST_ROWS = 500;
const LONGEST = 400;

/** Everything that was written down, in the order of time; of what is too long the middle is left out, and counted. */
export function writeTimeline({ figures: { events }, pen }: Part): readonly Block[] {
  if (events.length === 0) return ['The timeline is empty.'];
  const rows = cutMiddle<(typeof events)[number] | number>(events, MOST_ROWS, (left) => left).map((event) =>
    typeof event === 'number'
      ? ['…', '', `${event} more events, left out here; the journal keeps them all`]
      : [
          moment(event.at),
          pen.who(actorOf(event)),
          `${pen.text(describeEvent(event), LONGEST)}${nameAlert(event, pen)}`,
        ],
  );
  return [table(['When', 'Who', 'What'], rows)];
}

function nameAlert(event: TimelineEvent, pen: Pen): string {
  const key = alertOf(event);
  return key === null ? '' : ` (${pen.text(key, 150)})`;
}
