import type { ActRecorder } from '../incidents/timeline.ts';
import type { Clock } from '../model/clock.ts';
import { OWN_SCOPE } from '../model/source-state.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import type { ApprovalRefused } from '../recovery/judge-approval.ts';
import { describeOther } from '../recovery/judge-direction.ts';
import { answeredBy, type RecoveryRun } from '../recovery/run.ts';
import type { Taken } from '../recovery/run-desk.ts';
import { describeRunAct } from './recovery-acts.ts';

/** What is refused stands in the timeline before the asker reads it. Each throws UserFacingError with the reason. */
export interface RefuseRecovery {
  /** `run`: as it is now; null where nobody knows it. */
  judged(id: string, run: RecoveryRun | null, by: string, refused: ApprovalRefused): Promise<never>;
  taken(id: string, run: RecoveryRun | null, by: string, refused: Extract<Taken, { ok: false }>): Promise<never>;
  /** Another is at work on the database. `run`: what was to be begun beside it, where that was asked for before. */
  beside(other: RecoveryRun, by: string, run?: RecoveryRun): Promise<never>;
}

/** The name of the act in timelines where no strategy is known. */
const RECOVER = 'recover';

export function createRefuseRecovery(recorder: ActRecorder, clock: Clock): RefuseRecovery {
  async function refuse(
    { id, run, by, reason }: { id: string; run: RecoveryRun | null; by: string; reason: string },
    pointers: { readonly doneBy?: string | null; readonly seenIn?: string | null } = {},
  ): Promise<never> {
    const at = clock.now();
    const unknown = { type: 'act', act: RECOVER, database: OWN_SCOPE, stage: 'refused' } as const;
    const act = run && describeRunAct(run, { kind: 'refused', by, at, reason });
    await recorder.record(act ?? { at, by, fact: { ...unknown, confirmation: id, summary: reason } });
    throw new UserFacingError(reason, pointers);
  }

  return {
    judged(id, run, by, { why, reason }) {
      const wasAnswered = why === 'taken' || why === 'cancelled';
      return refuse({ id, run, by, reason }, { doneBy: wasAnswered && run ? answeredBy(run) : null });
    },
    taken: (id, run, by, { reason, instead }) =>
      refuse(
        { id, run, by, reason },
        instead?.id === id ? { doneBy: answeredBy(instead) } : { seenIn: instead?.place?.channelId ?? null },
      ),
    beside: (other, by, run = other) =>
      refuse({ id: run.id, run, by, reason: describeOther(other) }, { seenIn: other.place?.channelId ?? null }),
  };
}
