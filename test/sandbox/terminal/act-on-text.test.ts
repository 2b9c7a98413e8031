import { expect, test } from 'vitest';
import type { Stage } from '../../../sandbox/stage/set-stage.ts';
import { actOnText, type Desk } from '../../../sandbox/terminal/act-on-line.ts';
import { followChannels } from '../../../sandbox/terminal/follow-channels.ts';
import type { Command } from '../../../src/discord/command.ts';
import { startAnswering } from '../../discord/start-answering.ts';

const note = {
  description: 'Adds a note',
  access: 'respond',
  answer: 'public-in-alert-channel',
  ask: ({ options }) =>
    options['text'] === undefined
      ? {
          id: 'db.note:add',
          title: 'Note',
          fields: [
            { id: 'text', label: 'What happened', lines: 'many', required: true, maxLength: 500 },
            { id: 'who', label: 'Who', lines: 'one', required: false, maxLength: 5, value: 'me' },
          ],
        }
      : null,
  options: [{ name: 'text', description: 'What happened' }],
  run: async ({ channelId, options }) => ({ content: `in ${channelId}: ${options['text']}` }),
  buttons: { close: { access: 'respond', answer: 'edit', run: async () => ({ content: 'closed' }) } },
  forms: {
    add: {
      access: 'respond',
      answer: 'new',
      run: async ({ fields }) => ({ content: `${fields['text']} ${fields['who']}` }),
    },
  },
} satisfies Command;

/** The terminal, in front of the bot's way of answering and a Discord, without the rest of a stage. */
async function start() {
  const bot = await startAnswering({ commands: { 'db note': note } });
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const stage = { discord: bot.sandbox } as Stage;
  const shown = followChannels(stage, { directory: '/nowhere', colour: false, write });
  const { alerts } = bot.sandbox.channels;
  const desk: Desk = { stage, setFor: null, shown, write, member: 'rosa', channelId: alerts, form: null };
  const contents = (channel = alerts) =>
    bot.sandbox
      .actAs('rosa')
      .messages(channel)
      .map(({ content }) => content);
  return {
    sandbox: bot.sandbox,
    desk,
    written,
    contents,
    /** Types lines, one after the other. */
    async type(...lines: string[]): Promise<void> {
      for (const line of lines) await actOnText(desk, line);
    },
    async [Symbol.asyncDispose]() {
      shown.stop();
      await bot[Symbol.asyncDispose]();
    },
  };
}

test('a form that opens is typed field by field, and sent after the last one', async () => {
  await using terminal = await start();
  await terminal.type('/db note');
  expect(terminal.written.join('\n')).toContain('What happened (required)');
  await expect(terminal.type('')).rejects.toThrow('What happened is required');
  await terminal.type('play nothing, it is text here');
  expect(terminal.written.at(-1)).toBe('Who (ENTER keeps me)');
  await terminal.type('');
  expect(terminal.contents()).toEqual(['play nothing, it is text here me']);
  expect(terminal.desk.form).toBeNull();
});

test('a form that is cancelled sends nothing', async () => {
  await using terminal = await start();
  await terminal.type('/db note', 'a text', 'cancel');
  expect([terminal.desk.form, terminal.contents()]).toEqual([null, []]);
});

test('what Discord would not let one send is told, and the form is closed', async () => {
  await using terminal = await start();
  await expect(terminal.type('/db note', 'a text', 'much too long')).rejects.toThrow('Who is too short or too long');
  expect([terminal.desk.form, terminal.contents()]).toEqual([null, []]);
});

test('a thread is followed: its messages are shown, its buttons pressed, commands typed in it', async () => {
  await using terminal = await start();
  const { sandbox } = terminal;
  const call = async (path: string, body: object) => {
    const headers = { Authorization: `Bot ${sandbox.token}`, 'Content-Type': 'application/json' };
    const answer = await fetch(sandbox.apiUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { readonly id: string }).id;
  };
  const { alerts } = sandbox.channels;
  const thread = await call(`/channels/${alerts}/messages`, { content: 'critical' });
  await call(`/channels/${alerts}/messages/${thread}/threads`, { name: 'Incident 1' });
  const button = { type: 2, style: 2, label: 'Close', custom_id: 'db.note:close' };
  await call(`/channels/${thread}/messages`, { content: 'calm', components: [{ type: 1, components: [button] }] });
  expect(terminal.written.join('\n')).toContain('#alerts › Incident 1 · message 2');
  await terminal.type('press Close', 'in incident', '/db note text:here');
  expect(terminal.contents(thread)).toEqual(['closed', `in ${thread}: here`]);
  await expect(terminal.type('in nowhere')).rejects.toThrow('There is no nowhere');
});
