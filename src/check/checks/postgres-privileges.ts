import { type Check, fault, fine, warning } from '../check.ts';

export default {
  area: 'postgres',
  scope: 'database',
  summary: "The bot's role has pg_monitor, pg_signal_backend and, from PostgreSQL 16 on, slots of its own.",
  judge({ server, sessions }, { name, connection }) {
    const missing = server.missingPrivileges;
    if (missing.length === 0)
      return [fine(name, `${connection.user} may see, end sessions, and get in when it is full`)];
    return missing.map(({ privilege, consequence, remedy, countsAreLow }) => {
      const hidden = countsAreLow ? ` (${sessions.hidden} of ${sessions.total} sessions are hidden from it now)` : '';
      const told = { what: `${connection.user} lacks ${privilege}${hidden}`, why: consequence, mend: remedy };
      // Without slots of its own the bot lives by the session that it holds: most days that is enough.
      return (privilege === 'reserved slots' ? warning : fault)(`${name}: ${privilege}`, told);
    });
  },
} satisfies Check;
