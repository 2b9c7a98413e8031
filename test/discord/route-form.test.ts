import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/discord/command.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import type { Form } from '../../src/render/form.ts';
import { click, createRouting, holding, slash, submit } from './route-raw.ts';

const FIELD = { id: 'name', label: 'Name', lines: 'one', required: true, maxLength: 50 } as const;
const form = (id: string): Form => ({ id, title: 'Name it', fields: [FIELD] });

const note = {
  description: 'Note',
  access: 'respond',
  answer: 'public-in-alert-channel',
  ask: ({ options }) => {
    if (options['text'] === 'closed') throw new UserFacingError('It is *closed*.');
    return options['text'] === undefined ? form('db.note:add:main') : null;
  },
  run: async ({ options }) => ({ content: `noted ${options['text']}` }),
  buttons: {
    confirm: {
      access: 'recover',
      answer: 'form',
      ask({ args }) {
        if (args[0] === 'gone') throw new UserFacingError('It has expired.');
        if (args[0] === 'astray') return form('db.note:nowhere');
        return form(args[0] === 'long' ? `db.note:go:${'x'.repeat(100)}` : `db.note:go:${args[0]}`);
      },
    },
    bare: { access: 'respond', answer: 'edit', run: async () => ({ content: 'bare' }) },
  },
  forms: {
    add: {
      access: 'respond',
      answer: 'edit',
      run: async ({ args, fields, memberId }) => ({ content: `${memberId} wrote ${fields['name']} on ${args[0]}` }),
    },
    go: {
      access: 'recover',
      answer: 'edit',
      async run({ fields, progress }) {
        if (fields['name'] !== 'main') throw new UserFacingError('Type *main*.');
        await progress({ content: 'going' });
        return { content: 'gone' };
      },
    },
    beside: { access: 'respond', answer: 'new', run: async () => ({ content: 'beside' }) },
  },
} satisfies Command;

async function see(raw: object): Promise<readonly string[]> {
  const routing = createRouting({ 'db note': note });
  await routing.send(raw);
  return routing.seen;
}

describe('a form', () => {
  it('is opened at once for what a command was not told, and only then', async () => {
    expect(await see(slash('db note'))).toEqual(['opened db.note:add:main: Name it']);
    expect(await see(slash('db note', { text: 'x' }))).toEqual(['deferred public', 'completed: noted x']);
  });

  it('is opened by a button, for those with its level', async () => {
    expect(await see(click('db.note:confirm:main', holding('x')))).toEqual(['opened db.note:go:main: Name it']);
    expect(await see(click('db.note:confirm:main'))).toEqual([expect.stringMatching(/^refused: .*`recover`/)]);
  });

  it('is opened for nobody without the level of the command', async () => {
    expect(await see(slash('db note', {}, holding('o')))).toEqual([expect.stringMatching(/^refused: .*`respond`/)]);
  });

  it.each([
    ['what the asker got wrong', slash('db note', { text: 'closed' }), 'refused: It is \\*closed\\*.'],
    ['what is over', click('db.note:confirm:gone', holding('x')), 'refused: It has expired.'],
  ])('is refused to the asker for %s', async (_, raw, text) => {
    expect(await see(raw)).toEqual([text]);
  });

  it.each(['long', 'astray'])('that could not come back is refused with a reference: %s', async (which) => {
    expect(await see(click(`db.note:confirm:${which}`, holding('x')))).toEqual([
      expect.stringMatching(/^refused: .*`ref1`/),
    ]);
  });
});

describe('what came in a form', () => {
  it('edits the message whose button opened it', async () => {
    expect(await see(submit('db.note:add:main', { name: 'x' }))).toEqual([
      'deferred edit',
      'completed: m wrote x on main',
    ]);
  });

  it('is answered anew where a command opened it', async () => {
    expect(await see(submit('db.note:add:main', { name: 'x' }, { message: undefined }))).toEqual([
      'deferred public',
      'completed: m wrote x on main',
    ]);
  });

  it('is answered anew where it says so', async () => {
    expect((await see(submit('db.note:beside', {})))[0]).toBe('deferred public');
    expect((await see(submit('db.note:beside', {}, { channel_id: 'general' })))[0]).toBe('deferred ephemeral');
  });

  it('is checked for the level again: it may be lost since the form was opened', async () => {
    expect(await see(submit('db.note:go:main', { name: 'main' }, holding('r')))).toEqual([
      expect.stringMatching(/^refused: .*`recover`/),
    ]);
    expect(await see(submit('db.note:go:main', { name: 'main' }, holding('x')))).toEqual([
      'deferred edit',
      'progress: going',
      'completed: gone',
    ]);
  });

  it('leaves the message as it is when it is wrong', async () => {
    expect(await see(submit('db.note:go:main', { name: 'other' }, holding('x')))).toEqual([
      'deferred edit',
      'refused after edit: Type \\*main\\*.',
    ]);
  });

  it.each(['db.note:none', 'db.note:bare', 'db.note:__proto__:x', 'db.gone:add', '', 'db.note:add:%E0%A4%A'])(
    'is refused under the forged or outdated id %j',
    async (id) => {
      expect(await see(submit(id, {}, holding('x')))).toEqual([
        expect.stringMatching(/^refused: This form is not known/),
      ]);
    },
  );

  it.each([{ guild_id: 'elsewhere' }, { guild_id: undefined, member: undefined }])(
    'never acts from elsewhere: %j',
    async (parts) => {
      expect(await see(submit('db.note:add:main', {}, parts))).toEqual([expect.stringMatching(/^refused: /)]);
    },
  );
});
