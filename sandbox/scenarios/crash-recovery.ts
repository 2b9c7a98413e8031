import { textOf } from '../drill/read-message.ts';
import { comesToHold, countPings, expectNothingWrong, messagesOf, seeAlert, UNREACHABLE } from '../drill/see-alerts.ts';
import { crash, letRecover, writeMuch } from '../postgres/crash.ts';
import { openQuietSessions } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const RECOVERING = 'database-recovering · main · server';
const TIME_SCALE = 5;
/** Longer than an unreachable database is waited for before it is one (product.md §4: 15 s). */
const STANDS_STILL_MS = 25_000;

/** An OOM-killed Postgres, one of the team's later outages: the right act was to wait (product.md §1). */
export default {
  name: 'crash-recovery',
  summary: 'A backend is killed under load and PostgreSQL recovers from the crash: wait, do not recover, and no ping.',
  stage: { timeScale: TIME_SCALE },
  acts: [
    {
      title: 'A busy day',
      async play(stage) {
        await openQuietSessions(stage);
        for (const player of stage.pods.get('site') ?? []) player.runQueries(player.count());
        await writeMuch(stage.postgres);
      },
      async respond(stage, recorder) {
        recorder.expect(stage.discord.messages(stage.discord.channels.alerts).length === 0, 'the channel is quiet');
      },
    },
    {
      title: 'kill -9 of a backend: PostgreSQL ends every session and recovers',
      async play({ postgres, observer }) {
        const backend = await observer.backendOf('site');
        if (backend === null) throw new Error('site has no backend to kill');
        await crash(postgres, backend);
      },
      async respond(stage, recorder) {
        const { message, firstPostAt } = await seeAlert(stage, RECOVERING, 'firing');
        recorder.figures.crossedAt = recorder.actBeganAt();
        recorder.figures.detectMs = Math.round(firstPostAt - recorder.actBeganAt());
        recorder.note('figure', `said ${recorder.figures.detectMs} ms after the kill`);
        recorder.expect(/wait, do not recover/i.test(textOf(message)), 'it says: wait, do not recover');
        recorder.expect(!message.content.includes('<@&'), 'it pings nobody');
        await stage.time.sleep(STANDS_STILL_MS);
        recorder.expect(messagesOf(stage, UNREACHABLE).length === 0, 'nobody is called to an unreachable database');
      },
    },
    {
      title: 'The recovery comes to its end',
      async play(stage) {
        letRecover(stage.postgres);
        const isBack = () =>
          stage.observer.count().then(
            () => true,
            () => false,
          );
        if (!(await comesToHold(isBack))) throw new Error('PostgreSQL did not come back');
        await openQuietSessions(stage);
      },
      async respond(stage, recorder) {
        await seeAlert(stage, RECOVERING, 'resolved');
        const { crossedAt } = recorder.figures;
        if (crossedAt !== null) recorder.figures.recoverMs = Math.round(stage.time.now() - crossedAt);
        recorder.expect(messagesOf(stage, RECOVERING).length === 1, 'one message');
        recorder.expect(messagesOf(stage, UNREACHABLE).length === 0, 'and none of an unreachable database');
        recorder.expect(countPings(stage) === 0, 'nobody was pinged');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;
