import { describe, expect, it } from 'vitest';
import databaseUnreachable from '../../../src/alerts/rules/database-unreachable.ts';
import { type Admission, NOBODY_TRIES, VERDICT_MEANINGS, type Verdict } from '../../../src/model/admission.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import { inferAdmission } from '../../../src/watch/infer-admission.ts';
import { admission, group, NOW, serverFacts } from '../../support/builders.ts';
import { finding, HOSTILE, LOW, service } from '../../support/rule-findings.ts';

const verdict = (parts: Partial<Admission>) => ({ admission: seen(admission(parts), NOW) });
const used = (count: number) => ({ sessions: seen([group({ count })], NOW) });
const NO_CANARY = { admission: unseen(NOBODY_TRIES, NOW), passesInARow: 0 };

describe('the verdict of the canary', () => {
  it.each([
    ['only-reserved-left', 'full: only reserved slots are left', true],
    ['completely-full', 'completely full: superusers are refused too', true],
    ['half-authenticated', 'full of half-authenticated clients: a reconnect storm', true],
    ['database-limit', "full: the database's CONNECTION LIMIT is reached", false],
    ['shutting-down', 'refused: PostgreSQL is shutting down', false],
    ['stopped', 'refused: nothing listens there: PostgreSQL is stopped, or host and port are not its own', false],
    ['frozen', 'hung: the server accepts the connection and then says nothing: the postmaster hangs', false],
    ['unreachable', 'network: the network gives no way to the server', false],
    ['auth-refused', 'auth: the server refuses the role or its password', false],
    ['no-such-database', 'name: the configured database does not exist', false],
    ['tls-failed', 'TLS: the TLS handshake failed', false],
    ['read-only', 'read-only: the server is a read-only standby', false],
    ['unrecognised', 'unknown error: the server answered with an error that Breakwater does not know', false],
  ] as const)('%s fires and says how: %s', (each, headline, atOnce) => {
    expect(finding(databaseUnreachable, { ...verdict({ verdict: each }), passesInARow: 0 })).toMatchObject({
      subject: 'clients',
      standing: 'firing',
      headline,
      firstStep: VERDICT_MEANINGS[each].next,
      ...(atOnce && { atOnce: true }),
    });
  });

  it('is fired on at once only where the server is full of clients', () => {
    const atOnce = (Object.keys(VERDICT_MEANINGS) as Verdict[]).filter(
      (each) => finding(databaseUnreachable, verdict({ verdict: each })).atOnce,
    );
    expect(atOnce).toEqual(['only-reserved-left', 'completely-full', 'half-authenticated']);
  });

  it.each(['starting', 'crash-recovery'] as const)(
    'holds on %s, which database-recovering speaks of, and says to wait',
    (each) => {
      const held = finding(databaseUnreachable, { ...verdict({ verdict: each }), passesInARow: 0 });
      expect(held).toMatchObject({ standing: 'holding', firstStep: expect.stringContaining('Wait, do not recover') });
    },
  );

  it.each([
    [0, 'holding'],
    [1, 'holding'],
    [2, 'clear'],
    [3, 'clear'],
  ] as const)('is good again after two passes in a row: %i is %s', (passesInARow, standing) => {
    expect(finding(databaseUnreachable, { passesInARow }).standing).toBe(standing);
  });

  it('is good after as many passes as configured', () => {
    const standings = [2, 3].map(
      (passesInARow) => finding(databaseUnreachable, { passesInARow }, {}, { clear: 3 }).standing,
    );
    expect(standings).toEqual(['holding', 'clear']);
  });

  it('is unknown while the canary has not spoken', () => {
    expect(finding(databaseUnreachable, { admission: unseen('not sampled yet', NOW) })).toMatchObject({
      standing: 'unknown',
      headline: expect.stringContaining('not sampled yet'),
    });
  });

  it('needs neither the sessions nor the server', () => {
    const parts = { sessions: unseen('no answer', NOW), server: unseen('lost', NOW) };
    expect(finding(databaseUnreachable, { ...parts, ...verdict({ verdict: 'frozen' }) }).standing).toBe('firing');
    expect(finding(databaseUnreachable, parts).standing).toBe('clear');
    expect(finding(databaseUnreachable, { ...parts, ...verdict({ verdict: 'completely-full' }) }).evidence).toBe('');
  });
});

