import { setTimeout as delay } from 'node:timers/promises';
import { footerOf, titleOf } from '../drill/read-message.ts';
import { comesToHold, countPings, expectNothingWrong, seeAlert, TOTAL } from '../drill/see-alerts.ts';
import { type ForeignAlert, notify } from '../stage/alertmanager.ts';
import { fillTo } from '../stage/fill-to.ts';
import { openQuietSessions, type Stage } from '../stage/set-stage.ts';
import type { Scenario } from './scenario.ts';

const WARNINGS = 200;
const PER_NOTIFICATION = 20;
/** Between two notifications: the surge comes in their midst. */
const PAUSE_MS = 100;
const CALM = 84;
const FIRES_AT = 90;
/** Discord's own limit for messages in a channel, each way (facts.md, Discord). */
const DISCORDS_LIMIT = { requests: 5, perMs: 5_000 };
/** Within a second is wanted, and reported; this bound is for a slow machine. */
const DETECTS_WITHIN_MS = 10_000;
/** Ten are posted one by one before they become a digest (product.md §4); some room for the alerts of our own. */
const MOST_MESSAGES = 25;
const WAIT = { timeoutMs: 60_000 };

/** A node goes, and everything on it complains at once; in the middle of it PostgreSQL fills up. */
export default {
  name: 'alert-storm',
  summary: `${WARNINGS} warnings at once through Alertmanager, and a critical alert in the middle: it goes first.`,
  stage: { startBot: false, http: true },
  acts: [
    {
      title: 'Nearly full, and calm',
      async play(stage) {
        for (const operation of [
          'POST /channels/{channel_id}/messages',
          'PATCH /channels/{channel_id}/messages/{message_id}',
        ]) {
          stage.discord.rateLimits.set(operation, DISCORDS_LIMIT);
        }
        await openQuietSessions(stage);
        await fillTo(stage, stage.pods.get('metabase') ?? [], { perSecond: 50, until: CALM - 2 });
        await stage.lives.start();
        await stage.time.sleep(3_000);
      },
    },
    {
      title: `${WARNINGS} warnings arrive, and connections pass ${FIRES_AT}`,
      async play(stage) {
        const metabase = stage.pods.get('metabase') ?? [];
        await Promise.all([storm(stage, 'firing'), fillTo(stage, metabase, { perSecond: 25, until: FIRES_AT + 1 })]);
      },
      async respond(stage, recorder) {
        const { firstPostAt } = await seeAlert(stage, TOTAL, 'firing', WAIT);
        const crossedAt = await stage.observer.crossedAt(FIRES_AT);
        recorder.figures.crossedAt = crossedAt;
        if (crossedAt !== null) recorder.figures.detectMs = Math.round(firstPostAt - crossedAt);
        const { detectMs } = recorder.figures;
        recorder.note('figure', `detected ${detectMs} ms after PostgreSQL started the 90th backend`);
        recorder.expect(
          detectMs !== null && detectMs <= DETECTS_WITHIN_MS,
          'the critical alert overtakes the warnings',
        );
        recorder.expect(countPings(stage) === 1, 'it alone pings');
        await comesToHold(() => countTold(stage) === WARNINGS, WAIT);
        recorder.expect(countTold(stage) === WARNINGS, `of ${WARNINGS} warnings ${countTold(stage)} are told`);
        const { length } = alertMessages(stage);
        recorder.expect(length <= MOST_MESSAGES, `there are ${length} messages, not ${WARNINGS}`);
      },
    },
    {
      title: 'The storm is over',
      async play(stage) {
        await storm(stage, 'resolved');
        for (const player of stage.pods.get('metabase') ?? []) await player.close();
      },
      async respond(stage, recorder) {
        await seeAlert(stage, TOTAL, 'resolved', WAIT);
        const stillFiring = () => alertMessages(stage).filter((message) => titleOf(message).includes('firing'));
        await comesToHold(() => stillFiring().length === 0, WAIT);
        const left = stillFiring().map((message) => titleOf(message));
        recorder.expect(left.length === 0, `everything is resolved${left.map((title) => `; not: ${title}`).join('')}`);
        recorder.expect(alertMessages(stage).length <= MOST_MESSAGES, 'and that took no message of its own');
        recorder.expect(countPings(stage) === 1, 'one ping in all');
        expectNothingWrong(stage, recorder);
      },
    },
  ],
} satisfies Scenario;

/** Alertmanager names the same beginning when it resolves an alert. */
const begun = new WeakMap<Stage, number>();

async function storm(stage: Stage, status: 'firing' | 'resolved'): Promise<void> {
  const { httpUrl, time } = stage;
  if (httpUrl === null) throw new Error('the bot serves no webhooks on this stage');
  const startsAt = begun.get(stage) ?? time.now();
  begun.set(stage, startsAt);
  const times = { startsAt, endsAt: status === 'firing' ? null : time.now() };
  const warnings = Array.from({ length: WARNINGS }, (_, index): ForeignAlert => {
    const pod = `worker-${String(index).padStart(3, '0')}`;
    const labels = { alertname: 'KubePodNotReady', severity: 'warning', namespace: 'default', pod };
    return { labels, summary: `${pod} has been not ready for 15 minutes` };
  });
  const parts = Array.from({ length: WARNINGS / PER_NOTIFICATION }, (_, index) =>
    warnings.slice(index * PER_NOTIFICATION, (index + 1) * PER_NOTIFICATION),
  );
  const statuses = await Promise.all(
    parts.map(async (part, index) => {
      await delay(index * PAUSE_MS);
      return notify(httpUrl, status, part, times);
    }),
  );
  const refused = statuses.find((each) => each >= 300);
  if (refused !== undefined) throw new Error(`the webhook answered ${refused}`);
}

function alertMessages({ discord }: Stage) {
  return discord.messages(discord.channels.alerts).filter(({ author }) => author.bot);
}

/** How many warnings the channel tells of: one by one, and by the counts of its digests. */
function countTold(stage: Stage): number {
  return alertMessages(stage).reduce((told, message) => {
    const [kind] = footerOf(message).split(' · ');
    if (kind === 'alertmanager') return told + 1;
    return kind === 'digest' ? told + Number(/(\d+) alerts/.exec(titleOf(message))?.[1] ?? 0) : told;
  }, 0);
}
