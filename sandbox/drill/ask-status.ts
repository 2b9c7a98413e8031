import type { Stage } from '../stage/set-stage.ts';
import { textOf } from './read-message.ts';
import type { Recorder } from './recorder.ts';
import { WAIT } from './see-alerts.ts';

/** A responder asks for `/db status`; gives the whole text of the answer, and how many connections it says are used. */
export async function askStatus(
  { discord, bot }: Stage,
  recorder: Recorder,
): Promise<{ readonly text: string; readonly used: number | null }> {
  // Of a bot that was only just started.
  await bot.log.waitFor(({ msg }) => msg === 'commands registered', { ...WAIT, what: 'registered commands' });
  const askedAt = Date.now();
  const outcome = await discord
    .actAs('remy')
    .command('db status', { database: 'main' }, { channelId: discord.channels.alerts });
  const text = textOf(await outcome.final(WAIT));
  recorder.note('figure', `/db status answered in ${Date.now() - askedAt} ms`);
  const used = /\*\*(\d+)\*\* used/.exec(text)?.[1];
  return { text, used: used === undefined ? null : Number(used) };
}

/** The numbers of `/db status` are held against PostgreSQL's own, which must not move meanwhile. */
export async function expectTrueStatus(stage: Stage, recorder: Recorder): Promise<string> {
  const before = await stage.observer.count();
  const { text, used } = await askStatus(stage, recorder);
  const site = await stage.observer.countOf('site');
  // The canary comes and goes: its one session may be in one count and not in the other.
  recorder.expect(used !== null && Math.abs(used - before) <= 1, `/db status says ${used} used, PostgreSQL ${before}`);
  recorder.expect(
    new RegExp(`\`\\s*${site}\` \\*\\*site\\*\\*`).test(text),
    `/db status gives site its ${site} sessions`,
  );
  return text;
}
