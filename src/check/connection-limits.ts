import type { DatabaseConfig } from '../config/config.ts';

/** What the configured applications of one role may hold together. */
export interface RoleLimit {
  readonly role: string;
  /** Names of the applications. */
  readonly applications: readonly string[];
  /** At which their alerts fire, in sum; null where one of them has none. */
  readonly limit: number | null;
}

/** The roles that applications log in as, each once. */
export function listRoleLimits({ applications }: Pick<DatabaseConfig, 'applications'>): readonly RoleLimit[] {
  const byRole = Map.groupBy(applications, ({ match }) => match.user);
  return [...byRole].flatMap(([role, entries]) => {
    if (role === undefined) return [];
    const limits = entries.map(({ limit }) => limit ?? Number.NaN);
    const sum = limits.reduce((total, limit) => total + limit, 0);
    return [{ role, applications: entries.map(({ name }) => name), limit: Number.isNaN(sum) ? null : sum }];
  });
}

/** The CONNECTION LIMIT that goes with an alert at `limit`: a quarter above it, so that the alert comes first. */
export function suggestConnectionLimit(limit: number): number {
  return Math.ceil(limit * 1.25);
}
