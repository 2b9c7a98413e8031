import { createHash } from 'node:crypto';
import type { Client } from 'pg';

export interface LedgerVerdict {
  /** Of the acknowledged. */
  readonly expected: Sums;
  readonly found: Sums;
  /** Rows of commits whose answer never came. */
  readonly uncertain: number;
  /** Rows more than numbers: something was written twice. */
  readonly twice: number;
  /** Rows whose own checksum is not that of their number. */
  readonly damaged: number;
  readonly complete: boolean;
}

interface Sums {
  readonly rows: number;
  readonly sum: string;
  /** Of each number and its checksum, in order. */
  readonly checksum: string;
}

/** Holds the table `entry` against the numbers that were acknowledged; those that nobody answered may be there, once. */
export async function holdLedger(
  client: Client,
  acknowledged: readonly number[],
  unanswered: readonly number[],
): Promise<LedgerVerdict> {
  const { rows } = await client.query<Sums & Pick<LedgerVerdict, 'uncertain' | 'twice' | 'damaged'>>(HOLD, [
    unanswered,
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL gives no sums of the ledger');
  const { uncertain, twice, damaged, ...found } = row;
  const expected: Sums = {
    rows: acknowledged.length,
    sum: String(acknowledged.reduce((sum, n) => sum + n, 0)),
    checksum: md5(acknowledged.map((n) => `${n} ${checksumOf(n)}`).join(',')),
  };
  const isSame = found.rows === expected.rows && found.sum === expected.sum && found.checksum === expected.checksum;
  return { expected, found, uncertain, twice, damaged, complete: isSame && twice === 0 && damaged === 0 };
}

/** One statement over one snapshot; the index of nothing is asked, so that a row which only an index has lost is found. */
const HOLD = `
  select
    count(*) filter (where known)::int as rows,
    (coalesce(sum(n) filter (where known), 0))::text as sum,
    pg_catalog.md5(coalesce(string_agg(n || ' ' || checksum, ',' order by n) filter (where known), '')) as checksum,
    count(*) filter (where not known)::int as uncertain,
    (count(*) - count(distinct n))::int as twice,
    count(*) filter (where checksum <> pg_catalog.md5(n::text))::int as damaged
  from (select n, checksum, not n = any($1::bigint[]) as known from entry) as each`;

/** What is written beside a number. */
export function checksumOf(n: number): string {
  return md5(String(n));
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
