import { checkConfig } from '../../src/config/check-config.ts';
import type { Config } from '../../src/config/config.ts';
import type { Fault } from '../../src/config/fault.ts';
import type { RuleDescription } from '../../src/model/rule-options.ts';

const option = (value: string) => ({ type: 'threshold', default: value, meaning: 'Where it stands.' }) as const;

/** Two rules with defaults of their own, so that these tests hold whatever the catalogue says. */
export const RULES: readonly RuleDescription[] = [
  { id: 'connections-total', severity: 'critical', for: '0s', options: { fire: option('90%'), clear: option('80%') } },
  {
    id: 'connections-application',
    severity: 'warning',
    for: '15s',
    options: { fire: option('100%'), clear: option('90%') },
  },
];

/** Everything that is required and nothing else. */
export const MINIMAL = `discord:
  applicationId: "100000000000000001"
  guildId: "100000000000000002"
  channels: { alerts: "100000000000000003" }
  roles: {}
databases:
  - name: main
    connection: { host: postgres.example.org, user: breakwater }
`;

export const MINIMAL_ENV = { DISCORD_TOKEN: 'a-bot-token', DATABASE_MAIN_PASSWORD: 'a-password' };

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly rules?: readonly RuleDescription[];
  /** By path. */
  readonly files?: Readonly<Record<string, string>>;
}

export function check(source: string, { env = MINIMAL_ENV, rules = RULES, files = {} }: Options = {}) {
  return checkConfig({
    source,
    directory: '/etc/breakwater',
    env,
    rules,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
      return text;
    },
  });
}

/** The configuration, or an error that lists the faults. */
export function configOf(source: string, options?: Options): Config {
  const loaded = check(source, options);
  if (!loaded.ok) throw new Error(describe(loaded.faults).join('\n'));
  return loaded.config;
}

/** The faults as `line:column path: message`; none when all is well. */
export function faultsOf(source: string, options?: Options): readonly string[] {
  const loaded = check(source, options);
  return loaded.ok ? [] : describe(loaded.faults);
}

function describe(faults: readonly Fault[]): readonly string[] {
  return faults.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}
