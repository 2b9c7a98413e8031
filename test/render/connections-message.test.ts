import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import type { DetailedSession } from '../../src/model/activity.ts';
import type { Application } from '../../src/model/application.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { SESSION_STATES } from '../../src/model/session-group.ts';
import { type ConnectionsRequest, readConnections } from '../../src/operations/read-connections.ts';
import { renderConnectionsCsv } from '../../src/render/connections-csv.ts';
import { renderConnections } from '../../src/render/connections-message.ts';
import { group, NOW } from '../support/builders.ts';
import { detailed, lookedAt } from '../support/looking.ts';
import { createManualClock } from '../support/manual-clock.ts';

const SITE: Application = { name: 'site', match: { user: 'site' }, limit: 32 };

async function report(sessions: readonly DetailedSession[] | null, request: ConnectionsRequest = {}) {
  const database = lookedAt({
    applications: [SITE],
    actions: { readDetails: async () => (sessions ? seen(sessions, NOW) : unseen('no *session* is held', NOW)) },
    lastSample: () => seen([group({ count: 45, longestInStateMs: 720_000 })], NOW - 20_000),
  });
  return readConnections(database, request, createManualClock(NOW));
}

const pods = (count: number, parts: Partial<DetailedSession> = {}): DetailedSession[] =>
  Array.from({ length: count }, (_, pod) => detailed({ pid: pod + 1, address: `10.2.0.${pod}`, ...parts }));

const buttons = ({ buttons: all = [] }: ReturnType<typeof renderConnections>) =>
  all.map(({ label, disabled }) => (disabled ? `(${label})` : label));

