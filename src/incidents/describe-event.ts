import type { ActFact, AlertFact, TimelineEvent, TimelineFact } from './timeline.ts';

/**
 * What happened, in one line that follows the name of who did it: the same words in Discord and in the post-mortem.
 * Plain, hostile text; its renderers escape it.
 */
export function describeEvent({ by, fact }: TimelineEvent): string {
  switch (fact.type) {
    case 'opened':
      return by === null ? `incident opened: ${fact.title}` : `opened the incident: ${fact.title}`;
    case 'alert':
      return `${describeTurn(fact)}: ${fact.headline}`;
    case 'commander':
      return 'took command';
    case 'note':
      return `noted: ${fact.text}`;
    case 'holders':
      return describeHolding(fact);
    case 'act':
      return `${describeStage(fact, by)}: ${fact.summary}`;
    case 'thread':
      return fact.refused === null ? 'thread opened' : `no thread: ${fact.refused}`;
    case 'pin':
      return fact.refused === null ? 'summary pinned' : `summary not pinned: ${fact.refused}`;
    case 'closed':
      return `closed the incident: severity ${fact.severity}${fact.impact === '' ? '' : `, impact: ${fact.impact}`}`;
    case 'reopened':
      return by === null ? `incident reopened: ${fact.cause}` : `reopened the incident: ${fact.cause}`;
  }
}

/** Which alert it was, as its message's footer says; null where the event is none of an alert's. */
export function alertOf({ fact }: TimelineEvent): string | null {
  return fact.type === 'alert' ? fact.key : null;
}

/** The member an event is told of; null for Breakwater itself. */
export function actorOf({ by, fact }: TimelineEvent): string | null {
  return fact.type === 'commander' ? fact.member : by;
}

function describeTurn({ became, severity }: AlertFact): string {
  switch (became) {
    case 'fired':
      return `${severity} alert fired`;
    case 'posted-again':
      return `${severity} alert still fires, posted again`;
    case 'worse':
      return `alert got worse, ${severity} now`;
    case 'joined':
      return `${severity} alert joined`;
    case 'resolved':
      return 'alert resolved';
    case 'acknowledged':
      return 'acknowledged';
    case 'handed-back':
      return 'handed back';
  }
}

export type HoldersFact = Extract<TimelineFact, { readonly type: 'holders' }>;

/** When the connections were counted, as in `91 connections in use at the peak`. */
export const MOMENT_WORDS: Readonly<Record<HoldersFact['moment'], string>> = {
  opened: 'when this opened',
  peak: 'at the peak',
  before: 'before the act',
  after: 'after the act',
};

const HOLDERS_SHOWN = 4;

function describeHolding(fact: HoldersFact): string {
  const { database, moment, applications } = fact;
  const shown = applications.slice(0, HOLDERS_SHOWN).map(({ name, count }) => `${name} ${count}`);
  const left = applications.length - shown.length;
  const holders =
    shown.length === 0
      ? ''
      : `, held by ${shown.join(', ')}${left > 0 ? ` and ${left === 1 ? 'one other' : `${left} others`}` : ''}`;
  return `${database}: ${describeUse(fact)} in use ${MOMENT_WORDS[moment]}${holders}`;
}

/** `91 of 100 connections`, with the usable ones where they are known. */
export function describeUse({ used, usable, max }: Pick<HoldersFact, 'used' | 'usable' | 'max'>): string {
  const total = max === null ? `${used} connections` : `${used} of ${max} connections`;
  return usable === null ? total : `${total} (${usable} usable)`;
}

function describeStage({ act, database, stage }: ActFact, by: string | null): string {
  const what = `${act} on ${database}`;
  // Its summary says which, and how it went.
  if (stage === 'step') return what;
  if (by === null) return `${what} ${STAGE_WORDS[stage]}`;
  switch (stage) {
    case 'previewed':
    case 'confirmed':
    case 'cancelled':
      return `${stage} ${what}`;
    case 'refused':
      return `was refused ${what}`;
    case 'expired':
      return `let ${what} expire`;
    case 'done':
      return `carried out ${what}`;
    case 'interrupted':
      return `began ${what}, which was interrupted`;
    case 'requested':
      return `asked for ${what}`;
    case 'approved':
    case 'stopped':
    case 'ended':
      return `${stage} ${what}`;
    case 'broke-glass':
      return `broke the glass for ${what}`;
    case 'directed':
      return `chose for ${what}`;
  }
}

/** What became of an act, or of a step of one, in a word or two. */
export function outcomeOf({ stage, step }: ActFact): string {
  if (stage !== 'step' || step === undefined) return STAGE_WORDS[stage];
  return step.state === 'unknown' ? 'step: outcome unknown' : `step ${step.state}`;
}

const STAGE_WORDS: Readonly<Record<ActFact['stage'], string>> = {
  previewed: 'previewed',
  confirmed: 'confirmed',
  refused: 'refused',
  cancelled: 'cancelled',
  expired: 'expired',
  done: 'done',
  interrupted: 'interrupted',
  requested: 'asked for',
  approved: 'approved',
  'broke-glass': 'approved by breaking the glass',
  step: 'step',
  stopped: 'stopped',
  directed: 'told how to go on',
  ended: 'ended',
};
