import { z } from 'zod';
import { OWN_APPLICATION } from '../model/application.ts';
import { SESSION_STATES } from '../model/session-group.ts';

/**
 * Who a client backend of pg_stat_activity is and what it does, the same wherever it is read. One that has not logged in
 * is `starting`: state NULL, and from PostgreSQL 18 on `starting`. Own are the sessions that log in under the bot's role,
 * or the canary's, *and* its name: the name alone anybody can take. Its parameters: clientBackendParameters.
 */
export const CLIENT_BACKEND_COLUMNS = `
    usename::text as "user",
    datname::text as database,
    application_name as "applicationName",
    pg_catalog.host(client_addr) as address,
    case
      when state is null then 'starting'
      when state = any ($2::text[]) then state
      else 'other'
    end as state,
    coalesce(application_name = $3 and (usename = session_user or usename = $1), false) as own`;

export function clientBackendParameters(canaryUser: string | null): readonly unknown[] {
  return [canaryUser, SESSION_STATES, OWN_APPLICATION];
}

/** Hidden without pg_read_all_stats, and null then. */
export const nameSchema = z
  .string()
  .nullable()
  .transform((name) => name ?? '');

// The server's clock may have been set back; SQL's greatest(0, …) would turn "none" into 0.
export const ageSchema = z
  .number()
  .nullable()
  .transform((ms) => (ms === null ? null : Math.max(0, ms)));

/** CLIENT_BACKEND_COLUMNS as parsed. */
export const clientBackendShape = {
  user: z.string().nullable(),
  database: z.string().nullable(),
  applicationName: nameSchema,
  address: z.string().nullable(),
  state: z.enum(SESSION_STATES),
  own: z.boolean(),
};
