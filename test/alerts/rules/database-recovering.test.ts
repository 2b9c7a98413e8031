import { describe, expect, it } from 'vitest';
import type { AlertBook } from '../../../src/alerts/alert.ts';
import { stepAlerts } from '../../../src/alerts/lifecycle.ts';
import databaseRecovering from '../../../src/alerts/rules/database-recovering.ts';
import databaseUnreachable from '../../../src/alerts/rules/database-unreachable.ts';
import { NOBODY_TRIES, VERDICT_MEANINGS, type Verdict } from '../../../src/model/admission.ts';
import { seen, unseen } from '../../../src/model/observed.ts';
import { defaultSettings } from '../../../src/model/rule-options.ts';
import { admission, group, NOW } from '../../support/builders.ts';
import { finding, service } from '../../support/rule-findings.ts';

const verdict = (each: Verdict, inferred = false) => ({
  admission: seen(admission({ verdict: each, inferred }), NOW),
  passesInARow: 0,
});
const VERDICTS = Object.keys(VERDICT_MEANINGS) as Verdict[];

describe('database-recovering', () => {
  it.each([
    ['starting', 'PostgreSQL is starting up: wait, do not recover'],
    ['crash-recovery', 'PostgreSQL is in crash recovery: wait, do not recover'],
  ] as const)('fires on %s and says to wait', (each, headline) => {
    expect(finding(databaseRecovering, verdict(each))).toMatchObject({
      subject: 'server',
      standing: 'firing',
      headline,
      firstStep: expect.stringMatching(/^Wait, do not recover/),
    });
  });

  it('fires on an inferred verdict too', () => {
    expect(finding(databaseRecovering, verdict('starting', true)).standing).toBe('firing');
  });

  it('is over with the first pass of the canary', () => {
    expect(finding(databaseRecovering, { passesInARow: 1 })).toMatchObject({
      standing: 'clear',
      headline: 'PostgreSQL is up',
    });
  });

  it.each([
    'only-reserved-left',
    'completely-full',
    'half-authenticated',
    'role-limit',
    'database-limit',
    'auth-refused',
    'no-such-database',
    'read-only',
  ] as const)('is over when the server refuses with %s, as only a running one does', (each) => {
    expect(finding(databaseRecovering, verdict(each))).toMatchObject({
      standing: 'clear',
      headline: `PostgreSQL is up, but ${VERDICT_MEANINGS[each].fact}`,
    });
  });

  it.each(['shutting-down', 'stopped', 'frozen', 'unreachable', 'tls-failed', 'unrecognised'] as const)(
    'is not over on %s: it holds, with the new fact and without its old advice',
    (each) => {
      const held = finding(databaseRecovering, verdict(each));
      expect(held).toMatchObject({
        standing: 'holding',
        headline: `the recovery is out of sight: ${VERDICT_MEANINGS[each].fact}`,
        firstStep: VERDICT_MEANINGS[each].next,
      });
      expect(held.headline + (held.firstStep ?? '')).not.toMatch(/wait, do not recover/i);
    },
  );

  it('is unknown while the canary has not spoken', () => {
    expect(finding(databaseRecovering, { admission: unseen('not sampled yet', NOW) })).toMatchObject({
      standing: 'unknown',
      headline: expect.stringContaining('not sampled yet'),
    });
  });

  it('says what people lose meanwhile', () => {
    expect(finding(databaseRecovering, verdict('starting'), { dependents: [service()] }).impact).toBe(
      'website: the site',
    );
  });
});

describe('database-recovering without a canary', () => {
  const nobody = { admission: unseen(NOBODY_TRIES, NOW), passesInARow: 0 };

  it.each([
    ['clear when the held session answers', { sessions: seen([group()], NOW) }, 'clear'],
    ['unknown when the sessions are', { sessions: unseen('no answer', NOW) }, 'unknown'],
    ['unknown when the server is', { server: unseen('lost', NOW) }, 'unknown'],
  ] as const)('is %s', (_, parts, standing) => {
    expect(finding(databaseRecovering, { ...nobody, ...parts }).standing).toBe(standing);
  });
});

describe('the two alerts about one canary', () => {
  it('are one each, however often the server crashes before it is well', () => {
    const told: string[] = [];
    let book: AlertBook = new Map();
    const course = ['stopped', 'stopped', 'starting', 'crash-recovery', 'frozen', 'stopped', 'starting'] as const;
    const snapshots = [...course.map((each) => verdict(each)), { passesInARow: 1 }, { passesInARow: 2 }];
    for (const [index, parts] of snapshots.entries()) {
      const judgements = [databaseUnreachable, databaseRecovering].map((rule) => ({
        rule: rule.id,
        database: 'main',
        settings: defaultSettings(rule),
        findings: [finding(rule, parts)],
      }));
      const step = stepAlerts(book, judgements, NOW + index * 15_000);
      book = step.book;
      told.push(
        ...step.transitions.flatMap(({ kind, alert }) => (kind === 'changed' ? [] : `${index} ${alert.rule} ${kind}`)),
      );
    }
    expect(told).toEqual([
      '1 database-unreachable fired',
      '2 database-recovering fired',
      '7 database-recovering resolved',
      '8 database-unreachable resolved',
    ]);
  });

  it('never fire on the same verdict, so that no two contradict each other', () => {
    const both = VERDICTS.filter(
      (each) =>
        finding(databaseRecovering, verdict(each)).standing === 'firing' &&
        finding(databaseUnreachable, verdict(each)).standing === 'firing',
    );
    expect(both).toEqual([]);
  });

  it('leave no failure to nobody: one of them fires, or it is the bot’s own fault', () => {
    const neither = VERDICTS.filter(
      (each) =>
        finding(databaseRecovering, verdict(each)).standing !== 'firing' &&
        finding(databaseUnreachable, verdict(each)).standing !== 'firing',
    );
    expect(neither).toEqual(['admitted', 'role-limit']);
  });

  it('give the same advice wherever both may stand', () => {
    for (const each of VERDICTS) {
      const [recovering, unreachable] = [databaseRecovering, databaseUnreachable].map((rule) =>
        finding(rule, verdict(each)),
      );
      if (recovering?.standing === 'clear' || unreachable?.standing === 'unknown') continue;
      expect(recovering?.firstStep, each).toBe(unreachable?.firstStep);
    }
  });
});
