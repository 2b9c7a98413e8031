import { describe, expect, it } from 'vitest';
import recover from '../../commands/db/recover.ts';
import runbook from '../../commands/runbook.ts';
import type { Answer, ButtonClick } from '../../src/discord/command.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import type { RecoverAnswer, Runbook, RunView } from '../../src/recovery/view.ts';
import type { Message } from '../../src/render/message.ts';
import { referTo } from '../../src/render/name-reference.ts';
import { NOW } from '../support/builders.ts';
import { fakeOperations, NO_KILLS, NO_RECOVERIES } from '../support/operations.ts';
import { FULL, runView } from '../support/recovery-views.ts';

const LONG = 'database-of-the-moderation-team-with-a-name-that-fills-63-bytes';
const ASKER = { memberId: '42', level: 'recover', channelId: '9', isPublic: true } as const;
const ID = '0123456789';
const HASH = 'abcdef0123456789';

/** Recoveries that write down what they are asked, and answer one thing. */
function startCommand(
  answer: RecoverAnswer = { kind: 'run', view: runView({ kind: 'requested' }), diagnosis: null, because: null },
  view: RunView | null = runView({ kind: 'requested' }),
) {
  const asked: unknown[][] = [];
  const note =
    (name: string) =>
    async (...args: readonly unknown[]) => {
      asked.push([name, ...args]);
      return answer;
    };
  const operations = fakeOperations({
    databases: ['main', LONG],
    applications: () => ['site', 'bot'],
    recover: {
      ...NO_RECOVERIES,
      propose: note('propose'),
      approve: note('approve'),
      breakGlass: note('breakGlass'),
      cancel: note('cancel'),
      abort: note('abort'),
      resume: note('resume'),
      retry: note('retry'),
      skip: note('skip'),
      undo: note('undo'),
      releaseClients: note('releaseClients'),
      end: note('end'),
      standsAt: (id, place) => void asked.push(['standsAt', id, place]),
      find: (id) => (id === ID ? view : null),
      runbook(database, strategy): Runbook {
        asked.push(['runbook', database, strategy]);
        return { database: 'main', before: [], rungs: [], later: [] };
      },
    },
    killStale: {
      ...NO_KILLS,
      async preview(request, by) {
        asked.push(['preview', request, by]);
        return { kind: 'ready' } as never;
      },
    },
  });
  return { asked, operations };
}

type Action = keyof typeof recover.buttons;

function clickOf(id: string): { readonly action: Action; readonly click: ButtonClick } {
  const [, action = '', ...args] = id.split(':');
  return {
    action: action as Action,
    click: { ...ASKER, args: args.map(decodeURIComponent), progress: async () => {} },
  };
}

async function press(id: string, world = startCommand()) {
  const { action, click } = clickOf(id);
  const handler = recover.buttons[action];
  if (handler.answer === 'form') return { world, form: handler.ask(click, world.operations), answer: null };
  return { world, form: null, answer: await handler.run(click, world.operations) };
}

async function send(action: keyof typeof recover.forms, fields: Record<string, string>, world = startCommand()) {
  const submission = { ...ASKER, args: [ID, HASH], fields, progress: async () => {} };
  return { world, answer: await recover.forms[action].run(submission, world.operations) };
}

const messageOf = (answer: Message | Answer | null): Message | null =>
  answer && ('message' in answer ? answer.message : answer);

describe('/db recover', () => {
  it('asks for recover at the command, at each click and in each form', () => {
    const handlers = [recover, ...Object.values(recover.buttons), ...Object.values(recover.forms)];
    expect(new Set(handlers.map(({ access }) => access))).toEqual(new Set(['recover']));
    expect(recover.answer).toBe('public-in-alert-channel');
  });

  it.each([true, false])(
    'asks for what was typed, and says whether everybody sees the answer: %s',
    async (isPublic) => {
      const { asked, operations } = startCommand();
      const options = { database: 'main', strategy: 'restart', application: 'site' };
      await recover.run({ ...ASKER, isPublic, options, catalogue: [] }, operations);
      expect(asked).toEqual([['propose', options, '42', isPublic]]);
    },
  );

  it('tells where a run stands that everybody sees, and of no other', async () => {
    const { asked, operations } = startCommand();
    const answer = await recover.run({ ...ASKER, options: {}, catalogue: [] }, operations);
    answer.shown?.({ channelId: '9', messageId: '10', visibility: 'ephemeral' });
    answer.shown?.({ channelId: '9', messageId: '11', visibility: 'public' });
    expect(asked.slice(1)).toEqual([['standsAt', ID, { channelId: '9', messageId: '11' }]]);
    const plan = startCommand({ kind: 'plan', view: runView({ kind: 'requested' }), diagnosis: null });
    expect(await recover.run({ ...ASKER, options: {}, catalogue: [] }, plan.operations)).not.toHaveProperty('shown');
  });

  it("shows kill-stale's own preview on rung 1, under the diagnosis", async () => {
    const world = startCommand({ kind: 'kill-stale', database: 'main', application: 'site', diagnosis: FULL });
    world.operations.killStale.preview = async (request, by) => {
      world.asked.push(['preview', request, by]);
      const criteria = { kind: 'orphaned', olderThanMs: 60_000, application: 'site' } as const;
      return { kind: 'nothing', database: 'main', at: NOW, criteria, judged: [], choices: [] } as never;
    };
    const answer = await recover.run({ ...ASKER, options: {}, catalogue: [] }, world.operations);
    expect(world.asked[1]).toEqual(['preview', { database: 'main', application: 'site' }, '42']);
    expect(messageOf(answer)?.embed?.description).toContain(FULL.headline);
  });

  it('completes databases and applications, and offers the rungs', () => {
    const { operations } = startCommand();
    const option = (name: string) => recover.options.find((each) => each.name === name);
    expect(option('database')?.autocomplete?.('MA', operations)).toEqual(['main']);
    expect(option('application')?.autocomplete?.('o', operations)).toEqual(['bot']);
    expect(option('strategy')?.choices).toEqual([
      'kill-stale',
      'cap-application',
      'restart-application',
      'restart',
      'remount',
      'recreate',
    ]);
  });
});

