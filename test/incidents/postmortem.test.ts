import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incidents/incident.ts';
import { writePostmortem } from '../../src/incidents/postmortem.ts';
import { NOW } from '../support/builders.ts';
import { act, alertFact, event, incident, incidentAlert } from '../support/incident-builders.ts';
import { headingsOf, sectionOf, tablesOf } from '../support/markdown-outline.ts';

const MINUTE = 60_000;
const write = (parts: Partial<Incident> = {}, nameOf: (id: string) => string | null = () => null) =>
  writePostmortem(incident(parts), { now: NOW + 20 * MINUTE, nameOf });
const summaryOf = (markdown: string) => Object.fromEntries(tablesOf(markdown)[0] ?? []) as Record<string, string>;

describe('a post-mortem of what is not over, or not known', () => {
  it('says of one that is still open that it is', () => {
    const markdown = write({ alerts: [incidentAlert()], events: [event(0, alertFact())] });
    expect(summaryOf(markdown)).toMatchObject({
      'Calm since': 'not yet: alerts still fire',
      Closed: 'not yet',
      Lasted: '20 min, and is still open',
      'Time to recover': 'unknown (fired → calm)',
    });
    expect(sectionOf(markdown, 'Recovery')).toContain('one alert of it still fired');
  });

  it('says that nobody acknowledged, and asks why', () => {
    const markdown = write({ alerts: [incidentAlert()] });
    expect(summaryOf(markdown)['Time to acknowledge']).toBe('never acknowledged');
    expect(sectionOf(markdown, 'Response')).toContain('Nobody acknowledged');
    expect(sectionOf(markdown, 'Follow-up tasks')).toContain('Why did nobody acknowledge');
  });

  it('makes nothing up where a person opened it and no alert fired', () => {
    const markdown = write({ openedBy: '77', title: 'the site is slow' });
    expect(summaryOf(markdown)).toMatchObject({
      Opened: '2020-12-11 13:24:00, by member 77',
      'Time to detect': 'unknown (condition seen → alert fired)',
    });
    expect(sectionOf(markdown, 'Leadup')).toContain('No alert fired');
    expect(sectionOf(markdown, "Five Why's")).toContain('“the site is slow”, opened 2020-12-11 13:24:00');
    expect(sectionOf(markdown, 'Impact')).toContain('> _To be filled in: who held the connections?');
    expect(sectionOf(markdown, 'Appendix: timeline')).toContain('The timeline is empty.');
  });

  it('tells that it came back, and asks what was not put right', () => {
    const events = [event(900, { type: 'reopened', cause: 'connections-total · main · total' })];
    const markdown = write({ events, alerts: [incidentAlert()] });
    expect(sectionOf(markdown, 'Recovery')).toContain('It came back at 2020-12-11 13:39:00');
    expect(sectionOf(markdown, 'Follow-up tasks')).toContain('what was not put right?');
  });

  it('orders what was written down out of order', () => {
    const events = [event(30, { type: 'note', text: 'second' }), event(10, { type: 'note', text: 'first' })];
    const [timeline = []] = tablesOf(sectionOf(write({ events }), 'Appendix: timeline'));
    expect(timeline.slice(2).map((row) => row[2])).toEqual(['noted: first', 'noted: second']);
  });

  it('measures nothing backwards', () => {
    const markdown = write({
      alerts: [incidentAlert({ since: NOW + 9_000 })],
      commander: { member: '1', at: NOW - 5_000 },
      calmSince: NOW - 1_000,
    });
    expect(summaryOf(markdown)).toMatchObject({
      'Time to detect': 'unknown (condition seen → alert fired)',
      'Time to acknowledge': expect.stringContaining('unknown'),
      'Time to recover': 'unknown (fired → calm)',
    });
    expect(sectionOf(markdown, 'Response')).not.toContain('after the alert');
    expect(sectionOf(markdown, 'Recovery')).not.toContain('after the first');
  });

  it('begins with the alert that opened it, not with one that fired days before', () => {
    const old = incidentAlert({
      id: 'old',
      key: 'archiver-failing · main · archiver',
      since: NOW - 3 * 86_400_000,
      firedAt: NOW - 3 * 86_400_000,
    });
    const opened = event(0, { type: 'opened', title: 'x', cause: incidentAlert().key, databases: ['main'] });
    const markdown = write({ alerts: [old, incidentAlert({ since: NOW - 1_000 })], events: [opened] });
    expect(summaryOf(markdown)['Time to detect']).toMatch(/^1 s /);
  });

  it('leaves out the middle of thousands of events, and counts it', () => {
    const events = Array.from({ length: 5_000 }, (_, at) => event(at, { type: 'note', text: `note ${at}` }));
    const markdown = write({ events: [...events, ...Array.from({ length: 3_000 }, (_, at) => event(at, act()))] });
    const [timeline = []] = tablesOf(sectionOf(markdown, 'Appendix: timeline'));
    expect(timeline).toHaveLength(502);
    expect(markdown).toContain('7501 more events, left out here');
    expect(markdown).toContain('note 0');
    expect(markdown).toContain('note 4999');
    expect(markdown.length).toBeLessThan(200_000);
  });

  it('survives a moment that no calendar has', () => {
    const events = [{ ...event(0, { type: 'note', text: 'x' }), at: Number.NaN }];
    expect(write({ events })).toContain('| unknown time |');
  });
});