describe('the list of connections', () => {
  it('says of each group its states with the longest, its oldest transaction, and the limit', async () => {
    const sessions = [
      ...Array.from({ length: 33 }, (_, pid) => detailed({ pid, stateMs: 720_000 })),
      detailed({ state: 'active', stateMs: 3_000, transactionMs: 180_000 }),
    ];
    const { embed } = renderConnections(await report(sessions));
    expect(embed?.title).toBe('main: 34 connections');
    expect(embed?.description).toContain(
      '**34 site** · 10.2.0.5\n1 active, for 3 s\n33 idle, longest 12 min\n-# oldest transaction 3 min · in all 34, limit 32 ⚠️',
    );
  });

  it('turns pages, and its buttons end where the list does', async () => {
    const all = await report(pods(11));
    expect(buttons(renderConnections(all))).toEqual(['(Previous)', 'Next', 'Narrow…', 'CSV', 'Refresh']);
    expect(buttons(renderConnections(all, { page: 2, fingerprint: '' }))).toEqual([
      'Previous',
      'Next',
      'Narrow…',
      'CSV',
      'Refresh',
    ]);
    const last = renderConnections(all, { page: 3, fingerprint: '' });
    expect(buttons(last)).toEqual(['Previous', '(Next)', 'Narrow…', 'CSV', 'Refresh']);
    expect(last.embed?.footer).toBe('main · page 3 of 3 · groups 11 to 11 of 11');
  });

  it('says when the list has become shorter than the page', async () => {
    const { embed } = renderConnections(await report(pods(3)), { page: 4, fingerprint: '' });
    expect(embed?.description).toContain('Page 4 is gone: the list is shorter now');
    expect(embed?.footer).toContain('page 1 of 1');
  });

  it('says when groups may have slipped by since the page before, and only then', async () => {
    const before = renderConnections(await report(pods(11)));
    const next = before.buttons?.[1]?.id.split(':') ?? [];
    const asked = { page: Number(next[5]), fingerprint: next[6] ?? '' };
    expect(asked.page).toBe(2);
    const changed = 'The list has changed since';
    const same = await report([...pods(11), detailed({ pid: 99, address: '10.2.0.0' })]);
    expect(renderConnections(same, asked).embed?.description).not.toContain(changed);
    const other = await report([...pods(11), detailed({ pid: 99, address: '10.2.0.9' })]);
    expect(renderConnections(other, asked).embed?.description).toContain(changed);
  });

  it('names the filters in the title, and offers to widen', async () => {
    const message = renderConnections(await report([detailed(), detailed({ state: 'active' })], { state: 'idle' }));
    expect(message.embed?.title).toBe('main: 1 of 2 connections · idle');
    expect(buttons(message)).toContain('Show all');
  });

  it('says who holds connections where none fits', async () => {
    const message = renderConnections(await report([detailed()], { application: 'gone' }));
    expect(message.embed?.title).toBe('main: 0 of 1 connection · gone');
    expect(message.embed?.description).toContain('No session fits. Connections are held by:\nsite');
  });

  it("lists Breakwater's own sessions, and counts what is no client's", async () => {
    const { embed } = renderConnections(
      await report([
        detailed({ user: 'breakwater', own: true, address: null }),
        detailed({ backendType: 'walsender' }),
        detailed({ backendType: 'checkpointer' }),
        detailed({ backendType: null }),
      ]),
    );
    expect(embed?.description).toContain('**1 breakwater** (itself) · local socket');
    expect(embed?.description).toContain(
      "Not counted, as no client's: 1 walsender, 1 of unknown kind, 1 of the server's own processes",
    );
  });

  it('lets no name out of its place, and says nothing of changes to who has seen no list yet', async () => {
    const message = renderConnections(await report([detailed({ user: '**@here**', address: '`a`' })]));
    expect(message.embed?.description).toContain('**1 \\*\\*\\@\u2060here\\*\\*** · \\`a\\`');
    expect(message.embed?.description).not.toContain('has changed');
  });

  it('shows the last sample with its age when the server is silent, and has no CSV then', async () => {
    const blind = await report(null);
    const message = renderConnections(blind);
    expect(message.embed?.description).toContain('The single sessions are unknown: no \\*session\\* is held');
    expect(message.embed?.description).toContain(`What the last sample counted, <t:${NOW / 1_000 - 20}:R>:`);
    expect(message.embed?.description).toContain('**45 site** · 10.2.0.5');
    expect(buttons(message)).toContain('(CSV)');
    expect(renderConnectionsCsv(blind).attachments).toBeUndefined();
  });

  it('knows nothing before the first sample', async () => {
    const message = renderConnections({ ...(await report(null)), groups: unseen('not sampled yet', NOW), total: 0 });
    expect(message.embed?.title).toBe('main: connections unknown');
    expect(message.embed?.description).toContain('not sampled yet');
  });

  it('fits into Discord whatever the names, and its pages add up', async () => {
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 90 }), fc.constantFrom('@'.repeat(80), '`*_|<>[]~'));
    const session = fc.record({
      user: fc.option(name),
      applicationName: name,
      address: fc.oneof(fc.constantFrom('10.2.0.5', 'fd00::1'), name),
      state: fc.constantFrom(...SESSION_STATES),
      transactionMs: fc.option(fc.nat()),
      backendType: fc.oneof({ weight: 8, arbitrary: fc.constant('client backend') }, name),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(session, { maxLength: 30 }), name, async (parts, database) => {
        const all = { ...(await report(parts.map((each) => detailed(each)))), database };
        const groups = all.groups.ok ? all.groups.value.length : 0;
        let shown = 0;
        for (let page = 1; page <= Math.max(1, Math.ceil(groups / 5)); page += 1) {
          const message = renderConnections(all, { page, fingerprint: '' });
          const [embed] = fitMessage(message).embeds;
          expect(embed?.description).toBe(message.embed?.description);
          shown += message.embed?.description?.match(/^\*\*\d+ /gm)?.length ?? 0;
        }
        expect(shown).toBe(groups);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the connections as CSV', () => {
  it('has a row for each session that fits, and no more', async () => {
    const hostile = detailed({ applicationName: '=cmd|1', statement: 'SELECT …\nFROM "t"', transactionMs: 61_400 });
    const message = renderConnectionsCsv(await report([hostile, detailed({ user: 'bot' })], { application: 'site' }));
    const lines = new TextDecoder().decode(message.attachments?.[0]?.data).split('\r\n');
    expect(lines[0]).toMatch(/^pid,backend_start,user,database,application,application_name,address,state,/);
    expect(lines[1]).toBe(
      `4711,2020-12-11 13:00:00.123456+00,site,site,site,'=cmd|1,10.2.0.5,idle,60,61,1440,Client ClientRead,"SELECT … FROM ""t"""`,
    );
    expect(lines).toHaveLength(3);
    expect(fitMessage(message).attachments).toMatchObject([{ filename: 'connections.csv' }]);
  });
});
