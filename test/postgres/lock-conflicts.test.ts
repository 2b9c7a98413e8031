import { expect, it } from 'vitest';
import { conflicts } from '../../src/postgres/lock-conflicts.ts';
import { connectClient, sharedPostgres } from '../support/postgres.ts';

const MODES = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
] as const;

/** As pg_locks writes it. */
const nameOf = (mode: string) => `${mode.replace(/(^|\s)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}Lock`;

it('is what PostgreSQL does, for every two modes', async () => {
  const { superuser } = await sharedPostgres();
  const [holder, other] = [await connectClient(superuser), await connectClient(superuser)];
  await holder.query('create table contested ()');
  for (const held of MODES) {
    for (const wanted of MODES) {
      await holder.query(`begin; lock table contested in ${held} mode`);
      const got = await other.query(`begin; lock table contested in ${wanted} mode nowait`).then(
        () => true,
        () => false,
      );
      await other.query('rollback');
      await holder.query('rollback');
      expect({ held, wanted, conflicts: conflicts(nameOf(held), nameOf(wanted)) }).toEqual({
        held,
        wanted,
        conflicts: !got,
      });
    }
  }
  await holder.query('drop table contested');
  await Promise.all([holder.end(), other.end()]);
});
