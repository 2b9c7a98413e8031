import { Routes } from 'discord-api-types/v10';
import { expect, it } from 'vitest';
import { createOutbox } from '../../src/delivery/create-outbox.ts';
import type { Letter, OutboxOptions } from '../../src/delivery/outbox.ts';
import { createLetterRenderer, describeAlert } from '../../src/delivery/render-letter.ts';
import { createChannelTransport } from '../../src/discord/channel-transport.ts';
import { createRest } from '../../src/discord/rest.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { TimelineEvent } from '../../src/incidents/timeline.ts';
import { startApi } from '../sandbox/discord/api.ts';
import { createMovableClock } from '../support/movable-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { createFakeJournal } from './fake-journal.ts';

const incident: Incident = {
  id: '20201211-1324',
  title: 'main is full @everyone',
  openedAt: 1,
  openedBy: null,
  databases: ['main'],
  alerts: [],
  commander: null,
  calmSince: null,
  closed: null,
  thread: null,
  pin: null,
  events: [],
};
const said: TimelineEvent = { at: 1, by: '7', fact: { type: 'note', text: 'a note' } };
const act = {
  at: 1,
  by: '7',
  fact: {
    type: 'act',
    act: 'kill-stale',
    database: 'main',
    stage: 'done',
    confirmation: 'c',
    summary: 'terminated 45',
  },
} as const;
const SUMMARY = { id: `${incident.id}.summary`, content: { incident, narratedTo: 0 } };
const NARRATION = {
  id: `${incident.id}.n1`,
  content: { narration: { incident, events: [said], thread: null, narratedTo: 2 } },
};
const ACT = { id: 'act.0123456789abcdef', content: { act, instead: null } };

const letter = ({ id, content }: { readonly id: string; readonly content: object }, channel?: string): Letter => ({
  id,
  lane: 'normal',
  single: true,
  ...(channel !== undefined && { channel }),
  urgent: false,
  final: true,
  durable: true,
  at: 1,
  content: { ...content, mark: id },
});

/** The bot's own way from a letter to Discord, against a sandbox. */
async function start(options: Partial<OutboxOptions> = {}) {
  const { sandbox } = await startApi();
  const rest = createRest({ apiUrl: sandbox.apiUrl, token: sandbox.token });
  const { alerts, audit } = sandbox.channels;
  const clock = createMovableClock();
  const log = createRecordedLog();
  const channel = (id: string) => createChannelTransport(rest, id);
  const outbox = await createOutbox({
    journal: createFakeJournal().journal,
    transports: { critical: channel(alerts), normal: channel(alerts), elsewhere: channel },
    fallback: null,
    render: createLetterRenderer({
      onCallRole: undefined,
      firstStepOf: () => '',
      paint: async () => null,
      readEvidence: async () => null,
      now: () => clock.now(),
    }),
    describe: describeAlert,
    clock,
    log,
    newNonce: () => Math.random().toString(36).slice(2, 20),
    random: () => 0,
    ...options,
  });
  return {
    sandbox,
    rest,
    clock,
    outbox,
    channel,
    alerts,
    audit,
    async [Symbol.asyncDispose]() {
      await outbox.stop();
      await sandbox.close();
    },
  };
}

it.each([
  ['a summary', SUMMARY],
  ['a narration', NARRATION],
  ['an act', ACT],
])('%s is found again by its mark in the channel’s history', async (_, of) => {
  await using bot = await start();
  bot.outbox.put(letter(of, bot.audit));
  bot.outbox.put(letter({ ...of, id: `${of.id}9` }, bot.audit));
  const { message } = await bot.sandbox.waitForMessage(
    ({ embeds }) => embeds[0]?.footer?.text.endsWith(of.id) === true,
  );
  expect(await bot.channel(bot.audit).find(of.id, 0)).toEqual({ kind: 'found', messageIds: [message.id] });
  expect(message.channel_id).toBe(bot.audit);
  expect(bot.sandbox.violations).toEqual([]);
});

it('gives up on a thread that somebody deleted, and the alert channel goes on', async () => {
  const givenUp: string[] = [];
  await using bot = await start({ onGivenUp: ({ id, reason }) => void givenUp.push(`${id}: ${reason}`) });
  bot.outbox.put(letter(SUMMARY));
  const { message } = await bot.sandbox.waitForMessage(({ channel_id: id }) => id === bot.alerts);
  await bot.rest.post(Routes.threads(bot.alerts, message.id), { body: { name: 'the incident' } });
  bot.outbox.put(letter(NARRATION, message.id));
  await bot.sandbox.waitForMessage(({ channel_id: id }) => id === message.id);
  bot.sandbox.world.channels.delete(message.id);
  bot.outbox.put(letter({ ...NARRATION, id: `${incident.id}.n2` }, message.id));
  bot.outbox.put(letter(ACT));
  await bot.sandbox.waitForMessage(({ embeds }) => embeds[0]?.title === 'kill-stale on main: done');
  while (givenUp.length === 0) await bot.clock.sleep(5);
  expect(givenUp).toEqual([expect.stringMatching(/^20201211-1324\.n2: .*404.*Unknown Channel/)]);
});
