import { readFile } from 'node:fs/promises';
import { loadRules } from './alerts/rule-catalogue.ts';
import { createCheckCommand } from './cli/commands/check.ts';
import { createConfigSchemaCommand } from './cli/commands/config-schema.ts';
import { createRunCommand } from './cli/commands/run.ts';
import { createSetupSqlCommand } from './cli/commands/setup-sql.ts';
import { runCli } from './cli/run-cli.ts';
import type { Config } from './config/config.ts';
import type { CheckFinding } from './model/check-finding.ts';

/** Kubernetes sends SIGKILL 30 s after SIGTERM; people expect less (contract.md, fine print 8: 8 s). */
const STOP_WITHIN_MS = 6_000;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const rules = await loadRules().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  commands: [
    createRunCommand(rules, serve),
    createCheckCommand(rules, check),
    createSetupSqlCommand(rules),
    createConfigSchemaCommand(rules),
  ],
});

async function check(config: Config): Promise<readonly CheckFinding[]> {
  const [{ examineOnce }, { startKubernetes }, { createLog }, { systemClock }] = await Promise.all([
    import('./bot-check.ts'),
    import('./bot-kubernetes.ts'),
    import('./log/create-log.ts'),
    import('./time/system-clock.ts'),
  ]);
  // What is wrong stands in the findings.
  const log = createLog({ level: 'silent', secrets: [], write: () => {} });
  const kubernetes = await startKubernetes({
    config: config.kubernetes,
    environment: process.env,
    clock: systemClock,
    log,
  });
  try {
    return await examineOnce(config, {
      cluster: kubernetes,
      clock: systemClock,
      ruleIds: rules.map(({ id }) => id),
    });
  } finally {
    await kubernetes?.close();
  }
}

/** Runs the bot until SIGTERM or SIGINT (status 0), or until it cannot go on (status 1, with the reason as one line). */
async function serve(config: Config): Promise<number> {
  const level = process.env['LOG_LEVEL'] ?? 'info';
  if (!LOG_LEVELS.includes(level)) {
    process.stderr.write(`LOG_LEVEL is ${JSON.stringify(level)}: write one of ${LOG_LEVELS.join(', ')}\n`);
    return 2;
  }
  return runUntilSignalled(config, level);
}

async function runUntilSignalled(config: Config, level: string): Promise<number> {
  // Loaded here, so that the commands that need neither Discord nor PostgreSQL start at once.
  const [{ startBot }, { createLog }, { createConfiguredRedactor }, { isDiscordClientFault }, { systemClock }] =
    await Promise.all([
      import('./bot.ts'),
      import('./log/create-log.ts'),
      import('./bot-redactor.ts'),
      import('./discord/client-fault.ts'),
      import('./time/system-clock.ts'),
    ]);
  const { redactor, forms, exposed } = createConfiguredRedactor(
    config,
    rules.map(({ id }) => id),
  );
  const log = createLog({ level, secrets: forms, write: (line) => process.stdout.write(line) });
  if (exposed > 0)
    log.warn({ secrets: exposed }, 'a secret stands in a configured name and cannot be hidden: change it');
  const { promise: over, resolve: end } = Promise.withResolvers<number>();

  // Stays until the end: npm passes on a signal that the whole group has had already, and the second must not kill.
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(0));
  process.on('unhandledRejection', (err) => {
    if (isDiscordClientFault(err)) {
      log.warn({ err }, 'the Discord client stumbled over something it received; going on');
      return;
    }
    log.fatal({ err }, 'a fault of ours that nobody caught: ending, so that the supervisor starts anew');
    end(1);
  });

  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  const bot = await startBot({
    config,
    environment: process.env,
    rules,
    version,
    clock: systemClock,
    log,
    redactor,
    onFatal: (reason) => {
      log.fatal({}, reason);
      end(1);
    },
  });
  const status = await over;
  log.info({ status }, 'ending');
  // What hangs in the network must not outlast the supervisor's patience.
  setTimeout(() => process.exit(status), STOP_WITHIN_MS).unref();
  await bot.stop();
  process.exit(status);
}
