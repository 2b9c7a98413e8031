import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeChange, findHarm, listRestart } from '../../sandbox/drill/expect-restarted.ts';
import pods from '../../sandbox/kubernetes/resources/pods.ts';
import { demandCluster } from '../../sandbox/stage/cluster/demand-cluster.ts';
import { readWorkloads, watchWorkloads } from '../../sandbox/stage/cluster/watch-workloads.ts';
import { type Stage, setStage } from '../../sandbox/stage/set-stage.ts';
import { composeRunbook } from '../../src/recovery/compose-runbook.ts';
import type { StrategyName } from '../../src/recovery/plan.ts';
import { loadSteps } from '../../src/recovery/step-catalogue.ts';
import { loadStrategies } from '../../src/recovery/strategy-catalogue.ts';
import { renderRunbookMarkdown } from '../../src/render/runbook.ts';
import { CLAIM, CRON_JOB, POSTGRES, SITE } from '../support/place-builders.ts';
import { whyNot } from '../support/programs.ts';
import { restartSettings } from './strategies/facts-of-restart.ts';

const MISSING = whyNot('kubectl', 'psql');
const DEPENDENTS = ['site', 'metricity'];
/** Kubelets renew their Leases so much more often: whoever follows the runbook waits for that, and sleeps as much less. */
const TIME_SCALE = 20;

describe.skipIf(MISSING !== null)(`the runbook, copied into a shell${MISSING ?? ''}`, () => {
  let stage: Stage;
  let directory: string;
  beforeAll(async () => {
    stage = await setStage({
      cluster: { graceSeconds: 2 },
      startBot: false,
      ledger: true,
      timeScale: TIME_SCALE,
    });
    directory = await mkdtemp(join(tmpdir(), 'runbook-'));
    await writeFile(join(directory, 'config'), demandCluster(stage).kubernetes.kubeconfig());
    await writeFile(
      join(directory, 'sleep'),
      `#!/bin/sh\nPATH=$OLD_PATH exec sleep "$(($1 * 1000 / ${TIME_SCALE}))e-3"\n`,
    );
    await chmod(join(directory, 'sleep'), 0o755);
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await rm(directory, { recursive: true });
  });

  async function follow(strategy: StrategyName, fill: (command: string) => string = (command) => command) {
    const { host, port, superuser } = stage.postgres;
    const application = { name: 'site', match: { user: 'site' }, limit: 32, workload: 'default/deployment/site' };
    const settings = restartSettings({
      workload: POSTGRES,
      claim: CLAIM,
      applications: [application],
      protect: ['pg_dump'],
      dependents: DEPENDENTS.map((name) => ({ ...SITE, name })),
      backup: { cronJob: CRON_JOB, maxAgeMs: 26 * 3_600_000 },
      connection: { host, port, database: superuser.database },
    });
    const printed = renderRunbookMarkdown(
      composeRunbook(settings, await loadStrategies(), await loadSteps(), strategy),
    ).split('### To take it back')[0];
    const commands = [...(printed ?? '').matchAll(/```sh\n(.*?)\n```/gs)].map(([, command = '']) => fill(command));
    // One shell for all of it, as a person has; then what each said.
    const script = commands.map((command) => `${command}\necho "${MARK} $?"`).join('\n');
    const path = process.env['PATH'] ?? '';
    const child = spawn('sh', ['-c', `{ ${script}\n} 2>&1`], {
      cwd: directory,
      env: {
        PATH: `${directory}:${path}`,
        OLD_PATH: path,
        HOME: directory,
        KUBECONFIG: join(directory, 'config'),
        PGUSER: superuser.user,
        PGPASSWORD: superuser.password,
      },
    });
    const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const answers = out.split(new RegExp(`${MARK} (\\d+)\n`)).slice(0, -1);
    expect(answers, out).toHaveLength(commands.length * 2);
    return commands.map((command, index) => ({
      command,
      said: answers[index * 2] ?? '',
      status: Number(answers[index * 2 + 1]),
    }));
  }

  it('does rung 1: ends the sessions of an address that no pod has, and nobody else’s', async () => {
    const cluster = demandCluster(stage);
    cluster.abandonOnRollout('site', true);
    await cluster.rollOut('site');
    cluster.abandonOnRollout('site', false);
    const end = async (address: string) => {
      // Nobody waits here until they are a minute old.
      const fill = (command: string) =>
        command.replaceAll("interval '60 s'", "interval '0 s'").replace('address=192.0.2.1', `address=${address}`);
      return (await follow('kill-stale', fill)).map(({ said }) => said);
    };
    const living = cluster.kubernetes.api
      .list(pods, 'default')
      .find(({ metadata }) => metadata.labels?.['app'] === 'site');
    const asked = await end(living?.status.podIP);
    expect(asked.at(-1)).toBe(`a pod has ${living?.status.podIP}\n`);
    const [, orphan = ''] = /^(127\.20\.\S+)\|4\|site$/m.exec(asked.at(-2) ?? '') ?? [];
    expect((await end(orphan)).at(-1)?.match(/ site +\| t$/gm)).toHaveLength(4);
    const [, , , ended, listed, last] = await end('192.0.2.1');
    expect(listed).not.toContain(`${orphan}|`);
    expect([ended, last]).toEqual([expect.stringContaining('(0 rows)'), expect.stringContaining('(0 rows)')]);
  });

  it('does rung 2: the role is limited, and its idle sessions are gone', async () => {
    const answers = await follow('cap-application');
    expect(answers.filter(({ status }) => status !== 0)).toEqual([]);
    const said = answers.map((answer) => answer.said).join('');
    expect(said).toMatch(/ALTER ROLE\n rolname .*\n.*\n site +\| +32 \| f/);
    expect(said).toMatch(/\d+ \| site +\| t\n/);
  });

  it('does rung 3: the application is stopped, and has its replicas back', async () => {
    const { api } = demandCluster(stage).kubernetes;
    const watched = watchWorkloads(api);
    const answers = await follow('restart-application');
    watched.stop();
    expect(answers.filter(({ status }) => status !== 0)).toEqual([]);
    expect(scalesOf(watched.changes)).toEqual(['site 3 → 0', 'site 0 → 3']);
    expect(readWorkloads(api).get('site')).toMatchObject({ replicas: 3, held: null });
  });

  it('does rung 4 on a server that hangs: proven gone, everybody back, no row lost', async () => {
    const { kubernetes } = demandCluster(stage);
    await stage.ledger?.writes(5);
    const before = { dependents: DEPENDENTS, workloads: readWorkloads(kubernetes.api) };
    const watched = watchWorkloads(kubernetes.api);
    await stage.postgres.hang();
    // The first look at a server that hangs takes the 10 s after which it says so.
    const answers = await follow('restart', (command) =>
      command.replace('PGCONNECT_TIMEOUT=10', 'PGCONNECT_TIMEOUT=2'),
    );
    watched.stop();
    const failed = answers.filter(({ status }) => status !== 0);
    expect(failed.map(({ said }) => said)).toEqual([expect.stringContaining('timeout expired') as string]);
    expect(scalesOf(watched.changes)).toEqual(listRestart(before));
    expect(answers.filter(({ said }) => said.includes('PROVEN: the old server is gone'))).toHaveLength(2);
    expect(answers.filter(({ said }) => said === '')).toEqual([]);
    expect(await findHarm(stage, before)).toEqual([]);
  });
});

const MARK = 'answered with';

function scalesOf(changes: ReturnType<typeof watchWorkloads>['changes']): readonly string[] {
  return changes.filter(({ from, to }) => from.replicas !== to.replicas).map(describeChange);
}
