import { formatDuration } from '../../model/duration.ts';
import { describeEvent } from '../describe-event.ts';
import type { ActFact } from '../timeline.ts';
import type { Part } from './part.ts';
import { type Block, moment, prompt } from './pen.ts';
import { listSteps } from './recoveries.ts';

/** When it was over, and what had come before that; what ended it is for people to say. */
export function writeRecovery(part: Part): readonly Block[] {
  const { incident, figures, pen } = part;
  const { calmSince, closed } = incident;
  const { events, recoverMs } = figures;
  // An alert may be over before the act that ended it is told to be done: what counts is when it began.
  const begun = new Map(
    events.flatMap(({ at, fact }) => (fact.type === 'act' && BEGINS.has(fact.stage) ? [[fact.confirmation, at]] : [])),
  );
  const lastAct = events.findLast(
    ({ at, fact }) =>
      fact.type === 'act' &&
      fact.stage === 'done' &&
      (begun.get(fact.confirmation) ?? at) <= (calmSince ?? Number.POSITIVE_INFINITY),
  );
  const reopened = events.flatMap(({ at, fact }) =>
    fact.type === 'reopened' ? [`- It came back at ${moment(at)}: ${pen.text(fact.cause)}`] : [],
  );
  const facts = [
    ...(lastAct === undefined
      ? []
      : [
          `- The last act that was begun before that: ${moment(lastAct.at)}, ${pen.who(lastAct.by)} ${pen.text(describeEvent(lastAct))}`,
        ]),
    ...reopened.slice(-MOST_RETURNS),
    closed === null ? '- Not closed yet' : `- Closed: ${moment(closed.at)}, by ${pen.who(closed.by)}`,
  ];
  return [
    describeCalm(incident, recoverMs),
    facts.join('\n'),
    ...listSteps(part),
    prompt(
      'what ended it, and how was it known that everything was well again (every workload, not only the database)?',
    ),
  ];
}

const MOST_RETURNS = 10;
const BEGINS: ReadonlySet<ActFact['stage']> = new Set(['confirmed', 'approved', 'broke-glass']);

function describeCalm({ calmSince, alerts }: Part['incident'], recoverMs: number | null): Block {
  const firing = alerts.filter(({ resolvedAt }) => resolvedAt === null).length;
  if (calmSince !== null) {
    const after = recoverMs === null ? '' : `, ${formatDuration(recoverMs)} after the alert that it began with`;
    return firing === 0
      ? `Its alerts were all resolved, the last critical one at ${moment(calmSince)}${after}.`
      : `Its last critical alert was resolved at ${moment(calmSince)}${after}; ${firing === 1 ? 'one warning' : `${firing} warnings`} of it still fired when this was written.`;
  }
  if (firing > 0)
    return `It was not over when this was written: ${firing === 1 ? 'one alert' : `${firing} alerts`} of it still fired.`;
  return 'When it was over the timeline does not say: no alert belongs to it.';
}
