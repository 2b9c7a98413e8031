import type { AlertOperations } from '../../src/operations/alert-operations.ts';
import type { Operations } from '../../src/operations/operations.ts';

const notUsed = (): never => {
  throw new Error('not used here');
};

export const NO_ALERTS: AlertOperations = {
  list: () => ({ firing: [], silences: [], unseen: [], at: 0 }),
  acknowledge: notUsed,
  handBack: notUsed,
  silence: notUsed,
  unsilence: notUsed,
  applications: () => [],
};

/** Operations of two databases that a test gives what it needs. */
export function fakeOperations(parts: Partial<Operations> = {}): Operations {
  return {
    databases: ['main', 'other'],
    readStatus: () => Promise.reject(new Error('not used here')),
    alerts: NO_ALERTS,
    ...parts,
  };
}
