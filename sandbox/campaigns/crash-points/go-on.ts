import type { Message } from '../../discord/world/state.ts';
import { textOf } from '../../drill/read-message.ts';
import { approve, isSettled, labelsOf, requestRecovery, seeResume, seeRun, standOf } from '../../drill/recover.ts';
import { comesToHold } from '../../drill/see-alerts.ts';
import { readWorkloads } from '../../stage/cluster/watch-workloads.ts';
import type { Ground } from './ground.ts';

/** What the next life found of the run in which the one before had died. */
export interface NextLife {
  readonly found: 'nothing asked' | 'not approved' | 'interrupted' | 'done';
  readonly faults: readonly string[];
}

/** Types of events as src/recovery folds them. */
const APPROVED = new Set(['approved']);
const ENDED = new Set(['done', 'ended', 'cancelled', 'expired', 'superseded']);
/** What it would do unasked it would do soon; of the world's time. */
const IDLES_MS = 2_500;
const TELLS_WITHIN = { timeoutMs: 30_000 } as const;

/** Starts the next bot, and does as a responder who finds what it says: resumes, approves, or asks anew. */
export async function goOn(
  ground: Ground,
  { asked, former }: { readonly asked: Message | null; readonly former: ReadonlySet<string> },
): Promise<NextLife> {
  const { stage, cluster } = ground;
  const { requests } = cluster.kubernetes;
  const sent = requests.length;
  const held = [...readWorkloads(cluster.kubernetes.api)].flatMap(([name, { held: by }]) =>
    by === null ? [] : [name],
  );
  const found = nameFound(ground, former);
  const bot = stage.lives.launch();
  await bot.log.waitFor(({ msg }) => msg === 'commands registered', { ...TELLS_WITHIN, what: 'registered commands' });

  if (found === 'done') {
    const told = await comesToHold(() => asked === null || standOf(now(ground, asked)) === 'over');
    return { found, faults: told ? [] : ['it is done, and its message does not say so'] };
  }
  if (found !== 'interrupted') return { found, faults: await askAgain(ground, asked) };

  const { message } = await seeResume(stage, undefined, TELLS_WITHIN);
  await stage.time.sleep(IDLES_MS);
  const faults = requests
    .slice(sent)
    .filter(changesSomething)
    .map(({ method, path }) => `before Resume: ${method} ${path}`);
  const text = textOf(message);
  if (message.id === asked?.id) faults.push('Resume stands on the old message: nobody sees it');
  for (const name of held) if (!text.includes(name)) faults.push(`${name} is held, and it does not say so: ${text}`);
  if (held.length > 0 && !labelsOf(message).includes('Release clients'))
    faults.push('clients are held, and no button frees them');
  const outcome = await stage.discord.actAs('remy').click(message.id, 'Resume');
  if (outcome.failure !== null) faults.push(`Resume: ${outcome.failure}`);
  await seeRun(stage, message, (each) => !labelsOf(each).includes('Resume'));
  const end = await seeRun(stage, message, isSettled);
  if (standOf(end.message) !== 'over') faults.push(`it stopped again: ${textOf(end.message)}`);
  return { found, faults };
}

/** By the journal, which nobody writes to now. */
function nameFound(ground: Ground, former: ReadonlySet<string>): NextLife['found'] {
  const types = [...ground.readRuns()].filter(([stream]) => !former.has(stream)).flatMap(([, each]) => each);
  if (types.length === 0) return 'nothing asked';
  if (!types.some((type) => APPROVED.has(type))) return 'not approved';
  return types.some((type) => ENDED.has(type)) ? 'done' : 'interrupted';
}

/** What was asked for may be approved still; where nobody sees a button for it, it is asked for once more. */
async function askAgain(ground: Ground, asked: Message | null): Promise<readonly string[]> {
  const { stage } = ground;
  const stands = asked !== null && labelsOf(now(ground, asked)).includes('Approve');
  const plan = stands ? asked : await requestRecovery(stage, 'remy', { strategy: 'restart' });
  const refusal = await approve(stage, 'ada', plan);
  if (refusal !== null) return [`not approved: ${refusal}`];
  const { message } = await seeRun(stage, plan, isSettled);
  return standOf(message) === 'over' ? [] : [`it stopped: ${textOf(message)}`];
}

function now({ stage }: Ground, { id }: Message): Message {
  const stored = stage.discord.world.messages.find(id);
  if (stored === undefined) throw new Error('the message is gone');
  return stored.message;
}

/** Reviews of one's rights and leases change nothing of a workload (contract.md, fine print 9). */
function changesSomething({ method, path }: { readonly method: string; readonly path: string }): boolean {
  if (['GET', 'HEAD'].includes(method)) return false;
  return !/\/(selfsubject(access|rules)reviews|leases)(\/|\?|$)/.test(path) && !path.includes('dryRun=All');
}
