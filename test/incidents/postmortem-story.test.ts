import { describe, expect, it } from 'vitest';
import { writePostmortem } from '../../src/incidents/postmortem.ts';
import { NOW } from '../support/builders.ts';
import { MEMBERS, STORY } from '../support/incident-story.ts';
import { headingsOf, sectionOf, tablesOf } from '../support/markdown-outline.ts';

const markdown = writePostmortem(STORY, {
  now: NOW + 3_600_000,
  nameOf: (id) => MEMBERS[id] ?? null,
  pictures: [
    { database: 'main', ok: true, file: 'connections-main.png' },
    { database: 'other', ok: false, reason: 'no sample of that time is in memory' },
  ],
});

describe('the post-mortem of 2020-12-11', () => {
  it('has the nine headings in their order, the title above and the timeline below', () => {
    expect(headingsOf(markdown)).toEqual([
      '# Post-mortem: main: 91 of 100 connections in use, 97 usable',
      '## Leadup',
      '## Impact',
      '## Detection',
      '## Response',
      '## Recovery',
      "## Five Why's",
      '## Blameless root cause',
      '## Lessons learned',
      '## Follow-up tasks',
      '## Appendix: timeline',
    ]);
  });

  it('begins with the incident at a glance', () => {
    const [summary = []] = tablesOf(markdown);
    expect(Object.fromEntries(summary)).toMatchObject({
      Incident: '20201211-1324',
      Databases: 'main',
      Opened: '2020-12-11 13:24:00, by the alert connections-total · main · total',
      'Calm since': '2020-12-11 13:28:00',
      Closed: '2020-12-11 13:39:00, by rosa',
      Severity: 'high',
      Commander: 'rosa',
      Lasted: '15 min',
      'Time to detect': '2 s (condition seen → alert fired)',
      'Time to acknowledge': '41 s (fired → acknowledged)',
      'Time to recover': '4 min (fired → calm)',
      'Services down': 'website',
      'Sessions ended': 'terminated 43, spared 2, failed 0',
    });
  });

  it('names the warning that came before, and asks what changed', () => {
    const leadup = sectionOf(markdown, 'Leadup');
    expect(leadup).toContain('2020-12-11 13:21:40, 2 min 20 s before: site holds 34 connections, its limit is 32');
    expect(leadup).toContain('> _To be filled in: what changed before this began');
  });

  it('says once what depends on it, and what people lost in the words of whoever closed it', () => {
    const impact = sectionOf(markdown, 'Impact');
    expect(impact).toContain('configuration:\n\n- site: site, API, moderation\n- website: the site\n- metricity\n\n');
    expect(impact).toContain('Severity high, as rosa wrote when closing it:\n\n> Nobody could use the site');
    expect(impact).toContain('website: answers 524');
  });

  it('tells the peak and its moment, and shows the chart or why there is none', () => {
    const impact = sectionOf(markdown, 'Impact');
    expect(impact).toContain('**Peak of main:** 97 of 100 connections (97 usable) in use at 2020-12-11 13:24:44.');
    expect(impact).toContain('site holds 34 connections, its limit is 32; 80 at the peak');
    expect(impact).toContain('![Connections of main during the incident](connections-main.png)');
    expect(impact).toContain('No chart of other: no sample of that time is in memory.');
  });

  it('shows who held the connections at each moment that mattered, the largest first', () => {
    const [holders = []] = tablesOf(sectionOf(markdown, 'Impact')).slice(-1);
    expect(holders[0]?.map((cell) => cell.split(',')[0])).toEqual([
      'Application',
      'when this opened',
      'at the peak',
      'before the act',
      'after the act',
    ]);
    expect(holders[2]).toEqual(['site', '74', '80', '80', '37']);
    expect(holders.at(-1)).toEqual(['**all**', '**91**', '**97**', '**97**', '**54**']);
  });

  it('says how it was detected, in the words of that moment', () => {
    const detection = sectionOf(markdown, 'Detection');
    expect(detection).toContain('It said: 91 of 100 connections in use, 97 usable');
    expect(detection).toContain('Most are held by site 74 (limit 32), metabase 6 and 5 others.');
    expect(detection).toContain('Time to detect: 2 s');
  });

  it('lists every act with who, when and what came of it, refusals too', () => {
    const response = sectionOf(markdown, 'Response');
    const [acts = []] = tablesOf(response);
    expect(acts.slice(2)).toEqual([
      ['2020-12-11 13:25:15', 'ines', 'kill-stale on main', 'refused', 'needs the level respond'],
      [
        '2020-12-11 13:25:35',
        'rosa',
        'kill-stale on main',
        'previewed',
        '45 orphaned sessions of site, pods long gone',
      ],
      [
        '2020-12-11 13:25:44',
        'rosa',
        'kill-stale on main',
        'confirmed',
        '45 orphaned sessions of site, pods long gone',
      ],
      ['2020-12-11 13:25:45', 'rosa', 'kill-stale on main', 'done', 'terminated 43, spared 2, failed 0'],
    ]);
    expect(response).toContain('rosa acknowledged first, at 2020-12-11 13:24:41, 41 s after the alert had fired');
  });

  it('quotes the notes with their authors, members by name', () => {
    expect(sectionOf(markdown, 'Response')).toContain(
      'rosa, 2020-12-11 13:26:40:\n\n> The pods of the deployment before last are gone, their connections were not.\n> paul looks at CONN_MAX_AGE.',
    );
  });

  it('tells what came before the calm without saying that it was the cause', () => {
    const recovery = sectionOf(markdown, 'Recovery');
    expect(recovery).toContain('all resolved, the last critical one at 2020-12-11 13:28:00, 4 min after');
    expect(recovery).toContain(
      'The last act that was begun before that: 2020-12-11 13:25:45, rosa carried out kill-stale on main',
    );
    expect(recovery).toContain('> _To be filled in: what ended it');
  });

  it('asks why five times, from what is known', () => {
    const whys = sectionOf(markdown, "Five Why's");
    expect(whys).toContain('1. Known: “97 of 100 connections in use, 97 usable” (main, 2020-12-11 13:24:00). Why?');
    expect(whys.match(/^\d\. /gm)).toHaveLength(5);
    expect(whys.match(/^ {3}> _To be filled in: /gm)).toHaveLength(5);
  });

  it('leaves the root cause and the lessons to people', () => {
    expect(sectionOf(markdown, 'Blameless root cause').trim().split('\n')).toHaveLength(3);
    const lessons = sectionOf(markdown, 'Lessons learned');
    expect(lessons.match(/\*\*(What went well|What went badly|Where we were lucky)\*\*/g)).toHaveLength(3);
    expect(lessons.match(/> _To be filled in: /g)).toHaveLength(3);
  });

  it('asks in its tasks only what the facts raise, each for somebody to take', () => {
    const tasks = sectionOf(markdown, 'Follow-up tasks')
      .split('\n')
      .filter((line) => line.startsWith('- '));
    expect(tasks).toEqual([
      '- [ ] Why did site pass its limit? (“site holds 34 connections, its limit is 32; 80 at the peak”) Owner: ____',
      '- [ ] Why were the connections of main used up, and is its limit the right one? (“97 of 100 connections in use, 97 usable”) Owner: ____',
      expect.stringContaining('Why did website fail with it'),
      '- [ ] Was kill-stale on main rightly refused (once: “needs the level respond”)? Owner: ____',
      '- [ ] The summary was not pinned (Missing Permissions): may Breakwater pin in the alert channel? Owner: ____',
    ]);
  });

  it('ends with the whole timeline', () => {
    const [timeline = []] = tablesOf(sectionOf(markdown, 'Appendix: timeline'));
    expect(timeline).toHaveLength(STORY.events.length + 2);
    expect(timeline.at(-1)?.slice(0, 2)).toEqual(['2020-12-11 13:39:00', 'rosa']);
  });
});
