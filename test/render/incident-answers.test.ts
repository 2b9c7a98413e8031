import { describe, expect, it } from 'vitest';
import { writePostmortem } from '../../src/incidents/postmortem.ts';
import { renderClosed, renderIncidentList, renderNoted } from '../../src/render/incident-answers.ts';
import type { MessageFile } from '../../src/render/message.ts';
import { renderPostmortemMessage } from '../../src/render/postmortem-message.ts';
import { renderNarration, renderTimelineLine } from '../../src/render/timeline-line.ts';
import { NOW } from '../support/builders.ts';
import { act, alertFact, event, incident, incidentAlert } from '../support/incident-builders.ts';
import { STORY } from '../support/incident-story.ts';

describe('the list of incidents', () => {
  it('says how many are open, and of each who leads it and where', () => {
    const open = incident({ commander: { member: '11', at: NOW }, thread: { channelId: '900', refused: null } });
    const { embed } = renderIncidentList([open, STORY], NOW);
    expect(embed?.title).toBe('1 incident open');
    expect(embed?.description).toContain('🔴 open `20201211-1324` main: 91 of 100');
    expect(embed?.description).toContain('led by <@11> · <#900>');
    expect(embed?.description).toContain('⚪ closed');
  });

  it('says what opens one where there is none', () => {
    expect(renderIncidentList([], NOW).embed?.description).toContain('`/incident open`');
  });
});

describe('answers about an incident', () => {
  it('shows what was noted once more', () => {
    const { embed } = renderNoted(incident(), { by: '11', at: NOW, text: 'the *pods* are gone' });
    expect(embed?.description).toMatch(/^<t:\d+:T> <@11>: the \\\*pods\\\* are gone\n/);
  });

  it('says who closed it, and lets it be reopened', () => {
    const { embed, buttons } = renderClosed(STORY);
    expect(embed?.description).toContain('Closed by <@11>');
    expect(buttons?.[0]).toEqual({ id: 'incident.open:again:20201211-1324', label: 'Reopen', style: 'quiet' });
  });

  it('warns where it is closed while an alert fires', () => {
    const { embed } = renderClosed(incident({ closed: STORY.closed, alerts: [incidentAlert()] }));
    expect(embed?.description).toContain('One alert of it still fires');
  });
});

describe('the post-mortem in Discord', () => {
  const chart: MessageFile = {
    name: 'connections-main.png',
    type: 'image/png',
    description: 'c',
    data: new Uint8Array([1]),
  };
  const markdown = writePostmortem(STORY, { now: NOW, nameOf: () => null });

  it('comes as a file beside its charts, and says how much is left to people', () => {
    const { embed, file, attachments } = renderPostmortemMessage(STORY, markdown, [chart]);
    expect(file).toBe(chart);
    expect(attachments?.map(({ name }) => name)).toEqual(['postmortem-20201211-1324.md']);
    expect(new TextDecoder().decode(attachments?.[0]?.data)).toBe(markdown);
    expect(embed?.description).toContain('**Filled in** from 21 entries');
    expect(embed?.description).toContain(
      `**Left to people:** ${markdown.split('> _To be filled in: ').length - 1} questions`,
    );
    expect(embed?.description).toContain('each of 5 follow-up tasks');
  });

  it('says of one that is still open to ask again', () => {
    expect(renderPostmortemMessage(incident(), markdown, []).embed?.description).toContain('still open');
  });
});

describe('a line of the timeline', () => {
  it.each([
    [event(0, alertFact()), '<t:1607693040:T> critical alert fired: 91 of 100 connections in use, 97 usable'],
    [
      event(0, alertFact({ became: 'acknowledged' }), '11'),
      '<t:1607693040:T> <@11> acknowledged: 91 of 100 connections in use, 97 usable',
    ],
    [event(0, { type: 'commander', member: '11' }), '<t:1607693040:T> <@11> took command'],
    [
      event(0, act({ stage: 'refused', summary: 'needs the level respond' }), '12'),
      '<t:1607693040:T> <@12> was refused kill-stale on main: needs the level respond',
    ],
    [event(0, act({ stage: 'expired' })), '<t:1607693040:T> kill-stale on main expired: 45 idle sessions of site'],
    [
      event(0, {
        type: 'holders',
        database: 'main',
        moment: 'peak',
        used: 97,
        usable: 97,
        max: 100,
        applications: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, count: 9 })),
      }),
      '<t:1607693040:T> main: 97 of 100 connections (97 usable) in use at the peak, held by a 9, b 9, c 9, d 9 and one other',
    ],
    [
      event(0, { type: 'note', text: '@here `x`' }, 'not an id'),
      '<t:1607693040:T> not an id noted: \\@\u2060here \\`x\\`',
    ],
  ])('%j', (one, line) => {
    expect(renderTimelineLine(one)).toBe(line);
  });

  it('is one of several in a message of the thread', () => {
    const { embed, pingRoles } = renderNarration(incident(), [event(0, alertFact()), event(1, act(), '11')], 'n.1');
    expect(embed?.description?.split('\n')).toHaveLength(2);
    expect(embed?.footer).toBe('timeline · n.1');
    expect(pingRoles).toBeUndefined();
  });

  it('tells by the clock, whatever was written down first', () => {
    const late = event(60_000, alertFact());
    const { embed } = renderNarration(incident(), [late, event(0, alertFact())]);
    expect(embed?.description?.split('\n').map((line) => line.slice(2))).toEqual([
      renderTimelineLine(event(0, alertFact())),
      renderTimelineLine(late),
    ]);
  });

  it('never stands in for the summary when that is looked for', () => {
    const { embed } = renderNarration(incident(), [event(0, alertFact())]);
    expect(embed?.footer?.split(' · ')).not.toContain('20201211-1324');
  });
});
