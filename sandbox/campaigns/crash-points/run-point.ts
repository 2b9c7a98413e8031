import type { Message } from '../../discord/world/state.ts';
import { describeChange, findHarm, listRestart } from '../../drill/expect-restarted.ts';
import { textOf } from '../../drill/read-message.ts';
import { approve, isSettled, RUN, requestRecovery, seeRun, standOf } from '../../drill/recover.ts';
import { comesToHold } from '../../drill/see-alerts.ts';
import { readWorkloads, watchWorkloads } from '../../stage/cluster/watch-workloads.ts';
import { goOn, type NextLife } from './go-on.ts';
import type { Death, Ground } from './ground.ts';

export interface Outcome {
  readonly death: Death | null;
  /** Where the next life found it; `lived` where no commit was the one to die at. */
  readonly found: NextLife['found'] | 'lived';
  /** For each commit of the first life that came to be, what it wrote. */
  readonly commits: readonly string[];
  /** What went wrong; nothing when all went well. */
  readonly faults: readonly string[];
  readonly tookMs: number;
}

/** Of the world's time. */
const LINGERS_MS = 10_000;

/** One restart of PostgreSQL, from the request to its end, by a bot that dies in the middle and the next one. */
export async function runPoint(ground: Ground, death: Death | null): Promise<Outcome> {
  const { stage, cluster, before } = ground;
  const begunAt = Date.now();
  const prepared = ground.prepare(death);
  const former = new Set(ground.readRuns().keys());
  await stage.lives.start(prepared.env);
  const bot = stage.lives.now;
  stage.lives.expectEnd();
  const watched = watchWorkloads(cluster.kubernetes.api);

  let asked: Message | null = null;
  let ended: Message | null = null;
  const play = async (): Promise<void> => {
    asked = await requestRecovery(stage, 'remy', { strategy: 'restart' });
    const refusal = await approve(stage, 'ada', asked);
    if (refusal !== null) throw new Error(`not approved: ${refusal}`);
    ended = (await seeRun(stage, asked, isSettled)).message;
  };
  const faults: string[] = [];
  // Of a dead bot nobody gets an answer: what was waited for fails then, later.
  const played = play().then(() => null, say);
  const settles = played.then(async (fault) => {
    // The end is seen before it is written down that it was.
    if (death !== null && fault === null) await stage.time.sleep(LINGERS_MS);
    return { fault };
  });
  const lived = await Promise.race([settles, bot.exited.then(() => null)]);
  let found: Outcome['found'] = 'lived';
  try {
    if (lived === null) {
      const next = await goOn(ground, { asked, former });
      ({ found } = next);
      faults.push(...next.faults);
    } else if (lived.fault !== null) faults.push(lived.fault);
    else if (death !== null) faults.push(`it has no commit ${death.point}`);
    else if (ended !== null && standOf(ended) !== 'over') faults.push(`it stopped: ${textOf(ended)}`);
    faults.push(...(await findWrong(ground, former)));
  } catch (error) {
    faults.push(say(error));
  }
  watched.stop();
  const changes = watched.changes.map(describeChange);
  if (changes.join() !== listRestart(before).join()) faults.push(`not each once and in order: ${changes.join(', ')}`);
  if (stage.discord.violations.length > 0)
    faults.push(`Discord refuses ${JSON.stringify(stage.discord.violations[0])}`);
  await stage.lives.kill('SIGTERM');
  return { death, found, commits: prepared.tells(), faults, tookMs: Date.now() - begunAt };
}

/** What must hold however it went: the run is done, by the journal, and the world is as it was. */
async function findWrong(ground: Ground, former: ReadonlySet<string>): Promise<readonly string[]> {
  const { stage, cluster, before } = ground;
  const { api } = cluster.kubernetes;
  const isBack = (): boolean => {
    const now = readWorkloads(api);
    return [...before.workloads].every(
      ([name, { replicas, held }]) => now.get(name)?.replicas === replicas && now.get(name)?.held === held,
    );
  };
  if (!(await comesToHold(isBack, RUN))) return ['the workloads do not come back', ...listNow(api, before)];
  const isDone = await comesToHold(() => countDone(ground.readRuns(), former) === 1);
  const ends = [...ground.readRuns()].filter(([stream]) => !former.has(stream)).map(([, types]) => types.at(-1));
  const faults = isDone ? [] : [`not one run that is done: ${ends.join(', ')}`];
  return [...faults, ...(await findHarm(stage, before))];
}

function listNow(api: Ground['cluster']['kubernetes']['api'], { workloads }: Ground['before']): readonly string[] {
  const now = readWorkloads(api);
  return [...workloads.keys()].map((name) => `${name}: ${JSON.stringify(now.get(name))}`);
}

function countDone(runs: ReadonlyMap<string, readonly string[]>, former: ReadonlySet<string>): number {
  return [...runs].filter(([stream, types]) => !former.has(stream) && types.includes('done')).length;
}

function say(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
