import { expect, it } from 'vitest';
import { createOutbox } from '../../src/delivery/create-outbox.ts';
import { createLetterRenderer, describeAlert } from '../../src/delivery/render-letter.ts';
import { createRecoveryTeller, type RecoveryTeller } from '../../src/delivery/tell-recoveries.ts';
import type { ChannelTransport } from '../../src/delivery/transport.ts';
import { createChannelTransport } from '../../src/discord/channel-transport.ts';
import { createRest } from '../../src/discord/rest.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { startApi } from '../sandbox/discord/api.ts';
import { NOW } from '../support/builders.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { REQUESTER, runOf, viewOf } from '../support/recovery-builders.ts';
import { createFakeJournal } from './fake-journal.ts';

const RUN = runOf({ stops: 1, state: { kind: 'stopped', at: NOW, why: { kind: 'interrupted' } } });
const EVIDENCE: Evidence = {
  files: Array.from({ length: 11 }, (_, n) => ({ name: `${n}.log`, text: `text ${n}` })),
  gaps: [],
};
const NEVER: ChannelTransport = {
  post: () => new Promise<never>(() => {}),
  edit: () => new Promise<never>(() => {}),
  find: () => new Promise<never>(() => {}),
};

/** The bot's own way to Discord, over two lives: the first never gets through, and is killed. */
async function tellOverARestart(tell: (teller: RecoveryTeller, channels: { alerts: string; audit: string }) => void) {
  const { sandbox } = await startApi();
  const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token });
  const { alerts, audit } = sandbox.channels;
  const { journal } = createFakeJournal();
  const clock = createMovableClock();
  const posted: unknown[] = [];
  const live = async (transport: (channel: string) => ChannelTransport) => {
    const outbox = await createOutbox({
      journal,
      transports: { critical: transport(alerts), normal: transport(alerts), elsewhere: transport },
      onPosted: (id, messageId) => void posted.push(teller.posted(id, messageId)),
      onGivenUp: (letter) => teller.givenUp(letter),
      fallback: null,
      render: createLetterRenderer({
        onCallRole: sandbox.roles.onCall,
        firstStepOf: () => '',
        paint: async () => null,
        readEvidence: async (runId) => (runId === RUN.id ? EVIDENCE : null),
        now: () => clock.now(),
      }),
      describe: describeAlert,
      clock,
      log: createRecordedLog(),
      newNonce: () => Math.random().toString(36).slice(2, 20),
      random: () => 0,
    });
    const teller: RecoveryTeller = createRecoveryTeller({ outbox, channels: { alerts } });
    return { outbox, teller };
  };
  const first = await live(() => NEVER);
  tell(first.teller, { alerts, audit });
  const { outbox } = await live((channel) => createChannelTransport(rest, channel));
  return {
    sandbox,
    posted,
    waitFor: async (mark: string) =>
      sandbox.waitForMessage(({ embeds }) => embeds[0]?.footer?.text.endsWith(mark) === true),
    async [Symbol.asyncDispose]() {
      await outbox.stop();
      await sandbox.close();
    },
  };
}

it('attaches the evidence after a restart, from what is kept of the run', async () => {
  await using bot = await tellOverARestart((teller, { audit }) => teller.evidence(RUN, 11, [], audit, NOW));
  const first = await bot.waitFor('recovery.0123456789.evidence0');
  const second = await bot.waitFor('recovery.0123456789.evidence10');
  const texts = [first, second].map(({ files }) => files.map(({ data }) => Buffer.from(data).toString()));
  expect(texts).toEqual([EVIDENCE.files.slice(0, 10).map(({ text }) => text), ['text 10']]);
  expect(first.message.channel_id).toBe(bot.sandbox.channels.audit);
  expect(bot.sandbox.violations).toEqual([]);
});

it('pings those on call once for a broken glass', async () => {
  await using bot = await tellOverARestart((teller, { alerts }) =>
    teller.brokeGlass({ run: RUN, by: REQUESTER, reason: '@everyone nobody answers', at: NOW }, alerts),
  );
  const { message } = await bot.waitFor('recovery.0123456789.glass');
  expect(message.mention_roles).toEqual([bot.sandbox.roles.onCall]);
  expect([message.mention_everyone, message.mentions]).toEqual([false, []]);
  expect(bot.sandbox.messages(bot.sandbox.channels.alerts)).toHaveLength(1);
  expect(bot.sandbox.violations).toEqual([]);
});

it('tells of an interrupted run in its channel, and where that stands', async () => {
  await using bot = await tellOverARestart((teller, { audit }) => teller.interrupted(viewOf(RUN), audit));
  const { message } = await bot.waitFor('recovery.0123456789.1');
  while (bot.posted.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(bot.posted).toEqual([{ runId: RUN.id, channelId: bot.sandbox.channels.audit, messageId: message.id }]);
  expect(bot.sandbox.violations).toEqual([]);
});

it('tells it in the alert channel where the thread is gone', async () => {
  await using bot = await tellOverARestart((teller) => teller.interrupted(viewOf(RUN), '100000000000000077'));
  const { message } = await bot.waitFor('recovery.0123456789.1.here');
  expect(message.channel_id).toBe(bot.sandbox.channels.alerts);
  expect(message.embeds[0]?.description).toContain('Told here, as <#100000000000000077> takes no messages');
});
