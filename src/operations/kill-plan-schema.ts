import { z } from 'zod';
import type { Holders, KillPlan } from '../model/kill-plan.ts';
import { SESSION_STATES } from '../model/session-group.ts';
import { STALE_KINDS } from '../model/stale-criteria.ts';

const text = z.string().nullable();
export const holdersSchema = z.object({
  used: z.number(),
  usable: z.number().nullable(),
  max: z.number().nullable(),
  applications: z.array(z.object({ name: z.string(), count: z.number() })),
}) satisfies z.ZodType<Holders>;

/** What sessions of other kinds have not, nor what older versions wrote. */
const orphanShape = {
  waitEvent: text.exactOptional(),
  pod: z
    .object({
      namespace: z.string(),
      name: z.string(),
      owner: text,
      revision: text,
      vanishedAt: z.number(),
    })
    .nullable()
    .exactOptional(),
};

const planSchema = z.object({
  criteria: z.object({ kind: z.enum(STALE_KINDS), olderThanMs: z.number(), application: text }),
  targets: z.array(
    z.object({
      pid: z.int().positive(),
      backendStart: z.string(),
      userId: z.number().nullable(),
      databaseId: z.number().nullable(),
      state: z.enum(SESSION_STATES),
      stateChange: text,
      user: text,
      database: text,
      application: z.string(),
      applicationName: z.string(),
      address: text,
      stateMs: z.number(),
      ageMs: z.number(),
      ...orphanShape,
    }),
  ),
  holders: holdersSchema,
}) satisfies z.ZodType<KillPlan>;

/** A plan as a confirmation keeps it, perhaps since before a restart; null when it is none that this version wrote. */
export function readKillPlan(plan: unknown): KillPlan | null {
  const parsed = planSchema.safeParse(plan);
  return parsed.success ? parsed.data : null;
}
