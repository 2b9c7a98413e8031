import type { DatabaseConfig } from '../../config/config.ts';
import { VERDICT_MEANINGS } from '../../model/admission.ts';
import type { PostgresSight } from '../../model/postgres-facts.ts';
import type { ServerFacts } from '../../model/server-facts.ts';
import { type Check, fault, fine, type Judgement, unknown, warning } from '../check.ts';

const OLDEST = 13;
/** The newest that the tests run on. */
const NEWEST = 18;
const BLIND = 'The bot sees nothing of it, and can do nothing there.';

export default {
  area: 'postgres',
  scope: 'all',
  summary: 'Each server lets the bot in, is a version that is supported, and is the primary.',
  judge: ({ config, postgres }) =>
    config.databases.map((database) => judgeSight(database, postgres.get(database.name))),
} satisfies Check;

function judgeSight(database: DatabaseConfig, sight: PostgresSight | undefined): Judgement {
  const { name, connection } = database;
  const where = `${connection.host}:${connection.port}`;
  switch (sight?.kind) {
    case undefined:
      return unknown(name, 'nobody looked');
    case 'failed':
      return fault(name, { what: sight.reason, why: BLIND, mend: 'Correct it, and run breakwater check again.' });
    case 'refused': {
      const { fact, next } = VERDICT_MEANINGS[sight.verdict];
      const said = sight.serverSaid === null ? '' : ` (“${sight.serverSaid}”)`;
      const what = `${connection.user} cannot connect to ${where}: ${fact}${said}`;
      const try_ = `psql "host=${connection.host} port=${connection.port} user=${connection.user} dbname=${connection.database}"`;
      const role = sight.verdict === 'auth-refused' ? `\nThe role: breakwater setup-sql --database ${name}` : '';
      return fault(name, { what, why: BLIND, mend: `${next}${role}\n${try_}` });
    }
    case 'seen':
      return judgeServer(name, where, sight.facts.server);
  }
}

function judgeServer(name: string, where: string, { version, versionNumber, inRecovery }: ServerFacts): Judgement {
  const major = Math.floor(versionNumber / 10_000);
  if (major < OLDEST)
    return fault(name, {
      what: `PostgreSQL ${version} at ${where} is older than ${OLDEST}`,
      why: 'Breakwater asks it for what it does not know; it gets no security fixes either.',
      mend: `Upgrade it to PostgreSQL ${NEWEST}: https://www.postgresql.org/docs/${NEWEST}/upgrading.html`,
    });
  if (major > NEWEST)
    return warning(name, {
      what: `PostgreSQL ${version} at ${where} is newer than ${NEWEST}, the newest that was tried`,
      why: 'What it names differently is not seen.',
      mend: 'Take a newer Breakwater, or watch its log for statements that fail.',
    });
  if (inRecovery)
    return warning(name, {
      what: `the server at ${where} is a read-only standby`,
      why: 'Its numbers are not those of the primary, on which applications depend.',
      mend: `${VERDICT_MEANINGS['read-only'].next} (databases: ${name}: connection.host)`,
    });
  return fine(name, `PostgreSQL ${version} at ${where} lets the bot in`);
}
