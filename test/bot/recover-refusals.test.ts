import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { MemberName } from '../../sandbox/discord/world/seed.ts';
import type { Message } from '../../sandbox/discord/world/state.ts';
import { textOf, titleOf } from '../../sandbox/drill/read-message.ts';
import { isSettled, labelsOf, standOf } from '../../sandbox/drill/recover.ts';
import type { RecoveryRun } from '../../src/recovery/run.ts';
import { refusalOf } from './kill-world.ts';
import {
  ask,
  createRecoverWorld,
  forge,
  idOf,
  leaveExpired,
  mark,
  type RecoverWorld,
  replicasOf,
  SOON,
  sees,
  silenceNodeOnceStopped,
  untouched,
} from './recover-world.ts';

let world: RecoverWorld;
let expired: RecoveryRun;

beforeAll(async () => {
  world = await createRecoverWorld();
  expired = await leaveExpired(world);
  await world.stage.lives.start();
}, 120_000);
afterAll(() => world.stage.close());

beforeEach(() => {
  world.discord.setRoles('remy', ['recover', 'onCall']);
  world.discord.setRoles('ada', ['recover']);
  world.discord.setRoles('rosa', ['respond']);
});

const approveAs = async (by: MemberName, shown: Message): Promise<string> =>
  refusalOf(await world.discord.actAs(by).click(shown.id, 'Approve'));

describe('a request', () => {
  let shown: Message;

  beforeAll(async () => {
    shown = await ask(world);
  });

  it('is made and decided by those with the level only', async () => {
    const { alerts: channelId } = world.discord.channels;
    const words = await untouched(world, async () => {
      const asked = await world.discord.actAs('rosa').command('db recover', { strategy: 'restart' }, { channelId });
      const cancelled = await world.discord.actAs('rosa').click(shown.id, 'Cancel');
      return [await refusalOf(asked), await approveAs('rosa', shown), await refusalOf(cancelled)];
    });
    expect(words).toEqual(Array(3).fill(expect.stringContaining('needs the level `recover`; you have `respond`')));
  });

  it('is not approved by who made it', async () => {
    expect(await untouched(world, () => approveAs('remy', shown))).toContain('somebody else with the level');
  });

  it.each<[string, (id: string) => string, RegExp]>([
    ['an id that nobody gave out', (id) => id.replace(/:[0-9a-f]{10}:/, ':0123456789:'), /not known here/],
    ["another plan's hash", (id) => id.replace(/[0-9a-f]{16}$/, 'f'.repeat(16)), /not what was shown/],
    ['no hash', (id) => id.replace(/:[0-9a-f]{16}$/, ''), /not what was shown/],
    ['an id of another kind', (id) => id.replace('db.recover:approve', 'db.kill-stale:go'), /level|no such preview/],
    ['a run that is not stopped', (id) => id.replace(/approve:([^:]+):.*/, 'release:$1:0'), /moved on/],
    ['a run that is not under way', (id) => id.replace(/approve:([^:]+):.*/, 'abort:$1'), /moved on/],
    ['an action that objects inherit', (id) => id.replace(':approve:', ':constructor:'), /not known any more/],
  ])('is not begun by a forged click: %s', async (_, change, reason) => {
    const forged = change(idOf(shown, 'Approve'));
    expect(await untouched(world, async () => refusalOf(await forge(world, 'ada', forged, shown)))).toMatch(reason);
  });

  it('is approved by the roles of the click, and only while who made it has theirs', async () => {
    const words = await untouched(world, async () => {
      world.discord.setRoles('ada', ['respond']);
      const own = await approveAs('ada', shown);
      world.discord.setRoles('ada', ['recover']);
      world.discord.setRoles('remy', ['respond']);
      return [own, await approveAs('ada', shown)];
    });
    expect(words).toEqual([
      expect.stringContaining('you have `respond`'),
      expect.stringMatching(/Who asked for this does not have the level .* any more/),
    ]);
  });

  it('has a glass that breaks for who made it, with the level, a reason and the name, and not before its time', async () => {
    const id = idOf(shown, 'Approve').replace(':approve:', ':break-glass:');
    const submit = async (by: MemberName, reason: string, before = () => {}) => {
      const form = await forge(world, by, id, shown);
      before();
      return refusalOf(await world.discord.actAs(by).submitModal(form, { database: 'main', reason }));
    };
    const words = await untouched(world, async () => [
      await refusalOf(await forge(world, 'rosa', id, shown)),
      await submit('remy', ' '),
      await submit('remy', 'nobody is awake'),
      await submit('ada', 'nobody is awake'),
      await submit('remy', 'nobody is awake', () => world.discord.setRoles('remy', ['respond'])),
    ]);
    expect(words).toEqual(
      ['needs the level', 'Say why', 'can be broken in', 'Only who asked', 'needs the level'].map((each) =>
        expect.stringContaining(each),
      ),
    );
  });

  it('that has expired is over', async () => {
    const id = `db.recover:approve:${expired.id}:${expired.hash}`;
    expect(await untouched(world, async () => refusalOf(await forge(world, 'ada', id)))).toContain('has expired');
    const audited = () => world.discord.messages(world.discord.channels.audit).map(textOf).join('\n');
    await expect.poll(audited, { timeout: SOON.timeoutMs }).toContain('nobody approved it in time');
  });

  it('whose plan is another one by now begins nothing: the new one is shown, and wants an approval of its own', async () => {
    const asked = await ask(world);
    const old = idOf(asked, 'Approve');
    onTestFinished(mark(world, 'annotations', 'argocd.argoproj.io/tracking-id'));
    await untouched(world, async () => {
      const outcome = await world.discord.actAs('ada').click(asked.id, 'Approve');
      const next = await outcome.final(SOON);
      expect(textOf(next)).toMatch(/Not what was approved.*sync is off/s);
      expect(idOf(next, 'Approve')).not.toContain(old.split(':').at(-1));
      expect(await refusalOf(await forge(world, 'ada', old, asked))).toContain('look at the new plan');
      const form = await world.discord.actAs('ada').click(asked.id, 'Approve');
      const typed = await world.discord.actAs('ada').submitModal(form, { 'word-0': 'sync is on' });
      expect(await refusalOf(typed)).toContain('was not typed');
    });
  });

  it('that could not be planned any more begins nothing, also when it could be again', async () => {
    const asked = await ask(world);
    const unmark = mark(world, 'labels', 'cnpg.io/cluster');
    onTestFinished(unmark);
    await untouched(world, async () => {
      const id = idOf(asked, 'Approve');
      await world.discord.actAs('ada').click(asked.id, 'Approve');
      await sees(world, asked, (each) => textOf(each).includes('managed by CloudNativePG'));
      unmark();
      const again = await forge(world, 'ada', id, asked);
      const words = () => again.followUps().map(textOf).join();
      await expect.poll(words, { timeout: SOON.timeoutMs }).toContain('The world has changed');
      await sees(world, asked, (each) => textOf(each).includes('managed by CloudNativePG'));
    });
  });
});

