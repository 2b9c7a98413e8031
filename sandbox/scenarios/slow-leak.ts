import { textOf } from '../drill/read-message.ts';
import { expectNothingWrong, messagesOf, seeAlert, TOTAL, WAIT } from '../drill/see-alerts.ts';
import { fillTo } from '../stage/fill-to.ts';
import { openQuietSessions } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const FORECAST = 'connections-forecast · main · total';
const TIME_SCALE = 30;
const BEGINS_AT = 50;
const LEAK_PER_MINUTE = 2.5;
const ORDINARY_SLOTS = 97;
/** What the team asked for after 2020-12-11: the rate of rise would have shown it five minutes earlier (product.md §1). */
const LEAST_LEAD_MS = 5 * 60_000;

/** Nineteen minutes in which no threshold says anything until it is nearly over. */
export default {
  name: 'slow-leak',
  summary: '`site` leaks 2.5 sessions a minute, from 50 to the last slot: the forecast must say so minutes before.',
  // Sampled once a second at most: a quarter of one would be a hundred samples a second of real time.
  stage: { timeScale: TIME_SCALE, startBot: false, sampling: { calm: '5s', fast: '1s' } },
  acts: [
    {
      title: 'Half full, and steady for two minutes',
      async play(stage) {
        await openQuietSessions(stage);
        await fillTo(stage, stage.leakers, { perSecond: 50, until: BEGINS_AT - 2 });
        await stage.lives.start();
        await stage.time.sleep(2 * 60_000);
      },
      async respond(stage, recorder) {
        recorder.expect(messagesOf(stage, FORECAST).length === 0, 'what is steady is not forecast to fill up');
      },
    },
    {
      title: `\`site\` leaks ${LEAK_PER_MINUTE} a minute until the last usable slot is taken`,
      play: (stage) =>
        fillTo(stage, stage.leakers, { perSecond: (LEAK_PER_MINUTE / 60) * TIME_SCALE, until: ORDINARY_SLOTS }),
      async respond(stage, recorder) {
        const lastSlotAt = await stage.observer.crossedAt(ORDINARY_SLOTS);
        const { firstPostAt, message } = await seeAlert(stage, FORECAST, 'firing');
        const leadMs = lastSlotAt === null ? Number.NaN : Math.round(stage.time.at(lastSlotAt) - firstPostAt);
        recorder.figures.own['leadMs'] = leadMs;
        recorder.note('figure', `forecast ${(leadMs / 60_000).toFixed(1)} min before the last usable slot was taken`);
        recorder.expect(leadMs >= LEAST_LEAD_MS, 'the forecast fires five minutes before, or more');
        const posted = stage.discord.events.items.find(
          (event) => event.type === 'message-created' && event.message.id === message.id,
        );
        const text = posted !== undefined && 'message' in posted ? textOf(posted.message) : '';
        recorder.expect(
          /full in (about )?\d+ min/.test(text),
          `its first post names the time left: ${firstLine(text)}`,
        );
        recorder.expect(!text.includes('<@&'), 'it is a warning: it pings nobody');
        await seeAlert(stage, TOTAL, 'firing');
      },
    },
    {
      title: 'The leak is ended',
      async play({ leakers }) {
        await Promise.all(leakers.map((player) => player.terminateAll()));
      },
      async respond(stage, recorder) {
        await Promise.all([seeAlert(stage, FORECAST, 'resolved', LONG_WAIT), seeAlert(stage, TOTAL, 'resolved')]);
        recorder.expect(messagesOf(stage, FORECAST).length === 1, 'one forecast, one message');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;

/** A forecast looks back some minutes, which even here take seconds. */
const LONG_WAIT = { timeoutMs: 2 * WAIT.timeoutMs };

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
