import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { renderIncidentSummary } from '../../src/render/incident-message.ts';
import type { Message } from '../../src/render/message.ts';
import { NOW } from '../support/builders.ts';
import { act, alertFact, event, incident, incidentAlert } from '../support/incident-builders.ts';
import { STORY } from '../support/incident-story.ts';

const summary = (parts: Partial<Incident> = {}, how = {}) =>
  renderIncidentSummary(incident({ alerts: [incidentAlert()], ...parts }), NOW + 60_000, how);
const fieldOf = ({ embed }: Message, name: string) => embed?.fields?.find((field) => field.name === name)?.value;
const closed = { by: '11', at: NOW + 900_000, severity: 'high', impact: 'no site' };

describe('the summary of an incident', () => {
  it.each([
    ['open', {}, 'nobody has acknowledged: press Acknowledge'],
    ['open', { commander: { member: '11', at: NOW } }, '<@11> leads'],
    ['open', { alerts: [] }, 'no alert belongs to it: close it with `/incident close`'],
    [
      'calm',
      { calmSince: NOW, alerts: [incidentAlert({ resolvedAt: NOW })] },
      'calm since <t:1607693040:R>: look whether every workload is well',
    ],
    ['calm', { calmSince: NOW }, 'calm since <t:1607693040:R>, though a warning still fires: look whether'],
    ['closed', { calmSince: NOW, closed }, 'fill in the post-mortem'],
  ])('says %s in its title, and what to do next', (word, parts, next) => {
    const { embed } = summary(parts);
    expect(embed?.title).toContain(`${word}: main: 91 of 100`);
    expect(embed?.description).toContain(`**Next:** ${next}`);
  });

  it('says who closed it, after how long and what it cost', () => {
    expect(summary({ closed }).embed?.description).toMatch(
      /^Closed by <@11> <t:\d+:R> after 15 min, severity high\.\nImpact: no site\n/,
    );
  });

  it('is found by its footer, and by its id in a button of every state', () => {
    for (const parts of [{}, { calmSince: NOW }, { closed }]) {
      const { embed, buttons = [] } = summary(parts);
      expect(embed?.footer).toBe('incident · 20201211-1324');
      expect(buttons.some(({ id }) => id.split(':').includes('20201211-1324'))).toBe(true);
    }
  });

  it.each([
    [{}, {}, ['Close…', 'Note…', 'Post-mortem']],
    [{}, { refresh: true }, ['Close…', 'Note…', 'Post-mortem', 'Refresh']],
    [{ closed }, {}, ['Note…', 'Post-mortem']],
  ])('has the buttons that make sense: %j %j', (parts, how, labels) => {
    expect(summary(parts, how).buttons?.map(({ label }) => label)).toEqual(labels);
  });

  it('asks for the closing only once it is calm', () => {
    expect(summary().buttons?.[0]?.style).toBe('quiet');
    expect(summary({ calmSince: NOW }).buttons?.[0]).toEqual({
      id: 'incident.close:ask:20201211-1324',
      label: 'Close…',
      style: 'act',
    });
  });

  it('lists its alerts with their state, what fires first and the critical before the rest', () => {
    const message = summary({
      alerts: [
        incidentAlert({ resolvedAt: NOW, headline: 'over' }),
        incidentAlert({ severity: 'warning', headline: 'a warning' }),
        incidentAlert({ acknowledgedBy: '11', headline: 'the worst' }),
      ],
    });
    const lines = fieldOf(message, 'Alerts: 2 of 3 firing')?.split('\n') ?? [];
    expect(lines[0]).toMatch(/^🔴 acknowledged: the worst .* owned by <@11>$/);
    expect(lines[1]).toMatch(/^🟠 firing: a warning/);
    expect(lines[2]).toMatch(/^🟢 resolved: over/);
  });

  it('tells the last eight entries, and how many came before', () => {
    const events = Array.from({ length: 11 }, (_, at) => event(at, { type: 'note', text: `note ${at}` }, '11'));
    const lines = summary({ events }).embed?.description?.split('\n') ?? [];
    expect(lines.slice(-8)[0]).toBe('- <t:1607693043:T> <@11> noted: note 3');
    expect(lines).toContain('-# 3 earlier entries are in the post-mortem');
  });

  it('leaves thread and pin to their own field', () => {
    const events = [
      event(0, { type: 'thread', channelId: '900', refused: null }),
      event(0, { type: 'pin', refused: 'no' }),
    ];
    expect(summary({ events }).embed?.description).not.toContain('<t:');
  });

  it('says where people talk, and which permission is missing', () => {
    expect(fieldOf(summary({ thread: { channelId: '900', refused: null } }), 'Where')).toBe('Thread: <#900>');
    const refused = fieldOf(
      summary({ thread: { channelId: null, refused: 'Missing Access' }, pin: { refused: 'Missing Permissions' } }),
      'Where',
    );
    expect(refused).toContain('Create Public Threads');
    expect(refused).toContain('Pin Messages');
    expect(summary().embed?.fields?.some(({ name }) => name === 'Where')).toBe(false);
  });

  it('asks for no permission where somebody deleted the thread, or the pins are full', () => {
    const gone = { channelId: null, refused: 'Discord answers 404: Unknown Channel' };
    const where = fieldOf(summary({ thread: gone, pin: { refused: 'unpin an old one' } }), 'Where');
    expect(where).toContain('No thread (Discord answers 404: Unknown Channel): what happens is told in this channel.');
    expect(where).not.toMatch(/grant/i);
  });

  it('fits into a message with the whole story in it, and with texts of any length', () => {
    expect(fitMessage(renderIncidentSummary(STORY, NOW)).embeds[0]?.description).not.toContain('(cut)');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => {
        const alerts = Array.from({ length: 30 }, () => incidentAlert({ headline: text }));
        const events = Array.from({ length: 12 }, () => event(0, alertFact({ headline: text })));
        const [embed] = fitMessage(
          summary({
            title: text,
            databases: [text],
            alerts,
            events: [...events, event(1, act({ summary: text }), '1')],
          }),
        ).embeds;
        expect(JSON.stringify(embed)).not.toContain('… (cut)');
      }),
      { numRuns: 30 },
    );
  });

  it('forms nothing out of hostile text', () => {
    const text = '@everyone [x](https://evil.example) **b**';
    const message = summary({
      title: text,
      databases: [text],
      alerts: [incidentAlert({ headline: text })],
      events: [event(0, { type: 'note', text }, text)],
    });
    expect(JSON.stringify(message).replaceAll('\\\\', '\\').replaceAll(/\\./g, '')).not.toMatch(/@everyone|\]\(|\*\*b/);
  });
});
