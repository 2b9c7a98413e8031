import { describe, expect, it } from 'vitest';
import { choiceButtons, confirmButtons, killStaleButton } from '../../src/render/kill-stale-buttons.ts';

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

  it('leave out a choice that a custom id cannot carry: it would choose something else', () => {
    expect(choiceButtons('main', 'ü'.repeat(63), [{ kind: 'idle', olderThanMs: 1_000, count: 1 }])).toEqual([]);
  });

  it('open it for an application, for all where its name is too long, and not at all where the database has such', () => {
    const letter = 'a1b2c3d4e5.12';
    expect(killStaleButton('main', 'site', letter)?.id).toBe('db.kill-stale:show:main:site:a1b2c3d4e5.12');
    expect(killStaleButton('main', 'ü'.repeat(63), letter)?.id).toBe('db.kill-stale:show:main::a1b2c3d4e5.12');
    expect(killStaleButton('ü'.repeat(63), '', letter)).toBeNull();
  });
});
