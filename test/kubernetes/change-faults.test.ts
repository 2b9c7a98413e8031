import { describe, expect, it } from 'vitest';
import type { Hooks } from '../../sandbox/kubernetes/api/http/hooks.ts';
import type { KubeObject } from '../../sandbox/kubernetes/api/object.ts';
import { StatusError } from '../../sandbox/kubernetes/api/status-error.ts';
import type { Fault } from '../../sandbox/kubernetes/faults.ts';
import type { Change } from '../../src/model/cluster-changes.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { type ChangesGround, createChangesGround, SITE } from './changes-ground.ts';
import { until } from './world.ts';

type Ask = (ground: ChangesGround) => Promise<Change>;

const scale: Ask = ({ changes, uid }) =>
  changes.scale({ reference: SITE, uid: uid(), from: 3, to: 0, held: 'remember' });
const restart: Ask = ({ changes, uid }) => changes.restart(SITE, uid(), 'run-1');
const isDone = ({ spec }: KubeObject): boolean =>
  spec.replicas === 0 || spec.template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'] === 'run-1';

const WRITE = { method: 'PATCH', times: 1 } as const;
const LOOK = { method: 'GET', times: 1 } as const;

describe.each<[string, Ask]>([
  ['scale', scale],
  ['restart', restart],
])('%s under a fault', (_, ask) => {
  it.each<[string, Fault, Change['kind'], boolean, RegExp]>([
    ['409', { ...WRITE, kind: 'refuse', code: 409 }, 'refused', false, /changed by somebody else/],
    ['500 before the effect', { ...WRITE, kind: 'refuse', code: 500 }, 'unknown', false, /answers with a fault/],
    ['500 after it', { ...WRITE, kind: 'refuse', code: 500, when: 'after' }, 'unknown', true, /answers with a fault/],
    ['504 before the effect', { ...WRITE, kind: 'refuse', code: 504 }, 'unknown', false, /ran out of time/],
    ['504 after it', { ...WRITE, kind: 'refuse', code: 504, when: 'after' }, 'unknown', true, /ran out of time/],
    ['a dropped connection', { ...WRITE, kind: 'drop' }, 'unknown', false, /connection to the API server broke/],
    [
      'one dropped after it',
      { ...WRITE, kind: 'drop', when: 'after' },
      'unknown',
      true,
      /connection to the API server/,
    ],
    [
      '500 for the look',
      { ...LOOK, kind: 'refuse', code: 500 },
      'refused',
      false,
      /^Nothing was done, as it could not/,
    ],
    ['a dropped look', { ...LOOK, kind: 'drop' }, 'refused', false, /^Nothing was done, as it could not be looked at/],
  ])('%s: says what is so, and sends one PATCH at most', async (__, fault, kind, happened, words) => {
    const ground = await createChangesGround();
    ground.server.faults.set(fault);
    expect(await ask(ground)).toEqual({ kind, reason: expect.stringMatching(words) as string });
    expect(isDone(ground.site())).toBe(happened);
    expect(ground.patches()).toBe(fault.method === 'PATCH' ? 1 : 0);
  });

  it.each(['get', 'patch'])('403 for %s: is refused, and says which right is missing', async (verb) => {
    const ground = await createChangesGround({ authorise: (__, ___, asked) => ({ allowed: asked.verb !== verb }) });
    const reason = expect.stringContaining('The bot may not do this in the cluster, grant it in its role') as string;
    expect(await ask(ground)).toEqual({ kind: 'refused', reason });
    expect(isDone(ground.site())).toBe(false);
    expect(ground.patches()).toBe(verb === 'patch' ? 1 : 0);
  });

  it('waits a 429 out, as it comes before any effect', async () => {
    const clock = createManualClock();
    const ground = await createChangesGround({ clock });
    ground.server.faults.set({ ...WRITE, kind: 'refuse', code: 429, times: 2 });
    const asked = ask(ground);
    for (const sent of [1, 2]) {
      await until(() => ground.patches() === sent && clock.sleeping().includes(1_000));
      await clock.advance(1_000);
    }
    expect(await asked).toEqual({ kind: 'done' });
    expect([ground.patches(), isDone(ground.site())]).toEqual([3, true]);
  });

  it('does not wait longer than anybody would for it', async () => {
    const busy: Hooks['authorise'] = (__, ___, { verb }) => {
      if (verb === 'patch') throw new StatusError(429, 'TooManyRequests', 'later', { retryAfterSeconds: 60 });
      return { allowed: true };
    };
    const ground = await createChangesGround({ authorise: busy });
    expect(await ask(ground)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('too busy to answer') as string,
    });
    expect(ground.patches()).toBe(1);
  });

  it('does not wait for ever where it is too busy', async () => {
    const clock = createManualClock();
    const ground = await createChangesGround({ clock });
    ground.server.faults.set({ method: 'PATCH', kind: 'refuse', code: 429 });
    const asked = ask(ground);
    for (const sent of [1, 2]) {
      await until(() => ground.patches() === sent && clock.sleeping().includes(1_000));
      await clock.advance(1_000);
    }
    expect(await asked).toEqual({ kind: 'refused', reason: expect.stringContaining('too busy to answer') as string });
    expect([ground.patches(), isDone(ground.site())]).toEqual([3, false]);
  });

  it.each([
    ['write', WRITE, 'unknown', 1],
    ['look', LOOK, 'refused', 0],
  ] as const)('does not wait for ever for an answer to the %s', async (__, match, kind, patches) => {
    const clock = createManualClock();
    const ground = await createChangesGround({ clock });
    ground.server.faults.set({ ...match, kind: 'hang' });
    const asked = ask(ground);
    await until(() => ground.server.requests.some(({ method }) => method === match.method));
    await clock.advance(10_000);
    expect(await asked).toEqual({ kind, reason: expect.stringContaining('no answer within 10 s') as string });
    expect(ground.patches()).toBe(patches);
  });

  it('does not know what became of what was under way when the bot ends', async () => {
    const ground = await createChangesGround();
    ground.server.faults.set({ ...WRITE, kind: 'hang' });
    const asked = ask(ground);
    await until(() => ground.patches() === 1);
    ground.client.close();
    expect(await asked).toMatchObject({ kind: 'unknown' });
  });
});
