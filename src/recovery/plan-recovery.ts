import { findClosest } from '../model/did-you-mean.ts';
import { stripInvisible } from '../model/plain-text.ts';
import type { RecoveryFacts } from './facts.ts';
import { LATER_RUNGS } from './later-rungs.ts';
import { type Planned, STRATEGIES } from './plan.ts';
import type { Strategy } from './strategy.ts';

/**
 * The plan of a strategy for what is true now, or why there is none. The same facts give the same plan; `target` is an
 * application, where somebody chose one. Pure.
 */
export function planRecovery(
  strategies: readonly Strategy[],
  name: string,
  facts: RecoveryFacts,
  target: string | null,
): Planned {
  const strategy = strategies.find((each) => each.name === name);
  if (strategy === undefined) return { kind: 'refused', reasons: explainMissing(strategies, name) };
  const composed = strategy.plan(facts, target);
  if (composed.kind === 'refused') return composed;
  const { steps, warnings, overrides } = composed;
  const { database } = facts.settings;
  return {
    kind: 'plan',
    plan: { database, strategy: strategy.name, target, approval: strategy.approval, steps, warnings, overrides },
  };
}

function explainMissing(strategies: readonly Strategy[], name: string): readonly string[] {
  const offered = STRATEGIES.filter((each) => strategies.some((strategy) => strategy.name === each));
  const choices = `Choose one of ${offered.join(', ')}.`;
  const known = STRATEGIES.find((each) => each === name);
  if (known === undefined) {
    const near = findClosest(name, offered);
    return [`There is no strategy ${stripInvisible(name)}. ${near === null ? choices : `Did you mean ${near}?`}`];
  }
  const rung = STRATEGIES.indexOf(known) + 1;
  const byHand = LATER_RUNGS[known] ?? [choices];
  return [`${known} is rung ${rung} of the ladder, and this version cannot carry it out. By hand:`, ...byHand];
}