describe('its buttons', () => {
  it.each([
    [`db.recover:approve:${ID}:${HASH}`, ['approve', ID, HASH, '42', []]],
    [`db.recover:cancel:${ID}:${HASH}`, ['cancel', ID, HASH, '42']],
    [`db.recover:abort:${ID}`, ['abort', ID, '42']],
    [`db.recover:resume:${ID}:2`, ['resume', ID, 2, '42']],
    [`db.recover:retry:${ID}:2`, ['retry', ID, 2, '42']],
    [`db.recover:skip:${ID}:2`, ['skip', ID, 2, '42']],
    [`db.recover:undo:${ID}:2`, ['undo', ID, 2, '42']],
    [`db.recover:release:${ID}:2`, ['releaseClients', ID, 2, '42']],
    [`db.recover:end:${ID}:0`, ['end', ID, 0, '42']],
    [
      `db.recover:show:${referTo('main')}:a1.2`,
      ['propose', { database: 'main', strategy: undefined, application: undefined }, '42', true],
    ],
    [
      `db.recover:show:${referTo(LONG)}:`,
      ['propose', { database: LONG, strategy: undefined, application: undefined }, '42', true],
    ],
    [
      'db.recover:choose:main:restart',
      ['propose', { database: 'main', strategy: 'restart', application: undefined }, '42', true],
    ],
  ])('%s asks for exactly that', async (id, expected) => {
    const { world } = await press(id);
    expect(world.asked).toEqual([expected]);
  });

  it.each([
    'db.recover:choose:main:drop-database',
    'db.recover:choose:main',
    'db.recover:show',
    `db.recover:show:${encodeURIComponent(referTo('gone'.repeat(20)))}`,
    `db.recover:retry:${ID}`,
    `db.recover:retry:${ID}:`,
    `db.recover:undo:${ID}:1e3`,
    `db.recover:release:${ID}:-1`,
    `db.recover:resume:${ID}:99999999999999999999`,
    `db.recover:approve-typed:${ID}:0000000000000000`,
    `db.recover:approve-typed:${ID}:${HASH}`,
    'db.recover:approve-typed:ffffffffff:abcdef0123456789',
    `db.recover:break-glass:${ID}`,
    'db.recover:break-glass',
  ])('%s, forged or late, is refused in words and asks for nothing', async (id) => {
    const world = startCommand();
    await expect((async () => press(id, world))()).rejects.toThrow(UserFacingError);
    expect(world.asked).toEqual([]);
  });

  it('leave it to the runner to know the id of a run', async () => {
    const { world } = await press('db.recover:approve:__proto__:x');
    expect(world.asked).toEqual([['approve', '__proto__', 'x', '42', []]]);
  });

  it('open a form for what must be typed', async () => {
    const view = runView({ kind: 'requested' }, { run: { policy: 'typed' } });
    const { form, world } = await press(`db.recover:approve-typed:${ID}:${HASH}`, startCommand(undefined, view));
    expect(form?.id).toBe(`db.recover:approve-typed:${ID}:${HASH}`);
    expect((await press(`db.recover:break-glass:${ID}:${HASH}`)).form?.id).toBe(`db.recover:break-glass:${ID}:${HASH}`);
    expect(world.asked).toEqual([]);
  });
});

describe('its forms', () => {
  it('hand over what was typed', async () => {
    const approved = await send('approve-typed', { database: 'main', 'word-0': 'old backup' });
    expect(approved.world.asked).toEqual([['approve', ID, HASH, '42', ['main', 'old backup']]]);
    const broken = await send('break-glass', { database: 'main', reason: 'nobody is awake' });
    expect(broken.world.asked).toEqual([['breakGlass', ID, HASH, '42', ['main'], 'nobody is awake']]);
  });

  it('break no glass without a reason', async () => {
    const world = startCommand();
    await expect(send('break-glass', { database: 'main', reason: '  ' }, world)).rejects.toThrow('Say why');
    expect(world.asked).toEqual([]);
  });

  it('answer in the message of the run, which is followed from there', async () => {
    const { world, answer } = await send('approve-typed', { database: 'main' });
    expect(recover.forms['approve-typed'].answer).toBe('edit');
    answer.shown?.({ channelId: '9', messageId: '11', visibility: 'public' });
    expect(world.asked.at(-1)).toEqual(['standsAt', ID, { channelId: '9', messageId: '11' }]);
  });
});

describe('/runbook', () => {
  it('is for everybody who may look, of the rung and database that are asked for', async () => {
    const { asked, operations } = startCommand();
    const message = await runbook.run(
      { ...ASKER, options: { strategy: 'restart', database: 'main' }, catalogue: [] },
      operations,
    );
    expect(runbook.access).toBe('observe');
    expect(asked).toEqual([['runbook', 'main', 'restart']]);
    expect(message.attachments?.map(({ name }) => name)).toEqual(['runbook.md']);
  });
});
