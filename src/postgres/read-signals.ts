import { z } from 'zod';
import type { ServerSignals } from '../model/server-signals.ts';
import { ageSchema, nameSchema } from './client-backends.ts';
import type { RunQuery } from './held-session.ts';
import { HIDDEN_STATISTICS, READS_ALL_STATS } from './hidden-statistics.ts';
import { nameStandbys } from './name-standbys.ts';
import { type Parsed, parseRows } from './parse-rows.ts';
import { readLockWaits } from './read-lock-waits.ts';

/**
 * All but the lock waits in one row. What keeps a wrong number out:
 * - a database whose DROP was interrupted (datconnlimit -2) holds nothing back, and no VACUUM can reach it;
 * - a lost slot keeps no WAL, though from PostgreSQL 16 on it may still show the restart_lsn it had;
 * - on an idle primary replay_lag is NULL once the standby has caught up (pg_stat_replication): lag 0. It is NULL as well
 *   where an idle standby stopped to replay: unknown, then, until the first replay is told;
 * - who only asks the primary things, or takes a base backup, is no standby;
 * - on a standby equal positions prove nothing unless it streams: without, its data are as old as what it replayed last;
 * - a standby archives only with archive_mode = always.
 */
const SIGNALS = `
  with server as materialized (
    select
      pg_is_in_recovery() as standby,
      case
        when pg_is_in_recovery() then greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
        else pg_current_wal_lsn()
      end as position
  )
  select
    current_setting('server_version_num')::int as "versionNumber",
    ${READS_ALL_STATS} as "readsAllStats",
    (
      select json_agg(json_build_object('database', datname, 'age', age(datfrozenxid)) order by datname)
      from pg_catalog.pg_database
      where datconnlimit <> -2
    ) as "xidAges",
    (
      select coalesce(json_agg(json_build_object(
        'name', slot_name,
        'active', active,
        'retainedBytes', case
          when wal_status is distinct from 'lost' then pg_wal_lsn_diff(position, restart_lsn)::float8
        end
      ) order by slot_name), '[]')
      from pg_catalog.pg_replication_slots
    ) as slots,
    case
      when standby then json_build_array(json_build_object(
        'name', 'this server',
        'address', null,
        'lagMs', case
          when pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()
            and exists (select from pg_catalog.pg_stat_wal_receiver where status = 'streaming')
          then 0
          else (extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::float8
        end
      ))
      else (
        select coalesce(json_agg(json_build_object(
          'name', application_name,
          'address', pg_catalog.host(client_addr),
          'lagMs', case
            when replay_lag is null and replay_lsn >= position then 0
            else (extract(epoch from replay_lag) * 1000)::float8
          end
        ) order by backend_start, pid), '[]')
        from pg_catalog.pg_stat_replication
        where state not in ('startup', 'backup')
      )
    end as standbys,
    case
      when current_setting('archive_mode') = 'always' or (current_setting('archive_mode') = 'on' and not standby) then (
        select json_build_object(
          'lastArchivedAt', trunc(extract(epoch from last_archived_time) * 1000)::float8,
          'lastFailedAt', trunc(extract(epoch from last_failed_time) * 1000)::float8,
          'lastFailedWal', last_failed_wal,
          'failures', failed_count
        )
        from pg_catalog.pg_stat_archiver
      )
    end as archiver,
    (
      select count(*)::int
      from pg_catalog.pg_stat_activity
      where backend_type = 'client backend' and wait_event_type = 'Lock'
    ) as waiters
  from server`;

const rowsSchema = z.tuple([
  z.object({
    versionNumber: z.int(),
    readsAllStats: z.boolean(),
    xidAges: z.array(z.object({ database: z.string(), age: z.int() })),
    slots: z.array(z.object({ name: z.string(), active: z.boolean(), retainedBytes: ageSchema })),
    standbys: z.array(z.object({ name: nameSchema, address: z.string().nullable(), lagMs: ageSchema })),
    archiver: z
      .object({
        lastArchivedAt: z.number().nullable(),
        lastFailedAt: z.number().nullable(),
        lastFailedWal: z.string().nullable(),
        failures: z.int(),
      })
      .nullable(),
    waiters: z.int(),
  }),
]);

/**
 * What changes slowly: one statement, and a second one only while somebody waits for a lock. PostgreSQL 13 and later.
 * Needs pg_monitor, and fails with the reason without it.
 */
export async function readSignals(query: RunQuery): Promise<Parsed<ServerSignals>> {
  const parsed = parseRows(rowsSchema, await query(SIGNALS));
  if (!parsed.ok) return parsed;
  const [{ versionNumber, readsAllStats, waiters, standbys, ...rest }] = parsed.value;
  if (!readsAllStats) return { ok: false, reason: HIDDEN_STATISTICS };
  const lockWaits = await readLockWaits(query, waiters, versionNumber);
  if (!lockWaits.ok) return lockWaits;
  return { ok: true, value: { ...rest, standbys: nameStandbys(standbys), lockWaits: lockWaits.value } };
}
