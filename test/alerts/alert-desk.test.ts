import { describe, expect, it } from 'vitest';
import { type AlertDesk, createAlertDesk } from '../../src/alerts/alert-desk.ts';
import type { Judgement, Transition } from '../../src/alerts/lifecycle.ts';
import type { Rule, Standing } from '../../src/alerts/rule.ts';
import recovering from '../../src/alerts/rules/database-recovering.ts';
import serviceDown from '../../src/alerts/rules/service-down.ts';
import type { JournalEvent, StoredEvent } from '../../src/journal/journal.ts';
import { finding, NOW } from '../support/builders.ts';

const MINUTE_MS = 60_000;

/** A stream that only remembers, as JSON does. */
function createMemory() {
  const events: StoredEvent[] = [];
  return {
    events,
    async write(more: readonly JournalEvent[]) {
      for (const event of more)
        events.push({ ...(JSON.parse(JSON.stringify(event)) as JournalEvent), seq: events.length + 1 });
    },
  };
}

interface World {
  readonly alerts: ReturnType<typeof createMemory>;
  readonly silences: ReturnType<typeof createMemory>;
}

function start(
  world: World = { alerts: createMemory(), silences: createMemory() },
  now = NOW,
  rules: readonly Rule[] = [],
) {
  const told: Transition[] = [];
  const desk = createAlertDesk({
    rules,
    ...world,
    past: { alerts: world.alerts.events, silences: world.silences.events },
    now,
    onTransitions: async (transitions) => void told.push(...transitions),
  });
  return { desk, world, told: () => told.map(({ kind, alert }) => [kind, alert.subject]) };
}

function judgement(standing: Standing, parts: Partial<Judgement> = {}): Judgement {
  return {
    rule: 'connections-total',
    database: 'main',
    settings: { severity: 'critical', forMs: 0, keepMs: 0, repeatMs: 4 * 3_600_000 },
    findings: [finding({ standing })],
    ...parts,
  };
}

const fire = (desk: AlertDesk, now = NOW) => desk.take([judgement('firing')], now);

describe('the alert desk', () => {
  it('tells each change once, in order, after it was written down', async () => {
    const { desk, world, told } = start();
    fire(desk);
    desk.take([judgement('clear')], NOW + 1_000);
    expect(told()).toEqual([]);
    await desk.settled();
    expect(told()).toEqual([
      ['fired', 'total'],
      ['resolved', 'total'],
    ]);
    expect(world.alerts.events.map(({ type }) => type)).toEqual(['fired', 'resolved']);
  });

  it('tells nothing before it was written down', async () => {
    const order: string[] = [];
    const written = Promise.withResolvers<void>();
    const desk = createAlertDesk({
      rules: [],
      alerts: {
        async write() {
          await written.promise;
          order.push('written');
        },
      },
      silences: createMemory(),
      now: NOW,
      onTransitions: async () => void order.push('told'),
    });
    fire(desk);
    await Promise.resolve();
    written.resolve();
    await desk.settled();
    expect(order).toEqual(['written', 'told']);
  });

  it('lists what fires, the critical ones first, then the oldest', () => {
    const { desk } = start();
    const warning = { ...judgement('firing').settings, severity: 'warning' as const };
    desk.take([judgement('firing', { rule: 'a', settings: warning })], NOW);
    desk.take([judgement('firing', { rule: 'b', settings: warning }), judgement('firing')], NOW + 1);
    expect(desk.firing().map(({ rule }) => rule)).toEqual(['connections-total', 'a', 'b']);
  });

  it('does not list what is only pending', () => {
    const { desk } = start();
    desk.take(
      [judgement('firing', { settings: { severity: 'critical', forMs: MINUTE_MS, keepMs: 0, repeatMs: 1 } })],
      NOW,
    );
    expect(desk.firing()).toEqual([]);
  });

  it('writes newer numbers down once a minute only', async () => {
    const { desk, world } = start();
    fire(desk);
    for (let second = 1; second <= 130; second += 1) {
      desk.take([judgement('firing', { findings: [finding({ headline: `${second}` })] })], NOW + second * 1_000);
    }
    await desk.settled();
    expect(world.alerts.events.map(({ type }) => type)).toEqual(['fired', 'changed', 'changed']);
  });

  it('tells a cause anew when one of its symptoms ends, as its message names it', async () => {
    const { desk, told } = start(undefined, NOW, [recovering, serviceDown]);
    const of = (rule: string, standing: Standing) =>
      judgement(standing, { rule, findings: [finding({ subject: rule, standing })] });
    desk.take([of('database-recovering', 'firing'), of('service-down', 'firing')], NOW);
    desk.take([of('service-down', 'clear')], NOW + 1);
    await desk.settled();
    expect(told().slice(2)).toEqual([
      ['resolved', 'service-down'],
      ['changed', 'database-recovering'],
    ]);
    expect(desk.symptomsOf('database-recovering · main · database-recovering')).toEqual([]);
  });

  it('ends what is no longer watched, and says so', async () => {
    const { desk, told } = start();
    fire(desk);
    desk.retire(() => 'No longer watched.', NOW + 1);
    await desk.settled();
    expect(told()).toEqual([
      ['fired', 'total'],
      ['resolved', 'total'],
    ]);
    expect(desk.firing()).toEqual([]);
  });
});

