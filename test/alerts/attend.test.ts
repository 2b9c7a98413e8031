import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert, AlertBook } from '../../src/alerts/alert.ts';
import { type Attention, attendAlerts } from '../../src/alerts/attend.ts';
import type { Silence } from '../../src/alerts/silence.ts';
import { alert, NOW } from '../support/builders.ts';

const HOUR_MS = 3_600_000;
const QUIET: Attention = {
  silences: [],
  inhibitions: new Map(),
  aboutApplications: new Set(['connections-application']),
};
const unposted: Partial<Alert> = { post: null };

function bookOf(...alerts: readonly Alert[]): AlertBook {
  return new Map(alerts.map((each) => [each.key, each]));
}

function attendOne(one: Alert, attention: Attention = QUIET, now = NOW) {
  const { book, transitions } = attendAlerts(bookOf(one), attention, now);
  return { after: book.get(one.key) ?? one, kinds: transitions.map(({ kind }) => kind) };
}

function silence(parts: Partial<Silence> = {}): Silence {
  const about = { kind: 'alert', key: 'connections-total · main · total' } as const;
  return { id: 's1', about, by: '42', at: NOW, until: NOW + HOUR_MS, ...parts };
}

describe('the first message of an alert', () => {
  it('is asked for at once, and pings when it is critical', () => {
    expect(attendOne(alert(unposted))).toMatchObject({
      kinds: ['posted'],
      after: { post: { number: 1, pings: true } },
    });
  });

  it('pings nobody for a warning', () => {
    const { after } = attendOne(alert({ ...unposted, severity: 'warning' }));
    expect(after.post).toMatchObject({ number: 1, pings: false });
  });

  it('is not asked for while the alert is only pending', () => {
    expect(attendOne(alert({ ...unposted, state: 'pending' })).kinds).toEqual([]);
  });
});

describe('a repeat', () => {
  it.each([
    [4 * HOUR_MS - 1, []],
    [4 * HOUR_MS, ['posted']],
    [4 * HOUR_MS + 1, ['posted']],
  ])('after %i ms of firing: %j', (afterMs, kinds) => {
    expect(attendOne(alert(), QUIET, NOW + afterMs).kinds).toEqual(kinds);
  });

  it('counts from the newest message', () => {
    const repeated = attendOne(alert(), QUIET, NOW + 4 * HOUR_MS).after;
    expect(repeated.post).toMatchObject({ number: 2, pings: true });
    expect(attendOne(repeated, QUIET, NOW + 8 * HOUR_MS - 1).kinds).toEqual([]);
    expect(attendOne(repeated, QUIET, NOW + 8 * HOUR_MS).kinds).toEqual(['posted']);
  });

  it('does not come for an alert that somebody owns', () => {
    const owned = alert({ acknowledged: { by: '42', at: NOW } });
    expect(attendOne(owned, QUIET, NOW + 40 * HOUR_MS).kinds).toEqual([]);
  });
});

describe('a rise in severity', () => {
  const risen = alert({
    acknowledged: { by: '42', at: NOW },
    post: { number: 1, at: NOW, severity: 'warning', pings: false },
  });

  it('is told anew, with a ping, and forgets who owned the warning', () => {
    expect(attendOne(risen)).toMatchObject({
      kinds: ['posted'],
      after: { acknowledged: null, post: { number: 2, severity: 'critical', pings: true } },
    });
  });

  it('is told once', () => {
    expect(attendOne(attendOne(risen).after).kinds).toEqual([]);
  });

  it('is not told for a fall', () => {
    expect(attendOne(alert({ severity: 'warning' })).kinds).toEqual([]);
  });
});

