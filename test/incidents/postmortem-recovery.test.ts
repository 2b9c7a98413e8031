import { describe, expect, it } from 'vitest';
import { writePostmortem } from '../../src/incidents/postmortem.ts';
import type { ActFact, StepFact, TimelineEvent } from '../../src/incidents/timeline.ts';
import { NOW } from '../support/builders.ts';
import { act, event, incident } from '../support/incident-builders.ts';
import { sectionOf, tablesOf } from '../support/markdown-outline.ts';

const MEMBERS: Readonly<Record<string, string>> = { '1': 'rosa', '2': 'ada' };
const write = (...events: TimelineEvent[]) =>
  writePostmortem(incident({ events, calmSince: NOW + 130_000 }), {
    now: NOW + 3_600_000,
    nameOf: (id) => MEMBERS[id] ?? null,
  });

const recovery = (at: number, stage: ActFact['stage'], by: string | null, parts: Partial<ActFact> = {}) =>
  event(at, act({ act: 'restart', confirmation: '0123456789', summary: '3 steps', stage, ...parts }), by);
const step = (at: number, kind: string, state: StepFact['state'], saw = 'all is well') =>
  recovery(at, 'step', null, {
    step: {
      id: kind,
      kind,
      title: `Do ${kind}`,
      state,
      saw,
      startedAt: NOW + (at - 5) * 1_000,
      endedAt: NOW + at * 1_000,
    },
  });

const asked = recovery(10, 'requested', '1');
const approved = recovery(70, 'approved', '2');
const broken = recovery(140, 'broke-glass', '1', { summary: 'nobody answers (3 steps)' });
const steps = [step(80, 'check-backup', 'done'), step(90, 'stop-server', 'done', 'no pod is left')];
const done = recovery(160, 'done', null);

describe('Response', () => {
  it('says who asked for a recovery, who approved it and how much later', () => {
    expect(sectionOf(write(asked, approved, ...steps, done), 'Response')).toContain(
      '- restart on main: asked for by rosa at 2020-12-11 13:24:10; ada approved it at 2020-12-11 13:25:10, 1 min later\n',
    );
  });

  it('says who broke the glass, with the reason', () => {
    expect(sectionOf(write(asked, broken), 'Response')).toContain(
      'rosa broke the glass at 2020-12-11 13:26:20, 2 min 10 s later: nobody answers (3 steps)',
    );
  });

  it('says what an approval was given in spite of', () => {
    const spite = recovery(70, 'approved', '2', { overrides: ['The last backup is 3 days old.'] });
    expect(sectionOf(write(asked, spite), 'Response')).toContain(
      '1 min later, in spite of: “The last backup is 3 days old.”',
    );
  });

  it.each<[string, readonly TimelineEvent[]]>([
    ['cancelled by ada', [recovery(20, 'cancelled', '2')]],
    ['nobody approved it', [recovery(20, 'expired', null)]],
    ['nobody had approved it when this was written', []],
  ])('says of a request that never ran: %s', (words, events) => {
    expect(sectionOf(write(asked, ...events), 'Response')).toContain(`at 2020-12-11 13:24:10; ${words}\n`);
  });

  it('leaves the steps to the table under Recovery', () => {
    const [acts = []] = tablesOf(sectionOf(write(asked, approved, ...steps, done), 'Response'));
    expect(acts.slice(2).map((row) => row[3])).toEqual(['asked for', 'approved', 'done']);
  });
});

describe('Recovery', () => {
  it('lists every step with when it began, how long it took and what it saw', () => {
    const section = sectionOf(write(asked, approved, ...steps, done), 'Recovery');
    expect(section).toContain('**restart on main** was done after 1 min 30 s, at 2020-12-11 13:26:40.');
    const [rows = []] = tablesOf(section);
    expect(rows.slice(2)).toEqual([
      ['2020-12-11 13:25:15', 'Do check-backup', 'done', '5 s', 'all is well'],
      ['2020-12-11 13:25:25', 'Do stop-server', 'done', '5 s', 'no pod is left'],
    ]);
  });

  it('counts how often it stopped, and says who ended it', () => {
    const stopped = recovery(95, 'stopped', null);
    const section = sectionOf(write(asked, approved, stopped, stopped, recovery(160, 'ended', '2')), 'Recovery');
    expect(section).toContain(
      '**restart on main** was ended by ada after 1 min 30 s, at 2020-12-11 13:26:40, and stopped 2 times on its way.',
    );
  });

  it('takes what began before it was calm for the last act, though it was done afterwards', () => {
    expect(sectionOf(write(asked, approved, done), 'Recovery')).toContain(
      'The last act that was begun before that: 2020-12-11 13:26:40',
    );
    const late = recovery(131, 'approved', '2');
    expect(sectionOf(write(asked, late, done), 'Recovery')).not.toContain('The last act before that');
  });

  it('has no table of what never ran, and none without a recovery', () => {
    expect(tablesOf(sectionOf(write(asked), 'Recovery'))).toEqual([]);
    expect(sectionOf(write(event(1, act())), 'Recovery')).not.toContain('kill-stale');
  });
});

describe('Follow-up tasks', () => {
  const tasks = (...events: TimelineEvent[]) => sectionOf(write(asked, ...events), 'Follow-up tasks');

  it.each<[string, readonly TimelineEvent[]]>([
    ['Why was nobody there to approve restart on main, so that the glass was broken?', [broken]],
    ['Why did nobody answer the request for restart on main?', [recovery(20, 'expired', null)]],
    [
      'Why was restart on main run in spite of “The last backup is 3 days old.”?',
      [recovery(70, 'approved', '2', { overrides: ['The last backup is 3 days old.'] })],
    ],
    [
      'Why was “Do prove-stopped” left out of restart on main, and has it been seen to since?',
      [approved, step(90, 'prove-stopped', 'skipped')],
    ],
    [
      'Why did “Do prove-stopped” of restart on main fail (“a pod is left”)?',
      [approved, step(90, 'prove-stopped', 'failed', 'a pod is left')],
    ],
    [
      'Why could nobody tell what became of “Do stop-server” of restart on main (“no answer”)?',
      [approved, step(90, 'stop-server', 'unknown', 'no answer')],
    ],
    [
      'No backup of main was looked for before restart: is there one, and where is it configured?',
      [approved, step(90, 'stop-server', 'done')],
    ],
  ])('asks: %s', (question, events) => {
    expect(tasks(...events)).toContain(`- [ ] ${question} Owner: ____`);
  });

  it('asks nothing about a recovery in which all went well', () => {
    const section = tasks(approved, ...steps, done);
    expect(section).not.toContain('restart');
  });

  it('asks for no backup where only evidence was captured, or the strategy needs none', () => {
    expect(tasks(approved, step(80, 'capture-evidence', 'done'))).not.toContain('backup');
    const gentle = { act: 'restart-application' };
    const soft = recovery(90, 'step', null, {
      ...gentle,
      step: { id: 'x', kind: 'restart-rollout', title: 'x', state: 'done', saw: '', startedAt: NOW, endedAt: NOW },
    }); // prettier-ignore
    expect(writePostmortem(incident({ events: [soft] }), { now: NOW, nameOf: () => null })).not.toContain('No backup');
  });
});

it('shows hostile titles and reasons plainly', () => {
  const nasty = '| @everyone [x](https://evil.example)\n# x';
  const markdown = write(
    asked,
    recovery(140, 'broke-glass', '1', { summary: nasty }),
    step(90, nasty, 'failed', nasty),
  );
  expect(markdown).not.toContain('[x](https://evil.example)');
  expect(markdown).not.toMatch(/^# x/m);
});