describe('a recovery', () => {
  let run: Message;
  let other: Message;
  let silenced: ReturnType<typeof silenceNodeOnceStopped>;

  it('is begun once by two who approve it at once, and the other is told so', async () => {
    other = await ask(world);
    run = await ask(world);
    silenced = silenceNodeOnceStopped(world);
    world.discord.setRoles('rosa', ['recover']);
    const approve = idOf(run, 'Approve');
    const both = ['ada', 'rosa'] as const;
    const clicks = await Promise.all(both.map((by) => forge(world, by, approve, run)));
    const refusals = () => clicks.map((click) => click.followUps().map(textOf).join());
    await expect.poll(() => refusals().filter(Boolean), { timeout: SOON.timeoutMs }).toHaveLength(1);
    const first = both[refusals().indexOf('')] ?? 'ada';
    expect(refusals().join('')).toMatch(
      new RegExp(`has been (approved|answered) already.* It was <@${world.discord.members[first]}>`),
    );
    run = await sees(world, run, (each) => /has not renewed its Lease/.test(textOf(each)));
  }, 60_000);

  it('that waits for its proof has started no server, and lets no other begin beside it', async () => {
    const { alerts: channelId } = world.discord.channels;
    const words = await untouched(world, async () => {
      const asked = await world.discord.actAs('ada').command('db recover', { strategy: 'restart' }, { channelId });
      return [await refusalOf(asked), await approveAs('ada', other)];
    });
    expect(words).toEqual(Array(2).fill(expect.stringMatching(/is under way: one at a time.* It stands in <#\d+>/)));
    expect(await refusalOf(await world.discord.actAs('rosa').click(run.id, 'Abort'))).toContain('needs the level');
    expect(replicasOf(world, 'postgres')).toBe(0);
  });

  it('without proof starts no server: it stops, and says who is held and how to go on by hand', async () => {
    silenced.leave();
    run = await sees(world, run, isSettled);
    expect(textOf(run)).toMatch(/has left the cluster.*Go on by hand/s);
    expect(textOf(run)).toMatch(/Clients are held:.*site/);
    await sees(world, run, (each) => textOf(each).includes('True now:'));
    expect(labelsOf(run)).toEqual(['Release clients', 'Retry', 'Undo 2 steps', 'Abort']);
    expect(replicasOf(world, 'postgres')).toBe(0);
  }, 60_000);

  it('that has stopped hears nobody without the level, no step that may not be left out, and no forged stop', async () => {
    const retry = idOf(run, 'Retry');
    const words = await untouched(world, async () => {
      const actions = ['retry', 'skip', 'undo', 'release', 'end', 'resume'];
      const clicks = actions.map((action) => forge(world, 'rosa', retry.replace('retry', action), run));
      const refusals = await Promise.all((await Promise.all(clicks)).map(refusalOf));
      expect(refusals).toEqual(Array(6).fill(expect.stringContaining('needs the level `recover`')));
      const forged = [retry.replace('retry', 'skip'), retry.replace(/\d+$/, '7'), retry.replace(/\d+$/, 'x')];
      return Promise.all(forged.map(async (id) => refusalOf(await forge(world, 'ada', id, run))));
    });
    expect(words).toEqual(
      ['may not be left out', 'moved on', 'not known any more'].map((each) => expect.stringContaining(each)),
    );
  });

  it('lets its clients in without a server when it is told to, and hears no button of the stop before', async () => {
    const stale = idOf(run, 'Retry');
    await world.discord.actAs('ada').click(run.id, 'Release clients');
    run = await sees(world, run, (each) => labelsOf(each).includes('Resume'));
    expect(replicasOf(world, 'site')).toBe(1);
    const words = await untouched(world, async () => refusalOf(await forge(world, 'ada', stale, run)));
    expect(words).toContain('moved on');
    expect(replicasOf(world, 'postgres')).toBe(0);
  }, 60_000);

  it('goes on once it can be proven, to its end, with one server', async () => {
    silenced.comeBack();
    await world.discord.actAs('ada').click(run.id, 'Resume');
    run = await sees(world, run, (each) => standOf(each) === 'over');
    expect(titleOf(run)).toContain('restart done');
    expect([replicasOf(world, 'postgres'), replicasOf(world, 'site')]).toEqual([1, 1]);
    expect(world.cluster.kubelets.twoPostmasters).toEqual([]);
  }, 60_000);
});
