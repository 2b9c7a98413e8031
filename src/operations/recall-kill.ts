import { z } from 'zod';
import type { Confirmation } from '../confirmations/confirmation.ts';
import type { KillFate, KillInterruption, KillOutcome, KillResult } from '../model/kill-plan.ts';
import { holdersSchema, readKillPlan } from './kill-plan-schema.ts';

const outcomeSchema = z.object({
  terminated: z.number(),
  spared: z.number(),
  failed: z.number(),
  unknown: z.number(),
  before: holdersSchema,
  after: holdersSchema.nullable(),
  tookMs: z.number(),
  left: z.array(
    z.object({
      pid: z.int().positive(),
      backendStart: z.string(),
      fate: z.enum(['terminated', 'ended', 'used', 'protected', 'doubtful', 'failed', 'unknown']),
      reason: z.string().nullable(),
    }),
  ),
}) satisfies z.ZodType<KillOutcome>;

/** The result that was to be shown, from what the journal keeps of it; null when it is not done, or not by this version. Pure. */
export function recallKill(
  { id, database, requestedBy, plan: stored, state }: Confirmation,
  applications: readonly { readonly name: string }[],
): KillResult | null {
  const plan = readKillPlan(stored);
  const outcome = state.kind === 'done' ? outcomeSchema.safeParse(state.outcome).data : undefined;
  if (state.kind !== 'done' || plan === null || outcome === undefined) return null;
  const left = new Map(outcome.left.map((each) => [`${each.pid} ${each.backendStart}`, each]));
  const fates = plan.targets.map((target): KillFate => {
    const { fate, reason } = left.get(`${target.pid} ${target.backendStart}`) ?? TERMINATED;
    return { target, fate, reason };
  });
  return {
    database,
    confirmation: id,
    requestedBy,
    confirmedBy: state.by,
    endedAt: state.endedAt,
    criteria: plan.criteria,
    fates,
    outcome,
    knownApplications: applications.map(({ name }) => name),
  };
}

const TERMINATED = { fate: 'terminated', reason: null } as const;

const interruptionSchema = z.object({
  listed: z.number(),
  gone: z.number().nullable(),
  still: z.number().nullable(),
  reason: z.string().nullable(),
}) satisfies z.ZodType<KillInterruption>;

/** What was found after an interruption; null when it was none, or nothing was found. Pure. */
export function recallInterruption({ state }: Confirmation): KillInterruption | null {
  return state.kind === 'interrupted' ? (interruptionSchema.safeParse(state.outcome).data ?? null) : null;
}
