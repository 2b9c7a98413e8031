import { z } from 'zod';
import type { Application } from '../model/application.ts';
import type { WorkloadReference } from '../model/workload-reference.ts';
import type { Server } from './manual-commands.ts';

// Parts of the params of several steps: plain data of the configuration, which changes only when somebody changes that.

export const serverSchema = z.object({
  host: z.string(),
  port: z.int(),
  database: z.string(),
}) satisfies z.ZodType<Server>;

export const workloadReferenceSchema = z.object({
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
}) satisfies z.ZodType<WorkloadReference>;

export const ownersSchema = z.array(
  z.object({
    name: z.string(),
    match: z.object({
      user: z.string().optional(),
      database: z.string().optional(),
      applicationName: z.string().optional(),
    }),
  }),
);

/** As much of an application as tells whose a session is. */
export type Owner = z.infer<typeof ownersSchema>[number];

/** An application behind all that come before it: the first entry that matches a session has it (contract.md). Pure. */
export function ownersUpTo(application: string, applications: readonly Application[]): Owner[] {
  const last = applications.findIndex(({ name }) => name === application);
  return applications.slice(0, last + 1).map(({ name, match }) => ({ name, match: { ...match } }));
}