describe("the canary's own CONNECTION LIMIT", () => {
  const limited = verdict({ verdict: 'role-limit' });

  it('is nobody’s outage: unknown, and it says whose fault it is', () => {
    expect(finding(databaseUnreachable, { ...limited, ...used(40) })).toMatchObject({
      standing: 'unknown',
      headline: expect.stringContaining("the canary role's own CONNECTION LIMIT is reached"),
    });
  });

  it('hides a full server from the canary, and not from the counts', () => {
    expect(finding(databaseUnreachable, { ...limited, ...used(96) }).standing).toBe('unknown');
    expect(finding(databaseUnreachable, { ...limited, ...used(97) })).toMatchObject({
      standing: 'firing',
      atOnce: true,
      headline: 'full: only reserved slots are left, as the counts say',
    });
  });

  it.each([
    ['the sessions are unseen', { sessions: unseen('no answer', NOW) }],
    ['the server is unseen', { ...used(97), server: unseen('lost', NOW) }],
  ])('is unknown where %s', (_, parts) => {
    expect(finding(databaseUnreachable, { ...limited, ...parts }).standing).toBe('unknown');
  });
});

describe('without a canary', () => {
  it.each(['only-reserved-left', 'completely-full'] as const)(
    'fires at once on the inferred %s, and says so',
    (each) => {
      const inferred = { ...verdict({ verdict: each, inferred: true, tookMs: null }), ...used(100), passesInARow: 0 };
      expect(finding(databaseUnreachable, inferred)).toMatchObject({
        standing: 'firing',
        atOnce: true,
        headline: `${VERDICT_MEANINGS[each].fact}, as the counts say`,
      });
    },
  );

  it.each([
    ['clear below what is usable', used(96), 'clear'],
    ['never clear at it', used(97), 'unknown'],
    ['unknown when the sessions are', { sessions: unseen('no answer', NOW) }, 'unknown'],
    ['unknown when the limits are', { ...used(10), server: unseen('lost', NOW) }, 'unknown'],
    ['unknown when sessions are hidden from it', { ...used(10), server: LOW }, 'unknown'],
  ] as const)('is %s', (_, parts, standing) => {
    expect(finding(databaseUnreachable, { ...NO_CANARY, ...parts }).standing).toBe(standing);
  });

  it('resolves by what the watch infers once there is room again', () => {
    const standings = [97, 96].map((count) => {
      const parts = used(count);
      const inferred = inferAdmission(parts.sessions, seen(serverFacts(), NOW), null);
      return finding(databaseUnreachable, { ...parts, admission: inferred, passesInARow: 0 }).standing;
    });
    expect(standings).toEqual(['firing', 'clear']);
  });

  it('does not take a canary that has not spoken yet for one that is not there', () => {
    const restarted = { admission: unseen('not sampled yet', NOW), ...used(10), passesInARow: 0 };
    expect(finding(databaseUnreachable, restarted).standing).toBe('unknown');
  });
});

describe('what the alert tells', () => {
  const site = { name: 'site', match: { user: 'site' }, limit: 32, impact: 'site, API, moderation' };

  it('is what people lose, by application and by service', () => {
    const view = {
      applications: [site, { name: 'metabase', match: {} }],
      dependents: [service(), service({ name: 'paste', impact: undefined })],
    };
    expect(finding(databaseUnreachable, verdict({ verdict: 'frozen' }), view).impact).toBe(
      'site: site, API, moderation; website: the site; paste',
    );
  });

  it.each(['only-reserved-left', 'completely-full', 'half-authenticated', 'database-limit'] as const)(
    'is who holds the most where it is %s',
    (each) => {
      const { evidence } = finding(
        databaseUnreachable,
        { ...verdict({ verdict: each }), ...used(97) },
        { applications: [site] },
      );
      expect(evidence).toBe('Most are held by site 97 (limit 32).');
    },
  );

  it.each(['unrecognised', 'auth-refused', 'tls-failed', 'no-such-database'] as const)(
    "is the server's own words where it is %s, as they are",
    (each) => {
      const { evidence, headline, firstStep } = finding(
        databaseUnreachable,
        verdict({ verdict: each, serverSaid: HOSTILE }),
      );
      expect(evidence).toBe(`The server said: ${HOSTILE}`);
      expect(headline + (firstStep ?? '')).not.toContain('evil');
    },
  );

  it("is not the server's words where they say no more than the fact", () => {
    expect(finding(databaseUnreachable, verdict({ verdict: 'stopped', serverSaid: 'so it is' })).evidence).toBe('');
  });

  it('passes the names of those who hold it on as they are', () => {
    const sessions = seen([group({ user: HOSTILE, count: 97 })], NOW);
    expect(finding(databaseUnreachable, { ...verdict({ verdict: 'completely-full' }), sessions }).evidence).toBe(
      `Most are held by ${HOSTILE} 97.`,
    );
  });
});
