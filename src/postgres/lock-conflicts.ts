/**
 * Which modes a mode does not go together with (PostgreSQL documentation, "Explicit Locking", table 13.2), as pg_locks
 * writes them. Other kinds of lock than a table's use the same modes in the same way.
 */
const CONFLICTS: Readonly<Record<string, readonly string[]>> = {
  AccessShareLock: ['AccessExclusiveLock'],
  RowShareLock: ['ExclusiveLock', 'AccessExclusiveLock'],
  RowExclusiveLock: ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
  ShareUpdateExclusiveLock: [
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ShareLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ShareRowExclusiveLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ExclusiveLock: [
    'RowShareLock',
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
};

/** Whether one who holds `held` keeps out one who wants `wanted` on the same object. Pure. */
export function conflicts(held: string, wanted: string): boolean {
  // The strongest one keeps out everybody, and is kept out by everybody.
  if (held === 'AccessExclusiveLock' || wanted === 'AccessExclusiveLock') return true;
  return CONFLICTS[held]?.includes(wanted) ?? false;
}
