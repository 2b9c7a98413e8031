import { describe, expect, it } from 'vitest';
import { decideMissingPrivileges, type Rights } from '../../src/postgres/missing-privileges.ts';

const ALL: Rights = {
  role: 'breakwater',
  superuser: false,
  readsAllStats: true,
  signalsBackends: true,
  usesReservedConnections: true,
};
const ROOMY = { max: 100, superuserReserved: 3, reserved: 5 };
const OLD = { max: 100, superuserReserved: 3, reserved: 0 };

describe('decideMissingPrivileges', () => {
  it('finds nothing when all is granted', () => {
    expect(decideMissingPrivileges(ALL, ROOMY)).toEqual([]);
  });

  it('says that counts are low without pg_monitor, and only then', () => {
    const missing = decideMissingPrivileges({ ...ALL, readsAllStats: false, signalsBackends: false }, ROOMY);
    expect(missing.map(({ privilege, countsAreLow }) => [privilege, countsAreLow])).toEqual([
      ['pg_monitor', true],
      ['pg_signal_backend', false],
    ]);
  });

  it('quotes the role in the SQL', () => {
    const missing = decideMissingPrivileges({ ...ALL, role: 'Bot "x"; --', signalsBackends: false }, ROOMY);
    expect(missing[0]?.remedy).toBe('GRANT pg_signal_backend TO "Bot ""x""; --";');
  });

  it.each<[string, Partial<Rights>, typeof ROOMY, RegExp | null]>([
    ['granted, but no slots reserved', {}, OLD, /^ALTER SYSTEM SET reserved_connections = 5;/],
    ['granted, but only one slot reserved', {}, { ...OLD, reserved: 1 }, /^ALTER SYSTEM SET reserved_connections = 5;/],
    [
      'reserved, but not granted',
      { usesReservedConnections: false },
      ROOMY,
      /^GRANT pg_use_reserved_connections TO "breakwater";$/,
    ],
    ['neither', { usesReservedConnections: false }, OLD, /^GRANT .*\nALTER SYSTEM /],
    ['a superuser', { superuser: true }, OLD, null],
    [
      'a superuser where nothing is reserved',
      { superuser: true },
      { ...OLD, superuserReserved: 0 },
      /^ALTER SYSTEM SET reserved_/,
    ],
    ['before PostgreSQL 16', { usesReservedConnections: null }, OLD, /^ALTER ROLE "breakwater" SUPERUSER;/],
    ['a superuser before PostgreSQL 16', { superuser: true, usesReservedConnections: null }, OLD, null],
    [
      'a superuser before PostgreSQL 16 with one slot',
      { superuser: true, usesReservedConnections: null },
      { ...OLD, superuserReserved: 1 },
      /^ALTER SYSTEM SET superuser_reserved_connections = 3;/,
    ],
  ])('reserved slots, %s', (_case, rights, capacity, remedy) => {
    const [missing] = decideMissingPrivileges({ ...ALL, ...rights }, capacity);
    if (remedy === null) expect(missing).toBeUndefined();
    else expect(missing?.remedy).toMatch(remedy);
  });
});