describe('a silence', () => {
  it('keeps an alert from being told, which is then told at its end', () => {
    const attention = { ...QUIET, silences: [silence()] };
    const { after, kinds } = attendOne(alert(unposted), attention);
    expect({ kinds, post: after.post }).toEqual({ kinds: ['silenced'], post: null });
    expect(attendOne(after, attention, NOW + HOUR_MS)).toMatchObject({ kinds: ['posted'], after: { silenced: null } });
  });

  it('is seen in the message of an alert that was told already, and so is its end', () => {
    const attention = { ...QUIET, silences: [silence()] };
    const { after, kinds } = attendOne(alert(), attention);
    expect(kinds).toEqual(['silenced']);
    expect(attendOne(after, attention, NOW + HOUR_MS).kinds).toEqual(['unsilenced']);
  });

  it('keeps a rise in severity and repeats quiet too', () => {
    const attention = { ...QUIET, silences: [silence({ until: NOW + 90 * HOUR_MS })] };
    const warning = alert({ post: { number: 1, at: NOW, severity: 'warning', pings: false } });
    expect(attendOne(warning, attention, NOW + 5 * HOUR_MS).after.post?.number).toBe(1);
  });

  it.each([
    ['the application that the alert is about', { kind: 'application', name: 'site' }, ['silenced']],
    ['another application', { kind: 'application', name: 'bot' }, []],
    ['another alert', { kind: 'alert', key: 'connections-application · other · site' }, []],
  ] as const)('of %s: %j', (_, about, kinds) => {
    const site = alert({
      key: 'connections-application · main · site',
      rule: 'connections-application',
      subject: 'site',
    });
    expect(attendOne(site, { ...QUIET, silences: [silence({ about })] }).kinds).toEqual(kinds);
  });

  it('of an application does not cover what is only called as it is', () => {
    const about = { kind: 'application', name: 'site' } as const;
    const service = alert({ key: 'service-down · main · site', rule: 'service-down', subject: 'site' });
    expect(attendOne(service, { ...QUIET, silences: [silence({ about })] }).kinds).toEqual([]);
  });

  it('that lasts longest is the one that counts', () => {
    const silences = [silence({ until: NOW + 5 }), silence({ until: NOW + 9, by: '43' }), silence({ until: NOW + 7 })];
    expect(attendOne(alert(), { ...QUIET, silences }).after.silenced).toEqual({ by: '43', until: NOW + 9 });
  });
});

