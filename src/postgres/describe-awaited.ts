import { z } from 'zod';

/**
 * What a row of pg_locks named `awaited` is about. A relation has a name only in the database that we are logged in to (and
 * among those shared by all); elsewhere its oid may be another relation's here.
 */
export const AWAITED_COLUMNS = `json_build_object(
      'type', awaited.locktype,
      'mode', awaited.mode,
      'relation', (
        select case nspname when 'public' then relname::text else nspname || '.' || relname end
        from pg_catalog.pg_class
        join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
        where pg_class.oid = awaited.relation
          and awaited.database in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
      ),
      'relationId', awaited.relation,
      'transactionId', awaited.transactionid::text,
      'virtualTransactionId', awaited.virtualxid,
      'classId', awaited.classid,
      'objectId', awaited.objid
    )`;

/** AWAITED_COLUMNS as parsed: json writes oids as texts. */
export const awaitedSchema = z.object({
  type: z.string(),
  mode: z.string(),
  relation: z.string().nullable(),
  relationId: z.coerce.string().nullable(),
  transactionId: z.string().nullable(),
  virtualTransactionId: z.string().nullable(),
  classId: z.coerce.string().nullable(),
  objectId: z.coerce.string().nullable(),
});

export type Awaited = z.infer<typeof awaitedSchema>;

/** A lock in words, as in `relation orders, AccessExclusiveLock`; what a relation's name is not known for has its oid. Pure. */
export function describeAwaited(awaited: Awaited): string {
  return `${[awaited.type, nameObject(awaited)].filter((word) => word !== null).join(' ')}, ${awaited.mode}`;
}

function nameObject(awaited: Awaited): string | null {
  const { relation, relationId, transactionId, virtualTransactionId, classId, objectId } = awaited;
  if (relation !== null) return awaited.type === 'relation' ? relation : `of ${relation}`;
  if (relationId !== null) return awaited.type === 'relation' ? relationId : `of ${relationId}`;
  if (awaited.type === 'advisory') return `${classId}/${objectId}`;
  return transactionId ?? virtualTransactionId ?? objectId;
}
