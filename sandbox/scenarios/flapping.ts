import { setTimeout as delay } from 'node:timers/promises';
import { countPings, expectNothingWrong, messagesOf, seeAlert, statesOf, TOTAL } from '../drill/see-alerts.ts';
import type { Player } from '../players/create-player.ts';
import { fillTo } from '../stage/fill-to.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const LOW = 84;
const HIGH = 91;
const CALM = 60;
const SWINGS = 5;
/** Long enough for three samples, and for an edit of each state. */
const HOLD_MS = 900;

/** It fires at 90 and clears below 80; in between it must keep its state, its one message and its silence. */
export default {
  name: 'flapping',
  summary: `Connections swing between ${LOW} and ${HIGH} around the threshold: one message, one ping; then it resolves once.`,
  acts: [
    {
      title: `It rises to ${HIGH}`,
      async play(stage) {
        await openQuietSessions(stage);
        await fillTo(stage, swingers(stage), { perSecond: 50, until: LOW });
        await fillTo(stage, swingers(stage), { perSecond: 15, until: HIGH });
      },
      async respond(stage, recorder) {
        await seeAlert(stage, TOTAL, 'firing');
        recorder.expect(countPings(stage, TOTAL) === 1, 'it pings the on-call role');
      },
    },
    {
      title: `It swings ${SWINGS} times`,
      async play(stage) {
        for (let swing = 0; swing < SWINGS; swing += 1) {
          await closeTo(stage, LOW);
          await delay(HOLD_MS);
          await fillTo(stage, swingers(stage), { perSecond: 50, until: HIGH });
          await delay(HOLD_MS);
        }
      },
      async respond(stage, recorder) {
        recorder.expect((await stage.observer.count()) >= HIGH - 1, `PostgreSQL holds ${HIGH} again`);
        recorder.expect(statesOf(stage, TOTAL).length === 1, 'the alert has not changed its state');
        recorder.expect(messagesOf(stage, TOTAL).length === 1, 'there is one message');
        recorder.expect(countPings(stage) === 1, 'nobody was pinged a second time');
      },
    },
    {
      title: `It falls to ${CALM}`,
      play: (stage) => closeTo(stage, CALM),
      async respond(stage, recorder) {
        await seeAlert(stage, TOTAL, 'resolved');
        await delay(HOLD_MS);
        recorder.expect(statesOf(stage, TOTAL).length === 2, 'it resolved, once');
        recorder.expect(messagesOf(stage, TOTAL).length === 1, 'in the same message');
        recorder.expect(countPings(stage) === 1, 'and without a ping');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;

/** An application without a limit of its own, so that only the total is at stake. */
function swingers({ pods }: Stage): readonly Player[] {
  return pods.get('metabase') ?? [];
}

async function closeTo(stage: Stage, n: number): Promise<void> {
  const [player] = swingers(stage);
  await player?.close(Math.max(0, (await stage.observer.count()) - n));
}
