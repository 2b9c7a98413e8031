import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import type { StepCatalogue } from './next-task.ts';
import type { RecoveryStep } from './step.ts';

/**
 * Loads every file of `steps/` as one kind of step, by file name. Throws one Error that names every faulty file: a step
 * that is silently missing would be found out in the middle of a recovery.
 */
export async function loadSteps(directory: URL = new URL('./steps/', import.meta.url)): Promise<StepCatalogue> {
  const entries = await loadCatalogue<RecoveryStep>(directory, findStepFault);
  return new Map(entries.map(({ name, value }) => [name, value]));
}

const ACTS = ['title', 'manual', 'check', 'act', 'verify'] as const;

function findStepFault(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return 'has no default export';
  const step = value as Partial<RecoveryStep>;
  if (step.kind !== name) return `its kind is ${JSON.stringify(step.kind)}, its file says ${JSON.stringify(name)}`;
  if (!step.summary) return 'lacks its summary';
  if (typeof step.params?.safeParse !== 'function') return 'has no schema of its params';
  if (typeof step.deadlineMs !== 'number' || !(step.deadlineMs > 0) || !Number.isFinite(step.deadlineMs))
    return 'has no deadline';
  if (step.skip === undefined || step.skip === '') return 'does not say whether it may be skipped, and what is risked';
  const missing = ACTS.find((act) => typeof step[act] !== 'function');
  if (missing) return `has no ${missing}()`;
  const { undo } = step;
  const undone = undo && ACTS.find((act) => typeof undo[act] !== 'function');
  if (undone) return `its undo has no ${undone}()`;
  // "Release clients" runs its undo.
  return step.holdsClients && !undo ? 'holds clients and has no undo: nothing could release them' : null;
}
