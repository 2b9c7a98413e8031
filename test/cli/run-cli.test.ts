import { expect, it } from 'vitest';
import type { CliCommand } from '../../src/cli/command.ts';
import { createConfigSchemaCommand } from '../../src/cli/commands/config-schema.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { RULES } from '../support/config.ts';

const greet: CliCommand = {
  name: 'greet',
  summary: 'Say hello.',
  options: { name: { type: 'string' }, json: { type: 'boolean' } },
  optionHelp: { '--name <name>': 'Whom to greet.', '--json': 'As JSON.' },
  async run(values, { env, stdout }) {
    stdout.write(`hello ${String(values['name'] ?? env['USER'])}${values['json'] === true ? ' as json' : ''}\n`);
    return 1;
  },
};
const fail: CliCommand = {
  name: 'fail',
  summary: 'Break.',
  run: () => Promise.reject(new Error('the wire is cut')),
};

async function run(...argv: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const status = await runCli({
    argv,
    env: { USER: 'ada' },
    commands: [greet, fail, createConfigSchemaCommand(RULES)],
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
  });
  return { status, ...written };
}

it('runs the command that is named, with its options, and ends with its status', async () => {
  expect(await run('greet', '--name', 'Grace', '--json')).toEqual({
    status: 1,
    stdout: 'hello Grace as json\n',
    stderr: '',
  });
  expect(await run('greet')).toMatchObject({ stdout: 'hello ada\n' });
});

it.each([['--help'], ['-h'], ['help']])('lists the commands on %s', async (...argv) => {
  const { status, stdout } = await run(...argv);
  expect(status).toBe(0);
  expect(stdout).toMatch(/Usage: breakwater <command>/);
  expect(stdout).toMatch(/ {2}greet {10}Say hello\.\n {2}fail {11}Break\./);
});

it.each([[['greet', '--help']], [['help', 'greet']], [['greet', '-h', '--json']]])(
  'explains one command on %j',
  async (argv) => {
    const { status, stdout } = await run(...argv);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /Usage: breakwater greet \[options\]\n\nSay hello\.\n\n {2}--name <name> {2}Whom to greet\./,
    );
  },
);

it.each([
  [['gret'], /^breakwater has no command "gret"\. Did you mean greet\?/],
  [['zzzzzzzz'], /The commands are greet, fail, config-schema\./],
  [['greet', '--nmae', 'x'], /^breakwater greet: Unknown option '--nmae'/],
  [['greet', 'loudly'], /^breakwater greet: Unexpected argument 'loudly'/],
  [['greet', '--name'], /^breakwater greet: Option '--name <value>' argument missing/],
  [[], /^Usage: breakwater/],
])('ends with 2 and says why on %j', async (argv, expected) => {
  const { status, stdout, stderr } = await run(...argv);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(expected);
});

it('ends with 1 when a command breaks', async () => {
  expect(await run('fail')).toEqual({ status: 1, stdout: '', stderr: 'breakwater fail failed: the wire is cut\n' });
});

it('prints a JSON Schema that knows the alert rules', async () => {
  const { status, stdout } = await run('config-schema');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    required: ['discord', 'databases'],
    properties: {
      databases: {
        items: { properties: { alerts: { properties: { 'connections-total': { additionalProperties: false } } } } },
      },
    },
  });
});
