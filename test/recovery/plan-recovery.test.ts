import { describe, expect, it } from 'vitest';
import { compareBy, STRATEGIES } from '../../src/recovery/plan.ts';
import { planRecovery } from '../../src/recovery/plan-recovery.ts';
import cap from '../../src/recovery/strategies/cap-application.ts';
import killStale from '../../src/recovery/strategies/kill-stale.ts';
import type { Composed, Strategy } from '../../src/recovery/strategy.ts';
import { parseRoundTrip, recoveryFacts, recoverySettings } from '../support/gentle-rungs.ts';

const OFFERED: readonly Strategy[] = [killStale, cap];
const reasonsFor = (name: string) => {
  const planned = planRecovery(OFFERED, name, recoveryFacts(), null);
  return planned.kind === 'refused' ? planned.reasons.join('\n') : '';
};

describe('a plan', () => {
  it('is what its strategy composes, for this database', () => {
    const composed: Composed = {
      kind: 'plan',
      steps: [{ id: 'x', kind: 'x', params: null }],
      warnings: ['mind'],
      overrides: [{ word: 'main', because: 'it matters' }],
    };
    const strategy: Strategy = { ...cap, approval: 'second', plan: () => composed };
    const { kind: _, ...parts } = composed;
    expect(planRecovery([strategy], 'cap-application', recoveryFacts(), null)).toEqual({
      kind: 'plan',
      plan: { database: 'main', strategy: 'cap-application', target: null, approval: 'second', ...parts },
    });
  });

  it('is the same for the same facts, and another for another application', () => {
    const hash = (target: string | null) => {
      const planned = planRecovery(OFFERED, 'cap-application', recoveryFacts(), target);
      return planned.kind === 'plan' ? compareBy(planned.plan) : planned.reasons.join(' ');
    };
    expect(hash(null)).toMatch(/^[0-9a-f]{16}$/);
    expect(hash('site')).toBe(hash(null));
    expect(hash('bot')).not.toBe(hash(null));
  });

  it('is refused in the words of its strategy', () => {
    const facts = recoveryFacts({ settings: recoverySettings({ applications: [] }) });
    expect(planRecovery(OFFERED, 'cap-application', facts, 'nobody')).toMatchObject({
      kind: 'refused',
      reasons: [expect.stringContaining('No application is called nobody')],
    });
  });

  it.each(STRATEGIES.slice(-2))('of %s is refused with its rung, and with what to do by hand', (name) => {
    expect(reasonsFor(name)).toContain(`${name} is rung ${STRATEGIES.indexOf(name) + 1} of the ladder`);
    expect(reasonsFor(name)).toContain('attached nowhere');
  });

  it('is refused for a rung that is not there, whichever it is', () => {
    expect(reasonsFor('restart')).toContain('rung 4');
    expect(reasonsFor('restart')).toContain('Choose one of kill-stale, cap-application.');
  });

  it('is refused for what nobody has heard of', () => {
    expect(reasonsFor('kill-stael')).toBe('There is no strategy kill-stael. Did you mean kill-stale?');
    expect(reasonsFor('reboot\u202Ethe moon')).toBe(
      'There is no strategy reboot the moon. Choose one of kill-stale, cap-application.',
    );
  });
});

describe('kill-stale', () => {
  it('is one step, from the configuration alone', () => {
    const outlined = killStale.outline(recoverySettings());
    expect(outlined).toMatchObject({ kind: 'steps', steps: [{ id: 'terminate-stale', kind: 'terminate-stale' }] });
    expect(killStale.plan(recoveryFacts())).toMatchObject({
      kind: 'plan',
      steps: outlined.kind === 'steps' ? outlined.steps : [],
    });
    parseRoundTrip(outlined);
  });
});