describe('a post-mortem of hostile text', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom(
        '#',
        '|',
        '\\',
        '-',
        '=',
        '\n',
        '\r',
        ' ',
        '>',
        '<',
        '`',
        '~',
        '*',
        '[',
        '1',
        '.',
        ':',
        'a',
        '\u2028',
        '\t',
      ),
    }),
  );

  /** The same text in every place where text can stand. */
  const everywhere = (text: string) =>
    writePostmortem(
      incident({
        title: text,
        databases: [text],
        alerts: [
          incidentAlert({ key: text, headline: text, impact: text, database: text }),
          incidentAlert({ rule: 'service-down', id: 'b', key: text }),
        ],
        thread: { channelId: null, refused: text },
        closed: { by: '5', at: NOW, severity: text, impact: text },
        events: [
          event(0, { type: 'opened', title: text, cause: text, databases: [text] }),
          event(1, alertFact({ key: text, headline: text, evidence: text, database: text })),
          event(2, { type: 'note', text: `${text}\n${text}` }, '5'),
          event(3, act({ act: text, database: text, stage: 'refused', summary: text }), '5'),
          event(3, act({ act: text, database: text, stage: 'done', summary: text }), '5'),
          event(4, {
            type: 'holders',
            database: text,
            moment: 'peak',
            used: 9,
            usable: null,
            max: null,
            applications: [{ name: text, count: 9 }],
          }),
          event(5, { type: 'reopened', cause: text }),
        ],
      }),
      { now: NOW, nameOf: () => text, pictures: [{ database: text, ok: false, reason: text }] },
    );

  it('has the same headings whatever comes in', () => {
    const count = headingsOf(everywhere('calm')).length;
    fc.assert(
      fc.property(nasty, (text) => {
        expect(headingsOf(everywhere(text))).toHaveLength(count);
      }),
    );
  });

  it('has tables whose rows are as wide as their headers', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const [header = [], ...rows] of tablesOf(everywhere(text))) {
          for (const row of rows) expect(row).toHaveLength(header.length);
        }
      }),
    );
  });

  it('forms no link, no picture and no HTML', () => {
    const markdown = everywhere('![x](https://evil.example) <img src=x> <https://evil.example> [x]: y');
    expect(markdown.replaceAll('- [ ] ', '').replaceAll(/\\./g, '')).not.toMatch(/[<[]|https:\/\//);
  });

  it('says of a member whom nobody knows any more which one it was', () => {
    expect(write({ openedBy: '1234' })).toContain('by member 1234');
  });
});
