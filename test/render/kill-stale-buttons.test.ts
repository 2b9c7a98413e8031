import { describe, expect, it } from 'vitest';
import { choiceButtons, confirmButtons, killStaleButton } from '../../src/render/kill-stale-buttons.ts';
import { findReferred } from '../../src/render/name-reference.ts';

describe('the buttons of kill-stale', () => {
  it('put Cancel left and quiet, and the act right, red and with its count', () => {
    expect(confirmButtons({ id: '0123456789', hash: '0123456789abcdef' }, 45)).toEqual([
      { id: 'db.kill-stale:cancel:0123456789:0123456789abcdef', label: 'Cancel', style: 'quiet' },
      { id: 'db.kill-stale:go:0123456789:0123456789abcdef', label: 'Terminate 45 sessions', style: 'danger' },
    ]);
    expect(confirmButtons({ id: 'a', hash: 'b' }, 1)[1]?.label).toBe('Terminate 1 session');
  });

  it('give the kinds with their counts, and let nobody choose an empty one', () => {
    const choices = [
      { kind: 'idle', olderThanMs: 600_000, count: 45 },
      { kind: 'idle-in-transaction', olderThanMs: 300_000, count: 0 },
    ] as const;
    expect(choiceButtons('main', 'a:b', choices)).toEqual([
      {
        id: 'db.kill-stale:choose:main:idle:600000ms:a%3Ab',
        label: 'Idle ≥ 10 min: 45…',
        style: 'act',
        disabled: false,
      },
      {
        id: 'db.kill-stale:choose:main:idle-in-transaction:300000ms:a%3Ab',
        label: 'Idle in transaction ≥ 5 min: 0…',
        style: 'quiet',
        disabled: true,
      },
    ]);
  });

  it('open it for an application', () => {
    expect(killStaleButton('main', 'site', 'a1b2c3d4e5.12').id).toBe('db.kill-stale:show:main:site:a1b2c3d4e5.12');
  });

  it.each([
    ['x'.repeat(63), 'y'.repeat(63)],
    ['ü'.repeat(31), '日'.repeat(21)],
    ['abcdefghijklmnopqrst', 'a:b'],
    ['d'.repeat(30), 'a'.repeat(30)],
  ])('fit into a custom id, and are found again by it, for %s and %s', (database, application) => {
    const choice = { kind: 'idle-in-transaction', olderThanMs: 2_592_000_000, count: 1 } as const;
    const ids = [
      killStaleButton(database, application, 'a1b2c3d4e5f6a7b8.1234').id,
      ...choiceButtons(database, application, [choice]).map(({ id }) => id),
    ];
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(100);
    const [, , shown = '', of = ''] = ids[0]?.split(':').map(decodeURIComponent) ?? [];
    expect([findReferred(shown, ['main', database]), findReferred(of, ['site', application])]).toEqual([
      database,
      application,
    ]);
  });
});
