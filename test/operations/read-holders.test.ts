import { describe, expect, it } from 'vitest';
import { createHistory, LAST_HOURS } from '../../src/model/history.ts';
import { unseen } from '../../src/model/observed.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { readHolders } from '../../src/operations/read-holders.ts';
import type { WatchedDatabase } from '../../src/operations/read-status.ts';
import { group, NOW, snapshot } from '../support/builders.ts';

const history = createHistory(LAST_HOURS);
for (const [second, site] of [40, 90, 90, 10].entries()) {
  history.record(
    NOW + second * 1_000,
    new Map([
      ['bot', 3],
      ['site', site],
    ]),
  );
}

function at(latest: Snapshot) {
  const watch = { latest: () => latest } as WatchedDatabase['watch'];
  return {
    watch,
    history,
    applications: [{ name: 'quiet', match: { user: 'quiet' } }] as unknown as WatchedDatabase['applications'],
  };
}

describe('who holds the connections', () => {
  it('is read from the last snapshot, largest first', () => {
    const now = snapshot([group({ user: 'bot', count: 3 }), group({ count: 90 })]);
    const applications = [
      { name: 'site', count: 90 },
      { name: 'bot', count: 3 },
    ];
    expect(readHolders(at(now), 'now')).toEqual({ at: NOW, used: 93, usable: 97, max: 100, applications });
  });

  it('is read from the history at its highest, when that was first reached', () => {
    const applications = [
      { name: 'site', count: 90 },
      { name: 'bot', count: 3 },
    ];
    const peak = readHolders(at(snapshot([])), { from: NOW, until: NOW + 9_000 });
    expect(peak).toEqual({ at: NOW + 1_000, used: 93, usable: 97, max: 100, applications });
  });

  it('is not known where nothing was seen', () => {
    const blind = snapshot([], { sessions: unseen('gone', NOW), server: unseen('gone', NOW) });
    expect(readHolders(at(blind), 'now')).toBeNull();
    expect(readHolders(at(blind), { from: NOW - 9_000, until: NOW - 1 })).toBeNull();
    expect(readHolders(at(blind), { from: NOW, until: NOW })).toMatchObject({ used: 43, usable: null, max: null });
  });
});
