import { outcomeOf } from '../incidents/describe-event.ts';
import type { ActFact, StepFact, TimelineEvent } from '../incidents/timeline.ts';
import { COLOURS, type Message, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** One act as the audit channel keeps it: who, what, on which database, what became of it. `instead`: why it stands elsewhere. Pure. */
export function renderAct(
  { at, by, fact }: TimelineEvent & { readonly fact: ActFact },
  instead: string | null = null,
): Message {
  const { act, database, summary, confirmation } = fact;
  return {
    embed: {
      title: `${escapeUntrusted(act)} on ${escapeUntrusted(database)}: ${outcomeOf(fact)}`,
      description: [
        escapeUntrusted(summary, 600),
        `${by === null ? 'Breakwater' : `<@${by}>`}, ${timestamp(at, 'f')} (${new Date(at).toISOString()})`,
        ...(instead === null
          ? []
          : [`Told here, as the audit channel takes no messages: ${escapeUntrusted(instead, 200)}`]),
      ].join('\n'),
      colour: colourOf(fact),
      footer: confirmation === null ? 'act' : `act · ${confirmation}`,
    },
  };
}

function colourOf({ stage, step }: ActFact): number {
  return step === undefined ? COLOUR_OF[stage] : COLOUR_OF_STEP[step.state];
}

const COLOUR_OF_STEP = {
  done: COLOURS.calm,
  undone: COLOURS.calm,
  skipped: COLOURS.warning,
  unknown: COLOURS.critical,
  failed: COLOURS.critical,
} as const satisfies Record<StepFact['state'], number>;

const COLOUR_OF: Readonly<Record<ActFact['stage'], number>> = {
  previewed: COLOURS.calm,
  confirmed: COLOURS.warning,
  refused: COLOURS.unknown,
  cancelled: COLOURS.unknown,
  expired: COLOURS.unknown,
  done: COLOURS.resolved,
  interrupted: COLOURS.critical,
  requested: COLOURS.calm,
  approved: COLOURS.warning,
  'broke-glass': COLOURS.critical,
  step: COLOURS.calm,
  stopped: COLOURS.critical,
  directed: COLOURS.calm,
  ended: COLOURS.unknown,
};