describe('after a restart the desk', () => {
  it('goes on with the same occurrence: it is neither fired nor posted again', async () => {
    const { desk, world } = start();
    fire(desk);
    await desk.settled();
    const again = start(world, NOW + 5_000);
    fire(again.desk, NOW + 5_000);
    await again.desk.settled();
    expect(again.told()).toEqual([]);
    expect(again.desk.firing()).toMatchObject([{ firedAt: NOW, post: { number: 1 } }]);
  });

  it('remembers who owns an alert, and does not repeat it', async () => {
    const { desk, world } = start();
    fire(desk);
    desk.acknowledge('connections-total · main · total', '42', NOW + 1);
    await desk.settled();
    const again = start(world);
    again.desk.attend(NOW + 24 * 3_600_000);
    await again.desk.settled();
    expect(again.told()).toEqual([]);
    expect(again.desk.firing()[0]?.acknowledged).toEqual({ by: '42', at: NOW + 1 });
  });

  it('keeps the time of the next repeat', async () => {
    const { desk, world } = start();
    fire(desk);
    await desk.settled();
    const again = start(world);
    again.desk.attend(NOW + 4 * 3_600_000 - 1);
    await again.desk.settled();
    expect(again.told()).toEqual([]);
    again.desk.attend(NOW + 4 * 3_600_000);
    await again.desk.settled();
    expect(again.told()).toEqual([['posted', 'total']]);
  });

  it('keeps silences to their end', async () => {
    const { desk, world } = start();
    desk.silence({ kind: 'alert', key: 'connections-total · main · total' }, '42', NOW, NOW + MINUTE_MS);
    await desk.settled();
    const again = start(world, NOW + 1_000);
    fire(again.desk, NOW + 1_000);
    again.desk.attend(NOW + MINUTE_MS);
    await again.desk.settled();
    expect(again.told()).toEqual([
      ['fired', 'total'],
      ['posted', 'total'],
    ]);
    expect(again.desk.firing()[0]?.post?.at).toBe(NOW + MINUTE_MS);
  });

  it('knows a silence that was ended as ended', async () => {
    const { desk, world } = start();
    const about = { kind: 'application', name: 'site' } as const;
    desk.silence(about, '42', NOW, NOW + MINUTE_MS);
    desk.unsilence(about, '43', NOW + 1);
    await desk.settled();
    expect(start(world, NOW + 2).desk.silences(NOW + 2)).toEqual([]);
  });

  it('remembers what is over, for messages that do not know it yet', async () => {
    const { desk, world } = start();
    fire(desk);
    desk.take([judgement('clear')], NOW + 1);
    await desk.settled();
    expect(start(world).desk.over()).toMatchObject([{ state: 'resolved', post: { number: 1 } }]);
  });

  it('does not act on events of a form that it does not know', () => {
    const world = { alerts: createMemory(), silences: createMemory() };
    world.alerts.events.push({
      seq: 1,
      type: 'fired',
      version: 99,
      at: NOW,
      data: { id: 'x', key: 'k', state: 'firing' },
    });
    expect(start(world).desk.firing()).toEqual([]);
  });
});

describe('what people ask of the desk', () => {
  it('refuses to acknowledge what does not fire', () => {
    expect(() => start().desk.acknowledge('nothing', '42', NOW)).toThrow(/does not fire any more/);
  });

  it('leaves the first owner in place', () => {
    const { desk } = start();
    fire(desk);
    const { id } = desk.acknowledge('connections-total · main · total', '42', NOW + 1);
    expect(desk.acknowledge(id, '43', NOW + 2).acknowledged?.by).toBe('42');
  });

  it('refuses to end a silence that there is not', () => {
    expect(() => start().desk.unsilence({ kind: 'application', name: 'site' }, '42', NOW)).toThrow(
      /Nothing of that name/,
    );
  });

  it('edits the message of what was silenced, and of what is heard again', async () => {
    const { desk, told } = start();
    fire(desk);
    const about = { kind: 'alert', key: 'connections-total · main · total' } as const;
    desk.silence(about, '42', NOW + 1, NOW + MINUTE_MS);
    desk.unsilence(about, '42', NOW + 2);
    await desk.settled();
    expect(told().map(([kind]) => kind)).toEqual(['fired', 'silenced', 'unsilenced']);
  });
});
