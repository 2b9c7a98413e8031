import { type Check, fault, fine } from '../check.ts';

export default {
  area: 'postgres',
  scope: 'database',
  summary: 'The bot talks to the server itself, not through a pooler.',
  judge: ({ pooled }, { name, connection }) => [
    pooled
      ? fault(`${name}: pooler`, {
          what: `a pooler answers at ${connection.host}:${connection.port}, not PostgreSQL itself`,
          why: 'The session that the bot holds is then not its own: when the server is full, it may be without one.',
          mend: `Point connection.host and connection.port of ${name} at the server; the pooler belongs under pgbouncer:.`,
        })
      : fine(`${name}: pooler`, 'none stands between the bot and the server'),
  ],
} satisfies Check;
