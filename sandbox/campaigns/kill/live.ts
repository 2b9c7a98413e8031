// A process of its own: a bot as far as the red button goes, with the real desk on the real journal, until it is killed.
// argv[2] is its Birth; what it does it says on standard output.
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { attendConfirmations, openConfirmations } from '../../../src/bot-confirmations.ts';
import { openStreams } from '../../../src/bot-journal.ts';
import type { Confirmation } from '../../../src/confirmations/confirmation.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Log } from '../../../src/model/log.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import { createRandom, type Random } from '../delivery/random.ts';
import type { Birth, Known, Line } from './line.ts';

const MEMBERS = ['ada', 'grace', 'mary'] as const;
const LOG: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (fields, message) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};

const birth = JSON.parse(process.argv[2] ?? '') as Birth;
let skewMs = birth.skewMs;
const clock: Clock = {
  now: () => Date.now() + skewMs,
  // A quarter of a second lasts 5 ms: what is done on a clock is done while it lives.
  sleep: async (ms, signal) => void (await delay(ms / 50, null, signal ? { signal } : {}).catch(() => {})),
};

const fatal = (reason: string): never => {
  throw new Error(reason);
};
const streams = await openStreams({
  redactor: createRedactor([]),
  journal: { kind: 'sqlite', path: birth.path },
  clock,
  log: LOG,
  onFatal: fatal,
});
const desk = await openConfirmations({ streams, clock, log: LOG });
say({ say: 'born' });
for (const { id } of birth.known) say(remember(id));
const attending = attendConfirmations({
  desk,
  async settle({ plan }) {
    await delay(1);
    const gone = targetsOf(plan).filter((target) => birth.gone.includes(target)).length;
    return { outcome: { gone }, summary: `${gone} gone` };
  },
  retell: async () => ({ summary: 'over', message: { content: 'over' } }),
  async editMessage(_, id) {
    say({ say: 'edited', id });
    return true;
  },
  recorder: {
    async record({ fact }) {
      if (fact.type === 'act') say({ say: 'recorded', id: fact.confirmation ?? '', stage: fact.stage });
    },
  },
  clock,
  log: LOG,
});

if (birth.last) {
  await delay(20);
  await Promise.all(clickable(birth.known).map((known) => click(known, 'claim', 'ada', false)));
  await attending.stop();
  await streams.close();
  say({ say: 'ended' });
} else await liveOn(createRandom(birth.seed));

async function liveOn(random: Random): Promise<never> {
  const known = [...clickable(birth.known)];
  for (;;) {
    const chance = random.next();
    if (chance < 0.3) known.push(await propose(random));
    else if (chance < 0.35) pass(random.pick([1_000, 60_000, 119_000, 121_000]));
    else if (chance < 0.9 && known.length > 0) {
      // Mostly on the newest ones; old buttons stay in the channel, and are clicked too.
      const on = random.chance(0.6) ? known.at(-1) : random.pick(known);
      const clicks = Array.from({ length: random.int(1, 3) }, () =>
        click(
          on ?? random.pick(known),
          random.chance(0.15) ? 'cancel' : 'claim',
          random.pick(MEMBERS),
          random.chance(0.1),
        ),
      );
      // Or it goes on with others while this is carried out.
      if (random.chance(0.5)) await Promise.all(clicks);
    } else await delay(random.int(0, 4));
  }
}

async function propose(random: Random): Promise<Known> {
  const name = `${birth.seed}-${random.int(0, 0xffff_ffff).toString(16)}`;
  const targets = Array.from({ length: random.int(1, 4) }, (_, index) => `${name}.${index}`);
  const { id, hash } = await desk.propose({
    act: 'kill-stale',
    database: 'main',
    plan: { targets },
    summary: `${targets.length} sessions`,
    requestedBy: 'ada',
    typed: null,
  });
  say({ say: 'proposed', id, hash, targets });
  await delay(random.int(0, 1));
  say({ say: 'shown', id });
  desk.standsAt(id, { channelId: 'alerts', messageId: id });
  return { id, hash, shown: true };
}

async function click({ id, hash }: Known, wants: 'claim' | 'cancel', by: string, forged: boolean): Promise<void> {
  say({ say: 'clicks', id, by, wants, forged });
  const answer = await desk[wants](id, forged ? `${hash.slice(1)}${hash.slice(0, 1)}` : hash, by);
  say({ say: 'answered', id, by, wants, forged, refused: answer.ok ? null : answer.why });
  if (answer.ok && wants === 'claim') await carryOut(answer.confirmation);
}

async function carryOut({ id, plan }: Confirmation): Promise<void> {
  const targets = targetsOf(plan);
  for (const target of targets) {
    await delay(1);
    say({ say: 'terminates', id, target });
  }
  await desk.finish(id, { terminated: targets.length });
  say({ say: 'done', id, terminated: targets.length });
}

function pass(ms: number): void {
  say({ say: 'passes', ms });
  skewMs += ms;
}

function remember(id: string): Line {
  const found = desk.find(id);
  return {
    say: 'remembers',
    id,
    hash: found?.hash ?? null,
    kind: found?.state.kind ?? null,
    interrupted: desk.interrupted().some((each) => each.id === id),
    outcome: found && 'outcome' in found.state ? found.state.outcome : null,
  };
}

/** A preview that was never shown has no button that anybody could click. */
function clickable(known: readonly Known[]): readonly Known[] {
  return known.filter(({ shown }) => shown);
}

function targetsOf(plan: Confirmation['plan']): readonly string[] {
  return (plan as unknown as { readonly targets: readonly string[] }).targets;
}

/** Written at once: what waits in a stream would be lost with the process, and prove nothing. */
function say(line: Line): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
