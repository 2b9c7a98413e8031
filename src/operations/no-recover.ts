import { UserFacingError } from '../model/user-facing-error.ts';
import type { Recover } from './recover.ts';

/** Stands in until recoveries are wired: refuses everything, in words. */
export function createNoRecover(): Recover {
  const refuse = (): never => {
    throw new UserFacingError('Recoveries are not available here yet. docs/runbook.md says how to do them by hand.');
  };
  const refuseLater = async () => refuse();
  return {
    propose: refuseLater,
    approve: refuseLater,
    breakGlass: refuseLater,
    cancel: refuseLater,
    abort: refuseLater,
    resume: refuseLater,
    retry: refuseLater,
    skip: refuseLater,
    undo: refuseLater,
    releaseClients: refuseLater,
    end: refuseLater,
    standsAt: () => {},
    find: () => null,
    runbook: refuse,
  };
}
