import type { SessionGroup } from './session-group.ts';

/** A named owner of connections, as configured. All given parts of `match` must fit. */
export interface Application {
  readonly name: string;
  readonly match: {
    readonly user?: string | undefined;
    readonly database?: string | undefined;
    readonly applicationName?: string | undefined;
  };
  /** Sessions at which `connections-application` fires. */
  readonly limit?: number | undefined;
  /** `namespace/kind/name` */
  readonly workload?: string | undefined;
  /** What people lose when it fails, in their words. */
  readonly impact?: string | undefined;
}

/** Sessions on their way in: they belong to nobody yet, and are gone or somebody's a moment later. */
export const NOT_LOGGED_IN = '(not logged in)';

/** The bot's own sessions go under this name, whatever the configuration says. */
export const OWN_APPLICATION = 'breakwater';

/** What tells whose a session, or a group of them, is. */
export type Owner = Pick<SessionGroup, 'user' | 'database' | 'applicationName' | 'own'>;

/**
 * The name under which a group is counted: the bot itself, the first entry that matches, else its user (contract.md). A user
 * with a name that is taken is set apart as `site (other)`: what the configuration leaves out of `site` must not fill its limit.
 */
export function nameApplication(group: Owner, applications: readonly Application[]): string {
  if (group.own) return OWN_APPLICATION;
  const entry = applications.find(({ match }) => matches(match, group));
  if (entry !== undefined) return entry.name;
  const { user } = group;
  if (user === null) return NOT_LOGGED_IN;
  const taken = user === OWN_APPLICATION || applications.some(({ name }) => name === user);
  return taken ? `${user} (other)` : user;
}

function matches(match: Application['match'], group: Owner): boolean {
  return (
    (match.user === undefined || match.user === group.user) &&
    (match.database === undefined || match.database === group.database) &&
    (match.applicationName === undefined || match.applicationName === group.applicationName)
  );
}
