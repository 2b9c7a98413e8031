import { describe, expect, it } from 'vitest';
import { seen } from '../../../src/model/observed.ts';
import type { RecoveryFacts, RecoverySettings } from '../../../src/recovery/facts.ts';
import type { PlanStep } from '../../../src/recovery/plan.ts';
import cap from '../../../src/recovery/strategies/cap-application.ts';
import { NOW } from '../../support/builders.ts';
import { detailedSession, detailedSessions } from '../../support/detailed-session.ts';
import { parseRoundTrip, recoveryFacts, recoverySettings, roleLimit, SILENT } from '../../support/gentle-rungs.ts';

const planCap = (parts: Partial<RecoveryFacts> = {}, target: string | null = null) =>
  cap.plan(recoveryFacts(parts), target);
const withApplications = (applications: RecoverySettings['applications']) => ({
  settings: recoverySettings({ applications }),
});

function stepsOf(composed: ReturnType<typeof planCap>): readonly PlanStep[] {
  if (composed.kind === 'refused') throw new Error(composed.reasons.join(' '));
  return composed.steps;
}
const warningsOf = (composed: ReturnType<typeof planCap>) =>
  composed.kind === 'plan' ? composed.warnings.join('\n') : '';
const refusalOf = (composed: ReturnType<typeof planCap>) =>
  composed.kind === 'refused' ? composed.reasons.join('\n') : '';

