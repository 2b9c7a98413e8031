import { escapeIdentifier } from 'pg';
import type { Capacity } from '../model/capacity.ts';
import type { MissingPrivilege } from '../model/server-facts.ts';

/** What the bot's role may do on one server. */
export interface Rights {
  readonly role: string;
  readonly superuser: boolean;
  readonly readsAllStats: boolean;
  readonly signalsBackends: boolean;
  /** Null before PostgreSQL 16, which has no such role. */
  readonly usesReservedConnections: boolean | null;
}

/** One slot for the held session and one for actions (product.md §5). */
const OWN_SLOTS = 2;

/** What the role lacks of product.md §5, with the SQL that mends it. */
export function decideMissingPrivileges(rights: Rights, capacity: Capacity): readonly MissingPrivilege[] {
  const role = escapeIdentifier(rights.role);
  const missing: MissingPrivilege[] = [];
  if (!rights.readsAllStats) {
    missing.push({
      privilege: 'pg_monitor',
      consequence: 'All counts are too low: the sessions of other roles are invisible.',
      remedy: `GRANT pg_monitor TO ${role};`,
      countsAreLow: true,
    });
  }
  if (!rights.signalsBackends) {
    missing.push({
      privilege: 'pg_signal_backend',
      consequence: 'Sessions cannot be terminated from Discord.',
      remedy: `GRANT pg_signal_backend TO ${role};`,
      countsAreLow: false,
    });
  }
  const remedy = decideReservedRemedy(rights, capacity, role);
  if (remedy !== null) {
    missing.push({
      privilege: 'reserved slots',
      consequence:
        'When the server is full, a lost session cannot be reopened: Breakwater is then as blind as everybody else.',
      remedy,
      countsAreLow: false,
    });
  }
  return missing;
}

function decideReservedRemedy(rights: Rights, capacity: Capacity, role: string): string | null {
  // A superuser may use either reserve.
  if (rights.superuser && capacity.superuserReserved + capacity.reserved >= OWN_SLOTS) return null;
  if (rights.usesReservedConnections === null) {
    const raise = capacity.superuserReserved < OWN_SLOTS ? raiseTo('superuser_reserved_connections', 3) : [];
    const promote = rights.superuser ? [] : [`ALTER ROLE ${role} SUPERUSER;`];
    return [...promote, ...raise, '-- before PostgreSQL 16 only superusers have reserved slots'].join('\n');
  }
  const grant = rights.usesReservedConnections ? [] : [`GRANT pg_use_reserved_connections TO ${role};`];
  const raise = capacity.reserved < OWN_SLOTS ? raiseTo('reserved_connections', 5) : [];
  return grant.length + raise.length === 0 ? null : [...grant, ...raise].join('\n');
}

function raiseTo(setting: string, value: number): string[] {
  return [`ALTER SYSTEM SET ${setting} = ${value}; -- takes effect when PostgreSQL restarts`];
}