describe('a root cause', () => {
  const cause = alert({
    key: 'database-unreachable · main · clients',
    rule: 'database-unreachable',
    subject: 'clients',
  });
  const symptom = alert({
    ...unposted,
    key: 'service-down · main · website',
    rule: 'service-down',
    subject: 'website',
  });
  const muting = (mutes: 'all' | 'repeats'): Attention => ({
    ...QUIET,
    inhibitions: new Map([['service-down', [{ by: 'database-unreachable', mutes }]]]),
  });
  const attend = (book: AlertBook, mutes: 'all' | 'repeats' = 'all', now = NOW) => {
    const attended = attendAlerts(book, muting(mutes), now);
    return { ...attended, symptom: attended.book.get(symptom.key) };
  };

  it('mutes its symptom, and its own message shows which', () => {
    const { transitions, symptom: muted } = attend(bookOf(cause, symptom));
    expect(muted).toMatchObject({ post: null, muted: { by: cause.key } });
    expect(transitions.map(({ kind, alert: { key } }) => [kind, key])).toEqual([
      ['muted', symptom.key],
      ['changed', cause.key],
    ]);
  });

  it('lets the symptom be told when it has been over for a while and the symptom is not', () => {
    const { book } = attend(bookOf(cause, symptom));
    const without = new Map(book);
    without.delete(cause.key);
    const lingering = attend(without, 'all', NOW + 1_000);
    expect(lingering.symptom).toMatchObject({ post: null, muted: { by: cause.key } });
    expect(attend(lingering.book, 'all', NOW + 15_999).symptom?.post).toBeNull();
    expect(attend(lingering.book, 'all', NOW + 16_000).symptom).toMatchObject({
      muted: null,
      post: { number: 1, pings: true },
    });
  });

  it('that comes back meanwhile mutes its symptom anew', () => {
    const { book } = attend(bookOf(cause, symptom));
    const without = new Map(book);
    without.delete(cause.key);
    const lingering = attend(without, 'all', NOW + 1_000);
    const again = attend(new Map(lingering.book).set(cause.key, cause), 'all', NOW + 2_000);
    expect(again.symptom?.muted).toEqual({ by: cause.key, mutes: 'all' });
  });

  it('of which only repeats are muted lets the first message through, without a ping', () => {
    const { symptom: told } = attend(bookOf(cause, symptom), 'repeats');
    expect(told).toMatchObject({ post: { number: 1, pings: false }, muted: { mutes: 'repeats' } });
    expect(attend(bookOf(cause, told ?? symptom), 'repeats', NOW + 9 * HOUR_MS).symptom?.post?.number).toBe(1);
  });

  it('that is about to fire holds a symptom back that nobody has been told of', () => {
    const pending = { ...cause, state: 'pending', firedAt: null, post: null } as const;
    expect(attend(bookOf(pending, symptom)).symptom?.post).toBeNull();
    const told = { ...symptom, post: alert().post };
    expect(attend(bookOf(pending, told)).symptom?.muted).toBeNull();
  });

  it('that wavers and never fires holds a symptom back for a while, and not for ever', () => {
    const pending = { ...cause, state: 'pending', firedAt: null, post: null } as const;
    let book = bookOf(pending, symptom);
    let told = null;
    for (let second = 0; second <= 30 && told === null; second += 1) {
      const next = new Map(book).set(cause.key, pending);
      if (second % 10 === 5) next.delete(cause.key);
      const attended = attend(next, 'all', NOW + second * 1_000);
      book = attended.book;
      told = attended.symptom?.post ?? null;
    }
    expect(told).toMatchObject({ number: 1, pings: true });
  });

  it('that is over keeps its symptom quiet no longer when the clock is set back', () => {
    const lingering = attend(bookOf({ ...symptom, muted: { by: cause.key, mutes: 'all' } }));
    const back = attend(lingering.book, 'all', NOW - HOUR_MS);
    expect(attend(back.book, 'all', NOW - HOUR_MS + 15_000).symptom?.post).toMatchObject({ number: 1 });
  });

  it.each([
    ['is only a warning', { severity: 'warning' }],
    ['is silenced', { silenced: { by: '42', until: NOW + HOUR_MS } }],
  ] as const)('that %s takes no ping from a critical symptom: it is posted, and pings', (_, parts) => {
    const attention = {
      ...muting('all'),
      silences: 'silenced' in parts ? [silence({ about: { kind: 'alert', key: cause.key } })] : [],
    };
    const { book } = attendAlerts(bookOf({ ...cause, ...parts }, symptom), attention, NOW);
    expect(book.get(symptom.key)).toMatchObject({ post: { number: 1, pings: true }, muted: { mutes: 'repeats' } });
  });

  it('that is a warning mutes a symptom that is one too', () => {
    const warnings = bookOf({ ...cause, severity: 'warning' }, { ...symptom, severity: 'warning' });
    expect(attend(warnings).symptom).toMatchObject({ post: null, muted: { mutes: 'all' } });
  });

  it.each([
    ['on another database', { database: 'other' }],
    ['that is another rule', { rule: 'connections-total' }],
  ])('%s mutes nothing', (_, parts) => {
    expect(attend(bookOf({ ...cause, ...parts }, symptom)).symptom).toMatchObject({ muted: null, post: { number: 1 } });
  });
});

it('asks for nothing twice: attending again at the same time changes nothing', () => {
  const anyAlert = fc.record({
    severity: fc.constantFrom('warning' as const, 'critical' as const),
    state: fc.constantFrom('pending' as const, 'firing' as const),
    post: fc.constantFrom(null, alert().post),
    key: fc.constantFrom('a', 'b', 'c'),
    rule: fc.constantFrom('cause', 'symptom'),
  });
  const attention = { ...QUIET, inhibitions: new Map([['symptom', [{ by: 'cause', mutes: 'all' as const }]]]) };
  fc.assert(
    fc.property(fc.array(anyAlert, { maxLength: 5 }), fc.integer({ min: 0, max: 9 }), (all, hours) => {
      const now = NOW + hours * HOUR_MS;
      const once = attendAlerts(bookOf(...all.map((parts) => alert(parts))), attention, now);
      expect(attendAlerts(once.book, attention, now).transitions).toEqual([]);
    }),
  );
});
