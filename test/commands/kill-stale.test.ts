import { describe, expect, it } from 'vitest';
import killStale from '../../commands/db/kill-stale.ts';
import type { Answer, ButtonClick } from '../../src/discord/command.ts';
import type { Message } from '../../src/render/message.ts';
import { createKillWorld } from '../operations/kill-world.ts';
import { detailedSessions } from '../support/detailed-session.ts';
import { fakeOperations } from '../support/operations.ts';

const MEMBER = { memberId: '1', level: 'respond', channelId: '9', isPublic: true } as const;

const LONG = 'application_'.padEnd(63, 'x');

function startCommand({ user = 'site', known = [user] as readonly string[] } = {}) {
  const world = createKillWorld(detailedSessions(45, { user }));
  const operations = fakeOperations({ killStale: world.operation, applications: () => known });
  const shown: Message[] = [];
  const run = (options: Readonly<Record<string, string>>) =>
    killStale.run({ ...MEMBER, options, catalogue: [] }, operations);
  /** Presses a button by its label, as the router would. */
  async function press({ buttons = [] }: Message, label: string): Promise<Message | Answer | null> {
    const id = buttons.find((button) => button.label.startsWith(label))?.id ?? '';
    const [, action = '', ...args] = id.split(':');
    const click: ButtonClick = {
      ...MEMBER,
      args: args.map(decodeURIComponent),
      progress: async (message) => void shown.push(message),
    };
    return killStale.buttons[action as keyof typeof killStale.buttons].run(click, operations);
  }
  return { ...world, run, press, shown };
}

const messageOf = (answer: Message | Answer | null): Message => {
  if (answer === null) throw new Error('no answer');
  return 'message' in answer ? answer.message : answer;
};

const idOf = (answer: Answer | undefined) => answer?.message.embed?.footer?.replace('confirmation ', '');

describe('/db kill-stale', () => {
  it('finds an application again whose name no button can carry, and refuses one that is gone', async () => {
    const { run, press } = startCommand({ user: LONG });
    const preview = messageOf(await press(messageOf(await run({ application: LONG })), 'Idle ≥'));
    expect(preview.embed?.title).toBe('main: 45 sessions would be terminated');
    const gone = startCommand({ user: LONG, known: [] });
    await expect(gone.press(messageOf(await gone.run({ application: LONG })), 'Idle ≥')).rejects.toThrow(
      'not known any more. Run /db kill-stale again.',
    );
  });

  it('goes from the chooser over the preview and the progress to the result', async () => {
    const { run, press, shown } = startCommand();
    const preview = await press(messageOf(await run({})), 'Idle ≥');
    const result = await press(messageOf(preview), 'Terminate 45 sessions');
    expect(shown.map(({ embed, buttons }) => [embed?.title, buttons])).toEqual([
      ['main: terminating 45 sessions…', undefined],
    ]);
    expect(messageOf(result).embed?.title).toBe('main: terminated 45 · spared 0 · failed 0');
    expect(messageOf(result).file?.name).toBe('before-after.png');
  });

  it('says that nothing was terminated when it is cancelled', async () => {
    const { run, press, asked } = startCommand();
    const cancelled = await press(messageOf(await run({ kind: 'idle' })), 'Cancel');
    expect(messageOf(cancelled).embed?.title).toBe('main: cancelled, nothing was terminated');
    expect(asked).toEqual([]);
  });

  it('expires by itself after two minutes, and not once it was confirmed', async () => {
    const { run, press, clock } = startCommand();
    const [left, confirmed] = [await run({ kind: 'idle' }), await run({ kind: 'idle' })];
    await press(confirmed.message, 'Terminate');
    await clock.advance((left.later?.at ?? 0) - clock.now());
    expect(left.later?.becomes()?.embed?.title).toBe('main: expired, nothing was terminated');
    expect(confirmed.later?.becomes()).toBeNull();
  });

  it('tells when everybody can see what became of it', async () => {
    const { run, press, seenTo } = startCommand();
    const told = () => seenTo.filter((each) => each.endsWith(' told')).map((each) => each.split(' ')[0]);
    const place = { channelId: '9', messageId: '10', visibility: 'public' } as const;
    const previews = [await run({ kind: 'idle' }), await run({ kind: 'idle' }), await run({ kind: 'idle' })];
    const [confirmed, cancelled, expired] = previews;
    for (const [preview, label] of [
      [confirmed, 'Terminate'],
      [cancelled, 'Cancel'],
    ] as const) {
      const answer = await press(messageOf(preview ?? null), label);
      expect(told()).not.toContain(idOf(preview));
      (answer as Answer).shown?.(place);
    }
    expired?.later?.shown?.();
    expect(told()).toEqual(previews.map(idOf));
  });

  it('tells where a preview stands that everybody sees', async () => {
    const { run, places } = startCommand();
    const answer = await run({ kind: 'idle' });
    answer.shown?.({ channelId: '9', messageId: '10', visibility: 'ephemeral' });
    answer.shown?.({ channelId: '9', messageId: '11', visibility: 'public' });
    expect(places).toEqual([{ id: '0000000001', messageId: '11' }]);
  });

  it('lets nobody below respond click anything of it', () => {
    expect(killStale.access).toBe('respond');
    expect(new Set(Object.values(killStale.buttons).map(({ access }) => access))).toEqual(new Set(['respond']));
  });
});
