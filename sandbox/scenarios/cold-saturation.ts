import { askStatus } from '../drill/ask-status.ts';
import { textOf } from '../drill/read-message.ts';
import {
  areAllResolved,
  countPings,
  expectNothingWrong,
  messagesOf,
  seeAlert,
  TOTAL,
  UNREACHABLE,
  WAIT,
} from '../drill/see-alerts.ts';
import type { Player } from '../players/create-player.ts';
import { fillTo } from '../stage/fill-to.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const RESERVED = 5;
const ORDINARY_SLOTS = 100 - 3 - RESERVED;
const GIVEN_BACK = 45;
const FULL = 'only reserved slots are left';

/**
 * The bot is started, or its pod moved, while nobody gets in any more. Exporters that begin here see nothing for as long
 * as it lasts (facts.md, PostgreSQL 14). Once without a right to reserved slots, once with it (product.md §5).
 */
export default {
  name: 'cold-saturation',
  summary: 'The bot starts when every ordinary slot is taken: it says so, gets in when it can, and sees it through.',
  stage: { startBot: false, reservedConnections: RESERVED, timeScale: 5 },
  acts: [
    {
      title: 'Every ordinary slot is taken, and the bot has no right to the reserved ones',
      async play(stage) {
        await openQuietSessions(stage);
        await fillTo(stage, holders(stage), { perSecond: 50, until: ORDINARY_SLOTS });
        stage.lives.launch();
      },
      async respond(stage, recorder) {
        const { message, firstPostAt } = await seeAlert(stage, UNREACHABLE, 'firing');
        recorder.expect(textOf(message).includes(FULL), 'it says that the server is full, as the canary found it');
        recorder.expect(countPings(stage, UNREACHABLE) === 1, 'it pings the on-call role');
        const [line] = stage.bot.log.items;
        recorder.note(
          'figure',
          `said ${Math.round(firstPostAt - Date.parse(String(line?.['time'])))} ms after the bot's first line`,
        );
        recorder.expect(messagesOf(stage, TOTAL).length === 0, 'it claims no number that it cannot know');
        const { text, used } = await askStatus(stage, recorder);
        recorder.expect(text.includes(FULL), '/db status says so too');
        recorder.expect(used === null, '/db status makes no number up');
      },
    },
    {
      title: `${GIVEN_BACK} sessions are given back`,
      play: giveBack,
      async respond(stage, recorder) {
        await stage.bot.log.waitFor(({ msg }) => msg === 'session held', { ...WAIT, what: 'a held session' });
        await seeAlert(stage, UNREACHABLE, 'resolved');
        const { used } = await askStatus(stage, recorder);
        const truth = await stage.observer.count();
        recorder.expect(used !== null && Math.abs(used - truth) <= 1, `it got in: ${used} used, PostgreSQL ${truth}`);
      },
    },
    {
      title: 'It is killed, gets the right to reserved slots, and is started in a full server again',
      async play(stage) {
        await stage.lives.kill('SIGKILL');
        await stage.observer.run('grant pg_use_reserved_connections to breakwater');
        await fillTo(stage, holders(stage), { perSecond: 50, until: ORDINARY_SLOTS });
        stage.lives.launch();
      },
      async respond(stage, recorder) {
        const [{ message }] = await Promise.all([
          seeAlert(stage, UNREACHABLE, 'firing'),
          seeAlert(stage, TOTAL, 'firing'),
        ]);
        recorder.expect(textOf(message).includes(FULL), 'the canary, an ordinary role, still finds it full');
        const { used } = await askStatus(stage, recorder);
        recorder.expect(used !== null && used >= ORDINARY_SLOTS, `the bot is in, and counts: ${used} used`);
      },
    },
    {
      title: `${GIVEN_BACK} sessions are given back again`,
      play: giveBack,
      async respond(stage, recorder) {
        await seeAlert(stage, TOTAL, 'resolved');
        recorder.expect(await areAllResolved(stage, UNREACHABLE), 'clients get in again, and it says so');
        recorder.expect(messagesOf(stage, UNREACHABLE).length === 2, 'two outages, two messages');
        recorder.expect(countPings(stage, UNREACHABLE) === 2, 'one ping each');
        recorder.expect(messagesOf(stage, TOTAL).length === 1, 'one message for the number');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;

/** An application without a limit of its own. */
function holders({ pods }: Stage): readonly Player[] {
  return pods.get('metabase') ?? [];
}

async function giveBack(stage: Stage): Promise<void> {
  await holders(stage)[0]?.close(GIVEN_BACK);
}
