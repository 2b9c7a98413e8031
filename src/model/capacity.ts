/** The connection slots of one server, as configured in it. */
export interface Capacity {
  /** `max_connections` */
  readonly max: number;
  /** `superuser_reserved_connections` */
  readonly superuserReserved: number;
  /** `reserved_connections` (PostgreSQL 16 and later; 0 before). */
  readonly reserved: number;
}

/** Slots that an ordinary role can take: max less both reserves (facts.md, PostgreSQL 1). */
export function usableConnections(capacity: Capacity): number {
  return Math.max(0, capacity.max - capacity.superuserReserved - capacity.reserved);
}
