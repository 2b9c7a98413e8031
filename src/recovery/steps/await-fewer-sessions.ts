import { z } from 'zod';
import { nameApplication } from '../../model/application.ts';
import { psql } from '../manual-commands.ts';
import { countSessions } from '../manual-sessions.ts';
import type { RecoveryStep, StepCall, Verified } from '../step.ts';
import { ownersSchema, serverSchema } from '../step-params.ts';

const paramsSchema = z.object({
  /** Of `owners` the last. */
  application: z.string(),
  /** What it shall hold fewer than, as configured; null: than it held when it was planned. */
  limit: z.int().nullable(),
  owners: ownersSchema,
  server: serverSchema,
});
type Params = z.infer<typeof paramsSchema>;

/** How many it held when it was planned. */
const shownSchema = z.object({ held: z.int() });

/** Only looks: a restart that freed nothing is told, and not called a success. */
export default {
  kind: 'await-fewer-sessions',
  summary: 'Waits until an application holds fewer connections than before.',
  params: paramsSchema,
  // A pod that ended leaves its sessions to a FIN, within milliseconds (facts.md, PostgreSQL 12); two minutes are for a slow start's peak.
  deadlineMs: 120_000,
  skip: 'The application was restarted, and nobody knows whether that freed connections.',
  title: ({ application, limit }) =>
    `See that ${application} holds fewer connections${limit === null ? '' : ` than ${limit}`}`,
  manual: ({ application, limit, owners, server }) => [
    {
      say: `Counts the sessions of ${application}: there must be fewer ${limit === null ? 'than before' : `than ${limit}`}.`,
      run: psql(server, countSessions({ owners, protect: [], where: null })),
      otherwise: 'As many as before: they were no leftovers. Leave it as it is, and go on with the next rung.',
    },
  ],
  check: async () => ({ kind: 'acted', saw: 'there is nothing to do but to look' }),
  act: async () => ({ kind: 'done' }),
  verify,
} satisfies RecoveryStep<Params>;

async function verify({ params, shown, tools }: StepCall<Params>): Promise<Verified> {
  const { application, owners, limit } = params;
  const sessions = await tools.actions.readDetails();
  if (!sessions.ok) return { kind: 'unknown', saw: `the sessions cannot be read: ${sessions.reason}` };
  const clients = sessions.value.filter(({ backendType }) => backendType === 'client backend');
  const held = clients.filter((session) => nameApplication(session, owners) === application).length;
  const before = shownSchema.safeParse(shown).data?.held ?? null;
  const least = limit ?? before;
  if (least === null) return { kind: 'failed', saw: `how many connections ${application} held before was not kept` };
  const saw = `${application}: ${before ?? '?'} → ${held} connections, ${clients.length} in total`;
  return { kind: held < least ? 'holds' : 'waiting', saw };
}
