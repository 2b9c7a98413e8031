import { expectTrueStatus } from '../drill/ask-status.ts';
import { textOf } from '../drill/read-message.ts';
import { countPings, expectNothingWrong, messagesOf, seeAlert, UNREACHABLE } from '../drill/see-alerts.ts';
import { openQuietSessions } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const TIME_SCALE = 5;
/** Some 20 s are wanted: the canary's clock, its patience, and the 15 s for which it must last (product.md §4). */
const DETECTS_WITHIN_MS = 45_000;

/** Sessions that are held go on, and nobody new gets an answer: pools are healthy until they turn over. */
export default {
  name: 'frozen-postmaster',
  summary: 'The postmaster is stopped (SIGSTOP): who is in stays in, the canary hangs; then it goes on.',
  stage: { timeScale: TIME_SCALE },
  acts: [
    {
      title: 'A quiet day',
      async play(stage) {
        await openQuietSessions(stage);
        await stage.time.sleep(15_000);
      },
      async respond(stage, recorder) {
        recorder.expect(stage.discord.messages(stage.discord.channels.alerts).length === 0, 'the channel is quiet');
      },
    },
    {
      title: 'The postmaster freezes',
      play: ({ postgres }) => postgres.freeze(),
      async respond(stage, recorder) {
        const { message, firstPostAt } = await seeAlert(stage, UNREACHABLE, 'firing');
        const frozenAt = recorder.actBeganAt();
        recorder.figures.crossedAt = frozenAt;
        recorder.figures.detectMs = Math.round(firstPostAt - frozenAt);
        recorder.note('figure', `detected ${(recorder.figures.detectMs / 1_000).toFixed(1)} s after the SIGSTOP`);
        recorder.expect(recorder.figures.detectMs <= DETECTS_WITHIN_MS, 'it is detected in time');
        recorder.expect(textOf(message).includes('the postmaster hangs'), 'it says that the postmaster hangs');
        recorder.expect(countPings(stage, UNREACHABLE) === 1, 'it pings the on-call role');
        await expectTrueStatus(stage, recorder);
      },
    },
    {
      title: 'It goes on',
      play: ({ postgres }) => postgres.thaw(),
      async respond(stage, recorder) {
        const { crossedAt } = recorder.figures;
        await seeAlert(stage, UNREACHABLE, 'resolved');
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(stage.time.now() - crossedAt);
        recorder.expect(messagesOf(stage, UNREACHABLE).length === 1, 'one message');
        recorder.expect(countPings(stage) === 1, 'one ping');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;
