import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../../discord/world/state.ts';
import { countOffered, previewKill } from '../../drill/kill-stale.ts';
import { footerOf, textOf } from '../../drill/read-message.ts';
import { createRandom } from '../delivery/random.ts';
import { type Ground, STALE, type Written } from './ground.ts';

export interface Outcome {
  readonly seed: number;
  /** What went wrong; nothing when all went well. */
  readonly faults: readonly string[];
  /** How long after the click it was killed. */
  readonly killedAfterMs: number;
  readonly became: Became;
  readonly listed: number;
  readonly died: number;
}

/** What the journal knew at the kill: `done` includes what was verified and perhaps told nobody yet. */
export type Became = 'not begun' | 'interrupted' | 'done';

const LONGEST_MS = 300;
const TOLD_WITHIN_MS = 15_000;
/** What a next life would do unasked it would do as soon as it is ready. */
const IDLES_MS = 300;

/** Kills the bot with -9 within 300 ms of a click on the red button, starts the next one, and looks what is true. */
export async function runSchedule(ground: Ground, seed: number): Promise<Outcome> {
  const { stage } = ground;
  const random = createRandom(seed);
  // Half of them where the claim and the signals are.
  const killedAfterMs = random.int(0, random.chance(0.5) ? LONGEST_MS : LONGEST_MS / 3);
  await ground.refill();
  const { preview, listed } = await askUntilAllAreOffered(ground);
  const id = /confirmation (\w+)/.exec(footerOf(preview))?.[1] ?? '';
  const before = await ground.living();

  const clicked = stage.discord.actAs(random.pick(['rosa', 'ada'])).click(preview.id, /^Terminate/);
  await delay(killedAfterMs);
  await stage.lives.kill('SIGKILL');
  const left = ground.readRun(id);
  await stage.lives.start();
  await clicked;
  const became = nameEnd(left);
  const after = await ground.living();
  const died = [...before].filter((who) => !after.has(who));

  const faults = [
    ...died.filter((who) => !listed.has(who)).map((who) => `${who} died and was not listed`),
    ...(became === 'not begun' && died.length > 0 ? [`${died.length} died, and nobody had claimed it`] : []),
    ...(await awaitTold(ground, { preview, id, became, died: died.length, listed: listed.size })),
  ];
  await delay(IDLES_MS);
  const later = await ground.living();
  const unasked = [...after].filter((who) => !later.has(who));
  if (unasked.length > 0) faults.push(`the next life ended ${unasked.length}`);
  return { seed, faults, killedAfterMs, became, listed: listed.size, died: died.length };
}

/** A second is the least that may be asked for. */
async function askUntilAllAreOffered({ stage }: Ground) {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const options = { application: 'site', kind: 'idle', 'older-than': '1s' };
    const preview = await previewKill(stage, 'rosa', options);
    if (countOffered(preview) === STALE)
      return { preview, listed: readList(stage.discord.world.messages.find(preview.id)) };
    await delay(200);
  }
  throw new Error(`the ${STALE} stale sessions are never offered`);
}

/** `pid backend_start` of the selected, from the list that is attached to the preview. */
function readList(stored: ReturnType<Ground['stage']['discord']['world']['messages']['find']>): ReadonlySet<string> {
  const file = stored?.files.find(({ attachment }) => attachment.filename.endsWith('-preview.csv'));
  if (file === undefined) throw new Error('the preview has no list');
  const rows = Buffer.from(file.data)
    .toString()
    .split('\r\n')
    .map((row) => row.split(','));
  return new Set(rows.flatMap(([verdict, , , pid, start]) => (verdict === 'selected' ? [`${pid} ${start}`] : [])));
}

function nameEnd({ events }: Written): Became {
  if (events.some(({ type }) => type === 'done')) return 'done';
  return events.some(({ type }) => type === 'claimed') ? 'interrupted' : 'not begun';
}

interface Told {
  readonly preview: Message;
  readonly id: string;
  readonly became: Became;
  readonly died: number;
  readonly listed: number;
}

/** Waits until message and timeline say what is true; what they do not say in time is a fault. */
async function awaitTold(ground: Ground, told: Told): Promise<readonly string[]> {
  const deadline = Date.now() + TOLD_WITHIN_MS;
  for (;;) {
    const wrong = findUntold(ground, told);
    if (wrong.length === 0 || Date.now() > deadline) return wrong;
    await delay(50);
  }
}

function findUntold(ground: Ground, { preview, id, became, died, listed }: Told): readonly string[] {
  const message = ground.stage.discord.world.messages.find(preview.id)?.message;
  const text = message === undefined ? '' : textOf(message);
  const red = message !== undefined && countOffered(message) !== null;
  const { events, acts } = ground.readRun(id);
  const last = acts.at(-1);
  const say = (what: string): string => `${what}: "${text.replaceAll('\n', ' ')}", ${JSON.stringify(last)}`;
  if (became === 'not begun') return red && last?.stage === 'previewed' ? [] : [say('nobody claimed it')];
  const still = listed - died;
  const isTrue =
    became === 'done'
      ? text.includes(`terminated ${died} `) && last?.stage === 'done' && last.figures?.['terminated'] === died
      : text.includes(`of ${listed} listed, ${died} are gone, ${still} still there`) &&
        last?.stage === 'interrupted' &&
        last.figures?.['gone'] === died &&
        events.some(({ type }) => type === 'interrupted');
  return [
    ...(isTrue ? [] : [say(`it is ${became}, ${died} of ${listed} died`)]),
    ...(red ? [say('the red button stands')] : []),
  ];
}
