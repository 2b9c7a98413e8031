import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/discord/command.ts';
import { parseInteraction } from '../../src/discord/interaction.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import { click, createRouting, holding, slash, submit } from './route-raw.ts';

const status = {
  description: 'See',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'database',
      description: 'Which',
      autocomplete: (typed, { databases }) => databases.filter((name) => name.startsWith(typed)),
    },
    { name: 'kind', description: 'Which', choices: ['idle', 'orphaned'] },
  ],
  run: async ({ options }) => {
    if (options['database'] === 'nowhere') throw new UserFacingError('No database is named *nowhere*.');
    if (options['database'] === 'taken') throw new UserFacingError('Carried out.', { doneBy: '123456789012345678' });
    if (options['database'] === 'busy') throw new UserFacingError('One at a time.', { seenIn: '987654321' });
    if (options['database'] === 'broken') throw new Error('password=hunter2');
    return { content: `ran ${options['database'] ?? ''}` };
  },
  buttons: {
    refresh: {
      access: 'recover',
      answer: 'edit',
      run: async ({ args }) => ({ content: `refreshed ${args.join('+')}` }),
    },
    own: { access: 'respond', answer: 'elsewhere', run: async () => null },
  },
} satisfies Command;

async function send(raw: object): Promise<Pick<ReturnType<typeof createRouting>, 'seen' | 'log'>> {
  const routing = createRouting({ 'db status': status });
  await routing.send(raw);
  return routing;
}

const command = (database?: string, parts: object = {}): object =>
  slash('db status', database === undefined ? {} : { database }, parts);

describe('the router', () => {
  it('acknowledges before it works, in public in the alert channel', async () => {
    expect((await send(command('main'))).seen).toEqual(['deferred public', 'completed: ran main']);
  });

  it('answers in public in a thread of an incident too', async () => {
    expect((await send(command('main', { channel_id: 'thread' }))).seen[0]).toBe('deferred public');
  });

  it('tells a command, its buttons and its forms whether everybody sees what they answer', async () => {
    const told: boolean[] = [];
    const tell = async ({ isPublic }: { readonly isPublic: boolean }) => {
      told.push(isPublic);
      return {};
    };
    const teller = {
      ...status,
      access: 'respond',
      run: tell,
      buttons: { look: { access: 'respond', answer: 'new', run: tell } },
      forms: { look: { access: 'respond', answer: 'new', run: tell } },
    } satisfies Command;
    const routing = createRouting({ 'db tell': teller, 'db whisper': { ...teller, answer: 'private' } });
    for (const channel_id of ['alerts', 'elsewhere']) {
      await routing.send(slash('db tell', {}, { channel_id }));
      await routing.send(click('db.tell:look', { channel_id }));
      await routing.send(submit('db.tell:look', {}, { channel_id }));
    }
    await routing.send(slash('db whisper'));
    expect(told).toEqual([true, true, true, false, false, false, false]);
  });

  it('answers privately where nobody says which channel it is', async () => {
    expect((await send(command('main', { channel_id: undefined }))).seen[0]).toBe('deferred ephemeral');
  });

  it('lets no value through that is not among the choices', async () => {
    const { seen } = await send(slash('db status', { kind: 'all' }));
    expect(seen).toEqual(['refused: `kind` is one of idle, orphaned.']);
    expect((await send(slash('db status', { kind: 'idle' }))).seen[1]).toBe('completed: ran ');
  });

  it('answers privately elsewhere', async () => {
    expect((await send(command('main', { channel_id: 'general' }))).seen[0]).toBe('deferred ephemeral');
  });

  it.each([
    ['a direct message', { guild_id: undefined, member: undefined }],
    ['another guild', { guild_id: 'elsewhere' }],
    ['an interaction without a member', { member: undefined }],
  ])('never acts for %s', async (_, parts) => {
    const { seen } = await send(command('main', parts));
    expect(seen).toEqual([expect.stringMatching(/^refused: /)]);
  });

  it('refuses a member without the level, naming what is missing', async () => {
    const { seen } = await send(command('main', holding('o')));
    expect(seen).toEqual([expect.stringMatching(/^refused: .*`respond`.*<@&r>/)]);
  });

  it('checks the level again at the click', async () => {
    expect((await send(click('db.status:refresh:main'))).seen).toEqual([
      expect.stringMatching(/^refused: .*`recover`/),
    ]);
    expect((await send(click('db.status:refresh:main', holding('x')))).seen).toEqual([
      'deferred edit',
      'completed: refreshed main',
    ]);
  });

  it('only takes the click of a button whose effect shows elsewhere', async () => {
    expect((await send(click('db.status:own:1'))).seen).toEqual(['deferred edit']);
  });

  it('gives a button its arguments as they were before encoding', async () => {
    const { seen } = await send(click(`db.status:refresh:${encodeURIComponent('a:b')}:c`, holding('x')));
    expect(seen).toContain('completed: refreshed a:b+c');
  });

  it.each([
    'db.status:drop:main',
    'db.gone:refresh:main',
    'nonsense',
    '',
    'db.status:constructor:main',
    'db.status:__proto__',
    'db.status:refresh:%E0%A4%A',
  ])('refuses the forged or outdated button id %j', async (id) => {
    expect((await send(click(id, holding('x')))).seen).toEqual([
      expect.stringMatching(/^refused: This button is not known/),
    ]);
  });

  it('refuses a command it does not have', async () => {
    const { seen } = await send({ type: 2, data: { name: 'rm', options: [] } });
    expect(seen).toEqual([expect.stringMatching(/^refused: /)]);
  });

  it('tells a user-facing error to the asker, escaped', async () => {
    expect((await send(command('nowhere'))).seen).toEqual([
      'deferred public',
      'refused after answer: No database is named \\*nowhere\\*.',
    ]);
  });

  it('names who did what it tells of', async () => {
    expect((await send(command('taken'))).seen.at(-1)).toBe(
      'refused after answer: Carried out. It was <@123456789012345678>.',
    );
  });

  it('names where it is to be seen', async () => {
    expect((await send(command('busy'))).seen.at(-1)).toBe(
      'refused after answer: One at a time. It stands in <#987654321>.',
    );
  });

  it('turns any other error into a reference, with the details in the log only', async () => {
    const { seen, log } = await send(command('broken'));
    expect(seen[1]).toMatch(/^refused after answer: .*`ref1`/);
    expect(seen.join()).not.toContain('hunter2');
    expect(log.lines).toMatchObject([{ level: 'error', fields: { reference: 'ref1' } }]);
  });

  it.each([
    [holding('r'), 'suggested: main'],
    [holding('o'), 'suggested: '],
  ])('completes for those with the level only: %j', async (member, expected) => {
    const options = [{ name: 'database', type: 3, value: 'ma', focused: true }];
    const raw = { type: 4, data: { name: 'db', options: [{ name: 'status', type: 1, options }] }, ...member };
    expect((await send(raw)).seen).toEqual([expected]);
  });
});

describe('reading raw interactions', () => {
  it.each([
    [null],
    [{}],
    [{ type: 2 }],
    [{ type: 3, id: '1', token: 't', data: {} }],
    [{ type: 99, id: '1', token: 't' }],
    ['text'],
  ])('drops %j', (raw) => {
    expect(parseInteraction(raw)).toBeNull();
  });
});
