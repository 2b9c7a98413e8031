import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCheckCommand } from '../../src/cli/commands/check.ts';
import { createSetupSqlCommand } from '../../src/cli/commands/setup-sql.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { CheckFinding, CheckLevel } from '../../src/model/check-finding.ts';
import { MINIMAL, MINIMAL_ENV, RULES } from '../support/config.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'breakwater-check-'));
  await writeFile(join(directory, 'good.yaml'), MINIMAL);
  await writeFile(join(directory, 'bad.yaml'), MINIMAL.replace('guildId', 'gildId'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const finding = (level: CheckLevel): CheckFinding => {
  return { id: 'x', level, area: 'discord', subject: 'it', what: 'is so', why: null, mend: null };
};

async function run(
  file: string,
  argv: readonly string[],
  levels: readonly CheckLevel[] = [],
  secrets: object = MINIMAL_ENV,
) {
  const text = { stdout: '', stderr: '' };
  let examined = 0;
  const examine = async () => {
    examined += 1;
    return levels.map(finding);
  };
  const status = await runCli({
    argv,
    env: { ...secrets, BREAKWATER_CONFIG: join(directory, file) },
    commands: [createCheckCommand(RULES, examine), createSetupSqlCommand(RULES)],
    stdout: { write: (part: string) => void (text.stdout += part) },
    stderr: { write: (part: string) => void (text.stderr += part) },
  });
  return { status, ...text, examined };
}

it.each<[readonly CheckLevel[], number]>([
  [['ok'], 0],
  [['ok', 'warning', 'unknown'], 0],
  [['ok', 'fault'], 1],
])('check ends on %j with %d', async (levels, status) => {
  const human = await run('good.yaml', ['check'], levels);
  expect(human).toMatchObject({ status, stderr: '' });
  expect(human.stdout).toMatch(/\d+ faults?, \d+ warnings?, \d+ ok, \d+ unknown\n$/);
  const machine = await run('good.yaml', ['check', '--json'], levels);
  expect(machine.status).toBe(status);
  expect(JSON.parse(machine.stdout)).toEqual({ ok: status === 0, findings: levels.map(finding) });
});

it.each([['check'], ['setup-sql']])(
  '%s ends with 2 where the configuration is broken, and looks at nothing',
  async (command) => {
    const { status, stdout, stderr, examined } = await run('bad.yaml', [command]);
    expect({ status, stdout, examined }).toEqual({ status: 2, stdout: '', examined: 0 });
    expect(stderr).toContain('gildId');
  },
);

it('check wants the secrets, setup-sql none', async () => {
  expect(await run('good.yaml', ['check'], [], {})).toMatchObject({ status: 2, stdout: '' });
  const { status, stdout } = await run('good.yaml', ['setup-sql'], [], {});
  expect(status).toBe(0);
  expect(stdout).toMatch(/^-- main: on the server at postgres\.example\.org:5432\n/);
  expect(stdout).toContain('create role "breakwater" login;');
});

it('setup-sql knows the databases, and what was meant', async () => {
  expect(await run('good.yaml', ['setup-sql', '--database', 'main'])).toMatchObject({ status: 0 });
  expect(await run('good.yaml', ['setup-sql', '--database', 'mian'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: 'breakwater setup-sql: no database is named "mian". Did you mean main?\n',
  });
});
