import { describe, expect, it } from 'vitest';
import type { DatabaseView } from '../../../src/alerts/rule.ts';
import databaseRecovering from '../../../src/alerts/rules/database-recovering.ts';
import databaseUnreachable from '../../../src/alerts/rules/database-unreachable.ts';
import { NOBODY_TRIES, VERDICT_MEANINGS, type Verdict } from '../../../src/model/admission.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import type { SessionGroup } from '../../../src/model/session-group.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { admission, databaseView, group, NOW, snapshot } from '../../support/builders.ts';
import { settingsOf } from '../../support/rule-settings.ts';

function viewOf(parts: Partial<Snapshot>, groups: readonly SessionGroup[] = [], view: Partial<DatabaseView> = {}) {
  return databaseView([], { snapshot: snapshot(groups, parts), ...view });
}

function unreachable(parts: Partial<Snapshot>, groups: readonly SessionGroup[] = [], view: Partial<DatabaseView> = {}) {
  return databaseUnreachable.evaluate(viewOf(parts, groups, view), settingsOf(databaseUnreachable))[0];
}

function recovering(parts: Partial<Snapshot>) {
  return databaseRecovering.evaluate(viewOf(parts))[0];
}

const verdict = (of: Verdict, parts: object = {}): Partial<Snapshot> => ({
  admission: seen(admission({ verdict: of, ...parts }), NOW),
  passesInARow: of === 'admitted' ? 1 : 0,
});

describe('what the canary meets', () => {
  it.each<[Verdict, string, boolean, string]>([
    ['only-reserved-left', 'firing', true, 'clear'],
    ['completely-full', 'firing', true, 'clear'],
    ['half-authenticated', 'firing', true, 'clear'],
    ['role-limit', 'unknown', false, 'clear'],
    ['database-limit', 'firing', false, 'clear'],
    ['starting', 'holding', false, 'firing'],
    ['crash-recovery', 'holding', false, 'firing'],
    ['shutting-down', 'firing', false, 'holding'],
    ['stopped', 'firing', false, 'holding'],
    ['frozen', 'firing', false, 'holding'],
    ['unreachable', 'firing', false, 'holding'],
    ['auth-refused', 'firing', false, 'clear'],
    ['no-such-database', 'firing', false, 'clear'],
    ['tls-failed', 'firing', false, 'holding'],
    ['read-only', 'firing', false, 'clear'],
    ['unrecognised', 'firing', false, 'holding'],
  ])('%s: unreachable is %s, at once %s; recovering is %s', (of, standing, atOnce, recovery) => {
    const finding = unreachable(verdict(of));
    expect(finding?.standing).toBe(standing);
    expect(finding?.atOnce ?? false).toBe(atOnce);
    expect(finding?.firstStep).toBe(standing === 'unknown' ? undefined : VERDICT_MEANINGS[of].next);
    expect(finding?.headline).toContain(VERDICT_MEANINGS[of].fact);
    expect(recovering(verdict(of))?.standing).toBe(recovery);
  });

  it.each([
    [0, 'holding'],
    [1, 'holding'],
    [2, 'clear'],
    [3, 'clear'],
  ])('%i good attempts in a row are %s', (passesInARow, standing) => {
    expect(unreachable({ ...verdict('admitted'), passesInARow })?.standing).toBe(standing);
  });

  it('resolves after as many good attempts as are configured', () => {
    const settings = settingsOf(databaseUnreachable, { clear: 4 });
    const standings = [3, 4].map(
      (passesInARow) =>
        databaseUnreachable.evaluate(viewOf({ ...verdict('admitted'), passesInARow }), settings)[0]?.standing,
    );
    expect(standings).toEqual(['holding', 'clear']);
  });

  it('says wait, do not recover, while it recovers', () => {
    expect(recovering(verdict('crash-recovery'))?.headline).toBe(
      'PostgreSQL is in crash recovery: wait, do not recover',
    );
  });

  it("adds the server's own words where they are the only clue", () => {
    const finding = unreachable(verdict('unrecognised', { serverSaid: 'no, @everyone' }));
    expect(finding?.evidence).toBe('The server said: no, @everyone');
  });

  it('names who holds a full server', () => {
    expect(unreachable(verdict('completely-full'), [group({ count: 97 })])?.evidence).toBe('Most are held by site 97.');
  });
});

describe("the canary role's own limit", () => {
  it.each([
    ['unknown while there is room', 40, 'unknown'],
    ['full where the counts say so: the canary is refused by its own limit first', 97, 'firing'],
  ])('leaves it %s', (_, count, standing) => {
    expect(unreachable(verdict('role-limit'), [group({ count })])?.standing).toBe(standing);
  });
});

describe('what is not tried', () => {
  it('says that a full server was inferred', () => {
    const finding = unreachable(verdict('only-reserved-left', { inferred: true }), [group({ count: 97 })]);
    expect(finding).toMatchObject({ standing: 'firing', headline: expect.stringContaining('as the counts say') });
  });

  it.each([
    [96, 'clear'],
    [97, 'unknown'],
  ])('is %i of 97 used: %s', (count, standing) => {
    const parts = { admission: unseen(NOBODY_TRIES, NOW), passesInARow: 0 };
    expect(unreachable(parts, [group({ count })])?.standing).toBe(standing);
  });

  it.each([
    ['sessions are not seen', { sessions: unseen('lost', NOW), admission: unseen(NOBODY_TRIES, NOW) }],
    ['limits are not known', { server: unseen('lost', NOW), admission: unseen(NOBODY_TRIES, NOW) }],
    ['probe gave nothing', { admission: unseen('not sampled yet', NOW) }],
  ])('is unknown when the %s', (_, parts) => {
    expect(unreachable({ ...parts, passesInARow: 0 }, [group()])?.standing).toBe('unknown');
  });

  it('has recovered when the held session answers and nobody tries', () => {
    expect(recovering({ admission: unseen(NOBODY_TRIES, NOW) })?.standing).toBe('clear');
  });

  it('leaves it unknown whether it recovers', () => {
    expect(recovering({ admission: unseen('not sampled yet', NOW) })?.standing).toBe('unknown');
  });
});

it('names the applications and services that are lost with it, with what people lose', () => {
  const finding = unreachable(verdict('stopped'), [], {
    applications: [
      { name: 'site', match: { user: 'site' }, impact: 'site, API' },
      { name: 'bot', match: { user: 'bot' } },
    ],
    dependents: [
      { name: 'website', url: 'https://x', dependsOn: 'main', impact: 'the site' },
      { name: 'wiki', url: 'https://y', dependsOn: 'main', impact: undefined },
    ],
  });
  expect(finding?.impact).toBe('site: site, API; website: the site; wiki');
});
