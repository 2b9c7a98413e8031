import { textOf } from '../drill/read-message.ts';
import {
  comesToHold,
  countPings,
  expectNothingWrong,
  messagesOf,
  SITE,
  seeAlert,
  statesOf,
  TOTAL,
} from '../drill/see-alerts.ts';
import { fillTo } from '../stage/fill-to.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const TIME_SCALE = 5;
const SITE_LIMIT = 32;
const FIRES_AT = 90;
/** Time for the bot to see what has changed, and to journal it. */
const SEEN_MS = 15_000;
/** Time for a bot that was just started to be at work again. */
const STARTED_MS = 30_000;
const CONFUSED_MS = 15_000;
const FROM_TO = /from <t:\d+:T> to <t:\d+:T>/i;
const WAIT = { timeoutMs: 40_000 };

/** Discord is down while it is needed, the bot is killed meanwhile, and Discord comes back confused. */
export default {
  name: 'discord-outage',
  summary:
    'Discord is down while alerts fire and resolve, the bot is killed, 502s at the end: nothing lost or doubled.',
  stage: { timeScale: TIME_SCALE },
  acts: [
    {
      title: 'Discord goes down; `site` passes its limit and comes back, unseen',
      async play(stage) {
        await openQuietSessions(stage);
        await stage.discord.faults.set({ kind: 'down' });
        const isOver = async () => (await stage.observer.countOf('site')) > SITE_LIMIT;
        await fillTo(stage, stage.leakers, { perSecond: 25, until: isOver });
        await stage.time.sleep(SEEN_MS);
        await Promise.all(stage.leakers.map((player) => player.terminateAll()));
        await stage.time.sleep(SEEN_MS);
      },
    },
    {
      title: `It rises past ${FIRES_AT}, and stays; Discord is still down`,
      async play(stage) {
        await fillTo(stage, stage.pods.get('metabase') ?? [], { perSecond: 25, until: FIRES_AT + 1 });
        await stage.time.sleep(SEEN_MS);
      },
    },
    {
      title: 'The bot is killed and starts again; Discord is still down',
      async play(stage) {
        await stage.lives.kill('SIGKILL');
        stage.lives.launch();
        await stage.time.sleep(STARTED_MS);
      },
      async respond(stage, recorder) {
        recorder.expect(stage.bot.log.items.length > 0 && stage.bot.stderr() === '', 'the bot lives without Discord');
        recorder.expect(stage.discord.messages(stage.discord.channels.alerts).length === 0, 'and nobody has heard it');
      },
    },
    {
      title: 'Discord comes back; it keeps what is posted and answers 502',
      async play({ discord, time }) {
        const route = '/channels/{channel_id}/messages';
        await discord.faults.set({ kind: 'fail-after', method: 'POST', route });
        await discord.faults.clear('down');
        await time.sleep(CONFUSED_MS);
        await discord.faults.clear();
      },
      async respond(stage, recorder) {
        await seeAlert(stage, TOTAL, 'firing', WAIT);
        const told = await comesToHold(() => tellingOfSite(stage).length > 0, WAIT);
        recorder.expect(told, 'what came and went unseen is told');
        recorder.expect(
          tellingOfSite(stage).every((text) => FROM_TO.test(text)),
          'and from when to when it was, or nobody could hear of it',
        );
        recorder.expect(notes(stage).length === 1, 'one note says from when to when Discord could not be reached');
        recorder.expect(countPings(stage, TOTAL) === 1, 'what still fires pings');
        recorder.expect(countPings(stage, SITE) === 0, 'what is over pings nobody');
      },
    },
    {
      title: 'The sessions are closed',
      async play(stage) {
        for (const player of stage.pods.get('metabase') ?? []) await player.close();
      },
      async respond(stage, recorder) {
        await seeAlert(stage, TOTAL, 'resolved', WAIT);
        await stage.time.sleep(SEEN_MS);
        recorder.expect(messagesOf(stage, TOTAL).length === 1, 'one message for what stayed');
        recorder.expect(tellingOfSite(stage).length === 1, 'what came and went is told once');
        recorder.expect(
          statesOf(stage, SITE).every((state) => state.includes('resolved')),
          'and never as if it were still so',
        );
        recorder.expect(notes(stage).length === 1, 'one note of the outage');
        recorder.expect(countPings(stage) === 1, 'one ping in all');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;

/** All that tells of `site`: a message of its alert, or a note of what nobody could be told. */
function tellingOfSite(stage: Stage): readonly string[] {
  return [...messagesOf(stage, SITE).map(textOf), ...notes(stage).filter((text) => text.includes('site holds'))];
}

function notes({ discord }: Stage): readonly string[] {
  const texts = discord.messages(discord.channels.alerts).map(textOf);
  return texts.filter((text) => text.includes('Discord could not be reached') && FROM_TO.test(text));
}
