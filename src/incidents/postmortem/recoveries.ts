import type { RecoveryFigures } from '../measure-recoveries.ts';
import type { StepFact } from '../timeline.ts';
import type { Part } from './part.ts';
import { type Block, cutMiddle, lasting, moment, type Pen, table } from './pen.ts';

const MOST_STEPS = 100;

/** Who wanted each recovery, and who agreed to it. */
export function listApprovals({ figures: { recoveries }, pen }: Part): readonly Block[] {
  if (recoveries.length === 0) return [];
  return [recoveries.map((one) => `- ${nameRecovery(one, pen)}: ${describeApproval(one, pen)}`).join('\n')];
}

/** Every step of each recovery that ran: when, how long, and what it saw. */
export function listSteps({ figures: { recoveries }, pen }: Part): readonly Block[] {
  const ran = recoveries.filter(({ approved, steps }) => approved !== null || steps.length > 0);
  return ran.flatMap((one) => [
    `**${nameRecovery(one, pen)}** ${describeEnd(one, pen)}.`,
    one.steps.length === 0 ? 'No step of it ended.' : tableOfSteps(one.steps, pen),
  ]);
}

function tableOfSteps(steps: readonly StepFact[], pen: Pen): Block {
  const rows = steps.map((step) => rowOf(step, pen));
  return table(
    ['Began', 'Step', 'Outcome', 'Took', 'What it saw'],
    cutMiddle(rows, MOST_STEPS, (left) => [`… ${left} more …`]),
  );
}

export function nameRecovery({ act, database }: RecoveryFigures, pen: Pen): string {
  return pen.text(`${act} on ${database}`);
}

function describeApproval({ requested, approved, over }: RecoveryFigures, pen: Pen): string {
  const asked = requested === null ? '' : `asked for by ${pen.who(requested.by)} at ${moment(requested.at)}; `;
  if (approved === null) {
    if (over === null) return `${asked}nobody had approved it when this was written`;
    return over.by === null ? `${asked}nobody approved it` : `${asked}cancelled by ${pen.who(over.by)}`;
  }
  const after = requested === null ? '' : `, ${lasting(approved.at - requested.at)} later`;
  const who = pen.who(approved.by);
  const how = approved.brokeGlass ? `${who} broke the glass` : `${who} approved it`;
  const inSpite = approved.overrides.map((because) => `, in spite of: “${pen.text(because)}”`).join('');
  const why = approved.brokeGlass ? `: ${pen.text(approved.summary)}` : '';
  return `${asked}${how} at ${moment(approved.at)}${after}${inSpite}${why}`;
}

function describeEnd({ approved, stops, over }: RecoveryFigures, pen: Pen): string {
  const stopped =
    stops === 0 ? '' : stops === 1 ? ', and stopped once on its way' : `, and stopped ${stops} times on its way`;
  const took = approved === null || over === null ? '' : ` after ${lasting(over.at - approved.at)}`;
  if (over === null) return `was not over when this was written${stopped}`;
  if (over.stage === 'done') return `was done${took}, at ${moment(over.at)}${stopped}`;
  return `was ended by ${pen.who(over.by)}${took}, at ${moment(over.at)}${stopped}`;
}

function rowOf({ title, state, saw, startedAt, endedAt }: StepFact, pen: Pen): readonly string[] {
  return [
    startedAt === null ? '' : moment(startedAt),
    pen.text(title, 200),
    state === 'unknown' ? 'outcome unknown' : state,
    startedAt === null || endedAt === null ? '' : lasting(endedAt - startedAt),
    pen.text(saw, 300),
  ];
}