describe('cap-application', () => {
  it('limits the role first, and ends the idle sessions that it lists', () => {
    const composed = planCap();
    const [limit, end] = stepsOf(composed);
    expect(limit).toMatchObject({ id: 'cap-role', kind: 'cap-role', params: { role: 'site', to: 32 } });
    expect(end).toMatchObject({ id: 'terminate-sessions', params: { application: 'site', kind: 'idle' } });
    expect(end?.shown).toHaveLength(40);
    expect(warningsOf(composed)).toContain('site holds 40 sessions, 40 of them idle');
    parseRoundTrip(composed);
  });

  it('lists none that is in use, protected, a superuser’s, a replication’s or another’s', () => {
    const sessions = [
      detailedSession({ pid: 1 }),
      detailedSession({ pid: 2, state: 'active' }),
      detailedSession({ pid: 3, state: 'idle in transaction' }),
      detailedSession({ pid: 4, applicationName: 'pg_dump' }),
      detailedSession({ pid: 5, superuser: true }),
      detailedSession({ pid: 6, replication: true }),
      detailedSession({ pid: 7, user: 'bot' }),
      detailedSession({ pid: 8, own: true }),
    ];
    const [, end] = stepsOf(planCap({ sessions: seen(sessions, NOW) }, 'site'));
    expect(end?.shown).toMatchObject([{ pid: 1 }]);
  });

  it('is about who is furthest over its limit, not about who holds the most', () => {
    const applications = [
      { name: 'site', match: { user: 'site' } },
      { name: 'bot', match: { user: 'bot' }, limit: 4 },
    ];
    expect(stepsOf(planCap(withApplications(applications)))[0]).toMatchObject({ params: { role: 'bot', to: 4 } });
  });

  it('is about who holds the most where nobody is over, and about who was named', () => {
    const applications = [
      { name: 'bot', match: { user: 'bot' }, limit: 10 },
      { name: 'site', match: { user: 'site' }, limit: 95 },
    ];
    const settings = withApplications(applications);
    expect(stepsOf(planCap(settings))[0]).toMatchObject({ params: { role: 'site' } });
    expect(stepsOf(planCap(settings, 'bot'))[0]).toMatchObject({ params: { role: 'bot' } });
  });

  it('keeps its steps while sessions come and go', () => {
    const none = planCap({ sessions: seen([], NOW) }, 'site');
    expect(stepsOf(none).map(({ id }) => id)).toEqual(stepsOf(planCap()).map(({ id }) => id));
    expect(warningsOf(none)).toContain('None is idle');
  });

  it('leaves a tighter limit to its step, and needs no right for it', () => {
    const roles = seen([roleLimit({ limit: 10, alterable: false })], NOW);
    expect(stepsOf(planCap({ roles }))[0]).toMatchObject({ kind: 'cap-role', params: { to: 32 } });
  });

  it('calls out who else has the role', () => {
    const applications = [
      { name: 'worker', match: { user: 'site', applicationName: 'worker' } },
      { name: 'site', match: { user: 'site' }, limit: 32 },
    ];
    expect(warningsOf(planCap(withApplications(applications)))).toContain('Role site is also that of worker');
  });

  it('limits each role of an application that has several, and calls it out', () => {
    const sessions = seen(
      [...detailedSessions(3, { user: 'b' }), ...detailedSessions(3, { pid: 50, user: 'a"x' })],
      NOW,
    );
    const composed = planCap({
      ...withApplications([{ name: 'site', match: { database: 'site' }, limit: 5 }]),
      sessions,
      roles: seen([roleLimit({ role: 'a"x' }), roleLimit({ role: 'b' })], NOW),
    });
    expect(stepsOf(composed).map(({ id }) => id)).toEqual(['cap-role', 'cap-role:2', 'terminate-sessions']);
    expect(stepsOf(composed)).toMatchObject([{ params: { role: 'a"x' } }, { params: { role: 'b' } }, {}]);
    expect(warningsOf(composed)).toContain('each gets 5, together 10');
  });

  it('says that a pooler’s sessions are left alone', () => {
    const settings = recoverySettings({ pgbouncer: { host: 'p', port: 6432, user: 'x' } });
    expect(warningsOf(planCap({ settings }))).toContain('PgBouncer');
  });

  it.each<[string, Partial<RecoveryFacts>, string | null, readonly string[]]>([
    ['the sessions are not seen', { sessions: SILENT }, null, ['no answer within 5 s']],
    ['the roles are not seen', { roles: SILENT }, null, ['no answer within 5 s']],
    ['nobody is called so', {}, 'sitte', ['No application is called sitte', 'Did you mean site?']],
    ['it has no limit', {}, 'bot', ['has no `limit`', 'ALTER ROLE "bot" CONNECTION LIMIT 48;', 'half of the 97']],
    [
      'nobody knows as whom it logs in',
      { ...withApplications([{ name: 'x', match: { database: 'x' }, limit: 3 }]), sessions: seen([], NOW) },
      null,
      ['match.user'],
    ],
    ['nobody is there', { ...withApplications([]), sessions: seen([], NOW) }, null, ['No application holds']],
    [
      'its role is a superuser',
      { roles: seen([roleLimit({ superuser: true })], NOW) },
      null,
      ['a limit does nothing', 'Only a held session helps', 'restart-application'],
    ],
    [
      'its role may not be changed',
      { roles: seen([roleLimit({ alterable: false })], NOW) },
      null,
      ['ADMIN OPTION', 'ALTER ROLE "site" CONNECTION LIMIT 32;'],
    ],
    [
      'its limit may not be tightened',
      { roles: seen([roleLimit({ alterable: false, limit: 60 })], NOW) },
      null,
      ['ALTER ROLE "site" CONNECTION LIMIT 32;'],
    ],
    [
      'its role is not there',
      { roles: seen([], NOW) },
      null,
      ['no such role', 'ALTER ROLE "site" CONNECTION LIMIT 32;'],
    ],
  ])('is refused where %s', (_, parts, target, words) => {
    const refusal = refusalOf(planCap(parts, target));
    for (const word of words) expect(refusal).toContain(word);
  });

  it('is outlined for the first application that has both a role and a limit', () => {
    expect(cap.outline(recoverySettings())).toMatchObject({
      kind: 'steps',
      steps: [{ params: { role: 'site', to: 32 } }, {}],
    });
    expect(cap.outline(recoverySettings({ applications: [] })).kind).toBe('not-configured');
    parseRoundTrip(cap.outline(recoverySettings()));
  });
});
