import { expect, it } from 'vitest';
import { renderFindings } from '../../src/check/render-findings.ts';
import { runChecks } from '../../src/check/run-checks.ts';
import type { CheckFinding } from '../../src/model/check-finding.ts';
import { CHECKS, discordFacts, EVERYTHING, facts, postgresFacts, role } from './facts.ts';

const finding = (parts: Partial<CheckFinding>): CheckFinding => ({
  id: 'x',
  level: 'ok',
  area: 'discord',
  subject: 'it',
  what: 'is well',
  why: null,
  mend: null,
  ...parts,
});

it('groups by area, there the worst first, marks with words, and ends with the counts', () => {
  const text = renderFindings([
    finding({ area: 'configuration', level: 'warning', what: 'is thin', why: 'It breaks.', mend: 'Thicken it.' }),
    finding({}),
    finding({ level: 'fault', subject: 'role', what: 'is gone', why: 'Nobody rings.', mend: 'ALTER ROLE "x" LOGIN;' }),
    finding({ area: 'postgres', level: 'unknown', what: 'not examined: no answer' }),
  ]);
  expect(text).toBe(`Configuration
  ⚠ warning  it: is thin
               It breaks.
                 Thicken it.

Discord
  ✗ fault    role: is gone
               Nobody rings.
    ALTER ROLE "x" LOGIN;
  ✓ ok       it: is well

PostgreSQL
  ? unknown  it: not examined: no answer

1 fault, 1 warning, 1 ok, 1 unknown
`);
});

it('has one line for all that could not be looked at for one reason, and counts each', () => {
  const what = 'not examined: no answer';
  const unseen = finding({ level: 'unknown', what });
  const others = ['other', 'a', 'b'].map((subject) => finding({ level: 'unknown', what, subject }));
  const text = renderFindings([unseen, { ...unseen, id: 'y' }, ...others, { ...unseen, what: 'not examined: 403' }]);
  expect(text).toBe(`Discord
  ? unknown  it, other, a and 1 more: not examined: no answer (5 checks)
  ? unknown  it: not examined: 403

0 faults, 0 warnings, 0 ok, 6 unknown
`);
});

it('breaks its prose for 80 columns, whatever is wrong', () => {
  const { server, settings } = postgresFacts();
  const [main] = EVERYTHING.databases;
  const wrong = facts({
    config: { ...EVERYTHING, heartbeat: undefined, databases: [{ ...main, canary: undefined }] },
    discord: { kind: 'seen', facts: discordFacts({ channels: new Map(), roles: new Map() }) },
    postgres: new Map([
      [
        'main',
        {
          kind: 'seen',
          facts: postgresFacts({
            server: { ...server, inRecovery: true },
            settings: {
              ...settings,
              trackActivities: false,
              clientCheckMs: 0,
              keepalive: { idleS: 7200, intervalS: 75, count: 9 },
            },
            roles: new Map([['site', role({ superuser: true })]]),
            pooled: true,
          }),
        },
      ],
    ]),
  });
  const lines = renderFindings(runChecks(CHECKS, wrong)).split('\n');
  const prose = lines.filter((line) => !/^ {4}\S|^ {6}\S/.test(line));
  expect(prose.filter((line) => line.length > 80)).toEqual([]);
});

it('never breaks a command, however long', () => {
  const mend = `kubectl --namespace ${'x'.repeat(63)} patch deployment ${'y'.repeat(63)} --type merge \\`;
  expect(renderFindings([finding({ level: 'fault', why: 'So.', mend })])).toContain(mend);
});

it('lets no escape sequence through to the terminal', () => {
  const evil = '\u001b[2J\u202eevil\u0007';
  const text = renderFindings([finding({ level: 'fault', subject: evil, what: evil, why: evil, mend: evil })]);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  expect(text).toContain('evil');
});
