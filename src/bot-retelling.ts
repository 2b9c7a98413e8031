import type { Retold } from './bot-confirmations.ts';
import type { Confirmation } from './confirmations/confirmation.ts';
import { describeInterruption, type KillInterruption, summariseOutcome } from './model/kill-plan.ts';
import type { KillStale } from './operations/kill-stale.ts';
import { recallInterruption } from './operations/recall-kill.ts';
import { paintBeforeAfter } from './render/before-after-chart-file.ts';
import { renderInterrupted } from './render/confirmation-message.ts';
import { renderKillCancelled, renderKillExpired } from './render/kill-stale-ended.ts';
import { renderKillResult } from './render/kill-stale-result.ts';

/** What is recorded and shown of a kill-stale that is over; null where it is not, or the journal does not tell. */
export async function retellKill(
  killStale: Pick<KillStale, 'recall'>,
  confirmation: Confirmation,
): Promise<Retold | null> {
  const { state, summary } = confirmation;
  switch (state.kind) {
    case 'done': {
      const result = killStale.recall(confirmation);
      if (result === null) return null;
      return { ...summariseOutcome(result.outcome), message: renderKillResult(result, await paintBeforeAfter(result)) };
    }
    case 'cancelled':
      return { summary, message: renderKillCancelled(confirmation, state.by) };
    case 'expired':
      return { summary, message: renderKillExpired(confirmation) };
    case 'interrupted': {
      const found = recallInterruption(confirmation);
      return (
        found && {
          ...summariseInterruption(found),
          message: renderInterrupted(confirmation, describeInterruption(found)),
        }
      );
    }
    case 'open':
    case 'claimed':
      return null;
  }
}

/** What was found after an interruption, as a timeline keeps it. */
export function summariseInterruption(found: KillInterruption): Pick<Retold, 'summary' | 'figures'> {
  const { listed, gone, still } = found;
  return {
    summary: describeInterruption(found),
    ...(gone !== null && still !== null && { figures: { listed, gone, still } }),
  };
}
