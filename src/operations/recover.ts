import type { RecoverAnswer, Runbook, RunView } from '../recovery/view.ts';

/** `/db recover` and `/runbook` (product.md §7). What cannot be done throws UserFacingError with what to do. */
export interface Recover {
  /** Looks, diagnoses, plans: nothing in the world is changed. A request is made where `isPublic`; elsewhere only the plan is shown. */
  propose(request: RecoverRequest, by: string, isPublic: boolean): Promise<RecoverAnswer>;
  /** The plan as it would be now is compared with what was shown; where it differs, the new one is answered and nothing runs. */
  approve(id: string, hash: string, by: string, typed: readonly string[]): Promise<RecoverAnswer>;
  breakGlass(id: string, hash: string, by: string, typed: readonly string[], reason: string): Promise<RecoverAnswer>;
  cancel(id: string, hash: string, by: string): Promise<RecoverAnswer>;
  /** After the current step. */
  abort(id: string, by: string): Promise<RecoverAnswer>;
  /** What a stopped run is told; `stop` is which stop the button was of. */
  resume(id: string, stop: number, by: string): Promise<RecoverAnswer>;
  retry(id: string, stop: number, by: string): Promise<RecoverAnswer>;
  skip(id: string, stop: number, by: string): Promise<RecoverAnswer>;
  undo(id: string, stop: number, by: string): Promise<RecoverAnswer>;
  releaseClients(id: string, stop: number, by: string): Promise<RecoverAnswer>;
  /** Gives a stopped run up: nothing more is done. */
  end(id: string, stop: number, by: string): Promise<RecoverAnswer>;
  /** The message in which everybody sees it. */
  standsAt(id: string, place: { readonly channelId: string; readonly messageId: string }): void;
  find(id: string): RunView | null;
  /** By hand, from the same steps. Throws UserFacingError for an unknown database or strategy. */
  runbook(database: string | undefined, strategy: string | undefined): Runbook;
}

export interface RecoverRequest {
  readonly database: string | undefined;
  readonly strategy: string | undefined;
  /** An application, for the rungs that are about one. */
  readonly application: string | undefined;
}
