import { renderSetupSql } from '../../check/setup-sql.ts';
import { findClosest } from '../../model/did-you-mean.ts';
import type { RuleDescription } from '../../model/rule-options.ts';
import type { CliCommand } from '../command.ts';
import { loadFor } from '../load-for.ts';

/** Prints SQL; connects to nothing and asks for no secret. */
export function createSetupSqlCommand(rules: readonly RuleDescription[]): CliCommand {
  return {
    name: 'setup-sql',
    summary: 'Print the SQL that makes the PostgreSQL roles of a database.',
    details: [
      'It connects to nothing, and holds no password:',
      '',
      '  breakwater setup-sql --database main | psql',
    ].join('\n'),
    options: { database: { type: 'string' } },
    optionHelp: { '--database <name>': 'As configured; every database unless given.' },
    async run(values, context) {
      const config = loadFor(context, { rules, secrets: 'ignored' });
      if (config === null) return 2;
      const name = values['database'];
      const chosen = config.databases.filter((database) => name === undefined || database.name === name);
      if (chosen.length === 0) {
        const names = config.databases.map((database) => database.name);
        const closest = findClosest(String(name), names);
        const advice = closest === null ? `There is: ${names.join(', ')}.` : `Did you mean ${closest}?`;
        context.stderr.write(`breakwater setup-sql: no database is named ${JSON.stringify(name)}. ${advice}\n`);
        return 2;
      }
      const scripts = chosen.map((database) => {
        const { host, port } = database.connection;
        return `-- ${database.name}: on the server at ${host}:${port}\n${renderSetupSql(database)}`;
      });
      context.stdout.write(scripts.join('\n\n'));
      return 0;
    },
  };
}
