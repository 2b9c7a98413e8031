import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf, titleOf } from '../../sandbox/drill/read-message.ts';
import { labelsOf, RUN, requestRecovery, seeResume, seeRun } from '../../sandbox/drill/recover.ts';
import deployments from '../../sandbox/kubernetes/resources/deployments.ts';
import { type Ledger, openLedger } from '../../sandbox/players/ledger.ts';
import { CAST } from '../../sandbox/stage/cast.ts';
import type { StageCluster } from '../../sandbox/stage/cluster/set-cluster.ts';
import { type Stage, setStage } from '../../sandbox/stage/set-stage.ts';
import { refusalOf } from './kill-world.ts';

const HELD = 'breakwater.dev/held-replicas';

let stage: Stage;
let cluster: StageCluster;
let ledger: Ledger;

beforeAll(async () => {
  stage = await setStage({ cluster: { sessions: { site: 3, metricity: 1 } } });
  if (stage.cluster === null) throw new Error('the stage has no cluster');
  cluster = stage.cluster;
  ledger = await openLedger(stage.postgres.superuser);
}, 120_000);
afterAll(async () => {
  await ledger.close();
  await stage.close();
});

/** What has been changed since, as in `PATCH …/deployments/site`. */
function changesSince(count: number): readonly string[] {
  return cluster.kubernetes.requests
    .slice(count)
    .filter(({ method, path }) => method !== 'GET' && !path.includes('/authorization.k8s.io/'))
    .map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
}

function replicas(): Readonly<Record<string, unknown>> {
  const all = cluster.kubernetes.api.list(deployments, 'default');
  return Object.fromEntries(
    all.map(({ metadata, spec }) => [
      metadata.name,
      [(spec as { replicas: number }).replicas, metadata.annotations?.[HELD]],
    ]),
  );
}

async function expectRecovered(before: ReturnType<typeof replicas>): Promise<void> {
  await ledger.writes(5);
  expect(await ledger.verify()).toMatchObject({ complete: true });
  expect(cluster.kubelets.twoPostmasters).toEqual([]);
  expect(replicas()).toEqual(before);
}

describe('a planned restart', () => {
  it('is not begun by who asked for it, and is by another; clients are held and released in order, and no row is lost', async () => {
    const before = replicas();
    const shown = await requestRecovery(stage, 'remy', { strategy: 'restart' });
    expect(labelsOf(shown)).toEqual(['Cancel', 'Approve']);
    const began = cluster.kubernetes.requests.length;
    expect(await refusalOf(await stage.discord.actAs('remy').click(shown.id, 'Approve'))).toContain('somebody else');
    expect(changesSince(began)).toEqual([]);
    await ledger.writes(5);

    await stage.discord.actAs('ada').click(shown.id, 'Approve');
    const done = await seeRun(stage, shown, (each) => /restart done/.test(titleOf(each)));
    expect(textOf(done.message)).toMatch(/all \d+ workloads are ready/);
    const clients = CAST.map(({ name }) => name);
    const twice = [...clients.toReversed(), 'postgres', 'postgres', ...clients];
    expect(changesSince(began)).toEqual(twice);
    await expectRecovered(before);
  }, 180_000);

  it('whose bot is killed in the middle is found, told, and goes on when it is told to', async () => {
    const before = replicas();
    const shown = await requestRecovery(stage, 'remy', { strategy: 'restart' });
    const began = cluster.kubernetes.requests.length;
    await stage.discord.actAs('ada').click(shown.id, 'Approve');
    await seeRun(stage, shown, (each) => /at step 11 of/.test(titleOf(each)));
    await stage.lives.kill('SIGKILL');
    const killed = cluster.kubernetes.requests.length;
    const next = stage.lives.launch();
    const { message: left } = await seeResume(stage, ({ id }) => id !== shown.id, RUN);
    const { alerts } = stage.discord.channels;
    const offers = stage.discord.messages(alerts).filter((each) => labelsOf(each).includes('Resume'));
    expect(offers.map(({ id }) => id)).toEqual([left.id]);
    expect(textOf(left)).toContain('Prove that the old server');
    expect(labelsOf(left)).toContain('Release clients');
    await seeRun(stage, shown, (each) => /goes on in a newer message/.test(titleOf(each)));
    expect(changesSince(killed)).toEqual([]);

    // What is clicked before its gateway is there is lost (facts.md, Discord 4), as it is for people.
    await next.log.waitFor(({ msg }) => msg === 'connected to Discord', { ...RUN, what: 'the gateway' });
    await stage.discord.actAs('remy').click(left.id, 'Resume');
    await seeRun(stage, left, (each) => /restart done/.test(titleOf(each)));
    expect(changesSince(began)).toHaveLength(2 * CAST.length + 2);
    await expectRecovered(before);
  }, 180_000);
});
