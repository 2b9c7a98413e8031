import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../../sandbox/drill/recorder.ts';
import {
  countPings,
  expectNothingWrong,
  messagesOf,
  seeAlert,
  statesOf,
  TOTAL,
} from '../../../sandbox/drill/see-alerts.ts';
import type { BotLives } from '../../../sandbox/stage/bot-lives.ts';
import type { LogLine } from '../../../sandbox/stage/bot-process.ts';
import { type Api, startApi } from '../discord/api.ts';

/** An alert channel with a bot that says what the test makes it say. */
async function startChannel() {
  const api = await startApi();
  const { sandbox } = api;
  const body = (title: string, content: string) => ({
    content,
    allowed_mentions: { parse: [], roles: content === '' ? [] : [sandbox.roles.onCall] },
    embeds: [{ title: `${title}: 91 of 100`, footer: { text: TOTAL } }],
  });
  return {
    stage: { discord: sandbox },
    ping: `<@&${sandbox.roles.onCall}> 91 of 100`,
    post: async (title: string, content = '') => String((await api.send(body(title, content))).json['id']),
    edit: (id: string, title: string, content = '') =>
      api.call('PATCH', `/v10/channels/${sandbox.channels.alerts}/messages/${id}`, body(title, content)),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

describe('what a drill sees of an alert', () => {
  it('is one message in the state that it has come to', async () => {
    await using channel = await startChannel();
    const id = await channel.post('🔴 firing');
    const resolved = seeAlert(channel.stage, TOTAL, 'resolved');
    await channel.edit(id, '🟢 resolved');
    expect((await resolved).message.id).toBe(id);
    expect(messagesOf(channel.stage, TOTAL)).toHaveLength(1);
    await expect(seeAlert(channel.stage, TOTAL, 'firing', { timeoutMs: 10 })).rejects.toThrow(/did not come within/);
  });

  it('is every change of state, and no newer number', async () => {
    await using channel = await startChannel();
    const id = await channel.post('🔴 firing');
    for (const state of ['🔴 firing', '🟢 resolved', '🔴 firing', '🔴 firing']) await channel.edit(id, state);
    expect(statesOf(channel.stage, TOTAL)).toEqual(['🔴 firing', '🟢 resolved', '🔴 firing']);
  });

  it('is each ping: an edit rings nobody, a second post does', async () => {
    await using channel = await startChannel();
    const id = await channel.post('🔴 firing', channel.ping);
    await channel.edit(id, '🔴 firing', channel.ping);
    expect(countPings(channel.stage, TOTAL)).toBe(1);
    await channel.post('🔴 firing', channel.ping);
    expect(countPings(channel.stage)).toBe(2);
    expect(countPings(channel.stage, 'another · main · total')).toBe(0);
  });
});

describe('the end of a drill', () => {
  const lives = (log: readonly LogLine[], stderr = '') =>
    ({ log: () => log, all: [{ stderr: () => stderr }] }) as unknown as BotLives;
  const failuresOf = (api: Api, given: BotLives): readonly string[] => {
    const recorder = createRecorder(
      () => 0,
      () => {},
    );
    expectNothingWrong({ discord: api.sandbox, lives: given }, recorder);
    return recorder.failures;
  };

  it('holds what Discord would have refused against the bot, what it logged as an error, and what it complained of', async () => {
    await using api = await startApi();
    expect(failuresOf(api, lives([{ level: 'warn', msg: 'not delivered yet' }]))).toEqual([]);
    expect(failuresOf(api, lives([{ level: 'error', msg: 'a rule fell over' }]))[0]).toContain('a rule fell over');
    expect(failuresOf(api, lives([], 'a stack trace'))[0]).toContain('a stack trace');
    await api.send({ content: 'x'.repeat(2_001) });
    expect(failuresOf(api, lives([]))).toHaveLength(1);
  });
});
