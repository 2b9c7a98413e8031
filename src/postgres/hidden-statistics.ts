/** True where the role sees the statistics of other roles' sessions. */
export const READS_ALL_STATS = "pg_catalog.pg_has_role('pg_read_all_stats', 'usage')";

/** Where lists must be whole, half of one is none (facts.md, PostgreSQL 6). */
export const HIDDEN_STATISTICS = "the role lacks pg_monitor: what other roles' sessions do is hidden from it";
