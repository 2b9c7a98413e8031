import type { Confirmation } from '../confirmations/confirmation.ts';
import { isAsShown } from '../confirmations/hash-plan.ts';
import type { KillInterruption, KillPlan, KillPreview, KillResult } from '../model/kill-plan.ts';
import { OWN_SCOPE } from '../model/source-state.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import { describeObstacle } from './describe-obstacle.ts';
import { inspectInterruption } from './inspect-interruption.ts';
import { readKillPlan } from './kill-plan-schema.ts';
import { KILL_STALE, type KillStaleParts, type RecordHolders, type RecordStage } from './kill-stale-parts.ts';
import { createKillPreview } from './preview-kill.ts';
import type { KillRequest } from './read-kill-request.ts';
import { recallKill } from './recall-kill.ts';
import { runKill } from './run-kill.ts';

/** `/db kill-stale` (product.md §6). What cannot be done throws UserFacingError with what to do. */
export interface KillStale {
  /** Looks, decides, and freezes what it shows. Nothing is ended. */
  preview(request: KillRequest, by: string): Promise<KillPreview>;
  /** Ends exactly what was shown, once at most. `progress` is told when it begins. */
  execute(id: string, hash: string, by: string, progress: (begun: KillBegun) => Promise<void>): Promise<KillResult>;
  cancel(id: string, hash: string, by: string): Promise<Confirmation>;
  /** Where everybody sees the preview. */
  standsAt(id: string, place: { readonly channelId: string; readonly messageId: string }): void;
  /** Its message, which everybody sees, says what became of it. */
  told(id: string): void;
  /** The result of one that is done, as it was; null where the journal does not tell. */
  recall(confirmation: Confirmation): KillResult | null;
  /** The confirmation, once nobody may confirm it any more and nobody has; null else. */
  findExpired(id: string): Confirmation | null;
  /** Resolves when nothing is being ended any more. */
  settled(): Promise<void>;
  /** Of one that a former life left in the middle: who of the listed is still there. Nothing is ended. */
  inspectInterrupted(confirmation: Confirmation, signal?: AbortSignal): Promise<KillInterruption>;
}

export interface KillBegun {
  readonly database: string;
  readonly plan: KillPlan;
  readonly by: string;
}

export function createKillStale(parts: KillStaleParts): KillStale {
  const { databases, confirmations, recorder, clock } = parts;
  const record: RecordStage = (by, fact) =>
    recorder.record({ at: clock.now(), by, fact: { type: 'act', act: KILL_STALE, ...fact } });
  const recordHolders: RecordHolders = (moment, database, holders) =>
    recorder.record({ at: clock.now(), by: null, fact: { type: 'holders', database, moment, ...holders } });
  const findDatabase = (name: string) => databases.find((candidate) => candidate.name === name);

  const running = new Set<Promise<unknown>>();
  function keepTrack<T>(run: Promise<T>): Promise<T> {
    running.add(run);
    return run.finally(() => running.delete(run));
  }

  /** A click names a confirmation; one of another act is none of ours, whatever its hash. */
  function findOwn(id: string): Confirmation | null {
    const found = confirmations.find(id);
    return found?.act === KILL_STALE ? found : null;
  }

  async function refuse(by: string, id: string, reason: string, doneBy: string | null = null): Promise<never> {
    const database = findOwn(id)?.database ?? OWN_SCOPE;
    await record(by, { database, stage: 'refused', confirmation: id, summary: reason });
    throw new UserFacingError(reason, { doneBy });
  }

  return {
    preview: createKillPreview(parts, record),
    async execute(id, hash, by, progress) {
      const found = findOwn(id);
      // Of one that is over, the desk says what became of it; its plan is gone from memory.
      const waits = found?.state.kind === 'open' && clock.now() < found.until;
      const plan = found && readKillPlan(found.plan);
      if (!found || (waits && !plan)) return refuse(by, id, UNKNOWN);
      const database = findDatabase(found.database);
      if (!database) return refuse(by, id, `${found.database} is not watched any more: nothing was ended.`);
      // Before the claim: what stands in the way now may be out of it within the two minutes.
      const obstacle = waits ? await database.actions.readObstacle() : null;
      if (obstacle) return refuse(by, id, `Nothing was ended: ${describeObstacle(obstacle)}`);
      const claimed = await confirmations.claim(id, hash, by);
      if (!claimed.ok) return refuse(by, id, claimed.reason, claimed.by);
      if (!plan) throw new Error(`the run ${id} was claimed without a plan`);
      const { summary, requestedBy, at: shownAt } = claimed.confirmation;
      const run = runKill(
        { database, confirmations, clock, record, recordHolders },
        { id, summary, requestedBy, shownAt, plan, by, progress },
      );
      return keepTrack(run);
    },
    async cancel(id, hash, by) {
      if (!findOwn(id)) return refuse(by, id, UNKNOWN);
      const cancelled = await confirmations.cancel(id, hash, by);
      if (!cancelled.ok) return refuse(by, id, cancelled.reason, cancelled.by);
      const { database, summary } = cancelled.confirmation;
      await record(by, { database, stage: 'cancelled', confirmation: id, summary });
      confirmations.seenTo(id, 'recorded');
      return cancelled.confirmation;
    },
    standsAt: (id, place) => confirmations.standsAt(id, place),
    told: (id) => confirmations.seenTo(id, 'told'),
    recall: (confirmation) => recallKill(confirmation, findDatabase(confirmation.database)?.applications ?? []),
    findExpired(id) {
      const found = findOwn(id);
      const isOver = found?.state.kind === 'expired' || (found?.state.kind === 'open' && clock.now() >= found.until);
      return isOver ? found : null;
    },
    async settled() {
      await Promise.allSettled(running);
    },
    inspectInterrupted(confirmation, signal) {
      // One that the journal keeps with a hole would find nobody: it is not what was shown.
      const plan = isAsShown(confirmation) ? readKillPlan(confirmation.plan) : null;
      return inspectInterruption(findDatabase(confirmation.database)?.actions, plan, { clock, signal });
    },
  };
}

const UNKNOWN = 'Breakwater knows of no such preview: run /db kill-stale again. Nothing was ended.';
