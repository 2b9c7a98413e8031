import { z } from 'zod';
import type { RecoveryStep } from '../../src/recovery/step.ts';
import type { Strategy } from '../../src/recovery/strategy.ts';

const unused = (): never => {
  throw new Error('not used here');
};

/** A step that only describes itself. */
export function toyStep(kind: string, undo = false): RecoveryStep {
  const params = z.object({ name: z.string() });
  const name = (given: unknown) => params.parse(given).name;
  return {
    kind,
    summary: `does ${kind}`,
    params,
    deadlineMs: 90_000,
    skip: null,
    title: (given) => `${kind} ${name(given)}`,
    manual: (given) => [{ say: `Do ${kind}:`, run: `${kind} ${name(given)}` }],
    check: unused,
    act: unused,
    verify: unused,
    ...(undo && {
      undo: {
        title: (given: unknown) => `un${kind} ${name(given)}`,
        manual: (given: unknown) => [{ say: 'Back:', run: `un${kind} ${name(given)}` }],
        check: unused,
        act: unused,
        verify: unused,
      },
    }),
  };
}

export function toyStrategy(name: Strategy['name'], rung: number, parts: Partial<Strategy> = {}): Strategy {
  return {
    name,
    rung,
    summary: `fits when ${name}`,
    impact: 'nobody notices',
    approval: rung > 3 ? 'second' : 'own',
    plan: unused,
    outline: () => ({ kind: 'steps', steps: [{ id: 'hold:a', kind: 'hold', params: { name: 'site' } }] }),
    ...parts,
  };
}
