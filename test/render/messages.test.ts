import { describe, expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import { createHistory } from '../../src/model/history.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import type { ClusterPlace } from '../../src/model/place.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { StatusReport } from '../../src/model/status-report.ts';
import { tallyApplications } from '../../src/model/tally.ts';
import { renderHelp } from '../../src/render/help-message.ts';
import { COLOURS } from '../../src/render/message.ts';
import { renderStatus } from '../../src/render/status-message.ts';
import { admission, group, NOW, serverFacts, snapshot } from '../support/builders.ts';
import { orphanGroup, orphanReport, POSTGRES, place, pod, vanishedPod, watched } from '../support/place-builders.ts';

const undrawn = { ok: false, reason: 'no font' } as const;
const site = { name: 'site', match: { user: 'site' }, limit: 32 };

function report(state: Snapshot, parts: Partial<StatusReport> = {}): StatusReport {
  return {
    database: 'main',
    at: NOW,
    snapshot: state,
    applications: state.sessions.ok ? tallyApplications(state.sessions.value, [site]) : [],
    alerts: [],
    silences: 0,
    place: null,
    configured: [site],
    history: createHistory({ bucketMs: 1_000, spanMs: 60_000 }),
    fireAt: 90,
    forecast: { kind: 'steady' },
    ...parts,
  };
}

const field = (message: ReturnType<typeof renderStatus>, name: string): string =>
  message.embed?.fields?.find((candidate) => candidate.name.startsWith(name))?.value ?? '';

describe('/db status', () => {
  it('gives used, usable and max, and the applications largest first', () => {
    const groups = [
      group({ user: 'metabase', count: 5 }),
      group({ count: 80 }),
      group({ count: 9, state: 'active' }),
      group({ own: true, user: 'breakwater', state: 'active' }),
    ];
    const message = renderStatus(report(snapshot(groups)), undrawn);
    expect(message.embed?.title).toBe('main: 95 of 100 connections in use');
    expect(message.embed?.description).toContain('**95** used · **97** usable · **100** max · 2 free');
    expect(field(message, 'Connections by application').split('\n')).toEqual([
      '`89` **site**, limit 32 ⚠️: 9 active, 80 idle',
      '-# from 10.2.0.5 (89)',
      '` 5` **metabase**: 5 idle',
      '` 1` **breakwater**: 1 active',
    ]);
  });

  it('leads to the sessions and to ending the stale ones, whatever the name of the database', () => {
    const idsOf = (database: string) =>
      renderStatus(report(snapshot([]), { database }), undrawn).buttons?.map(({ id }) => id);
    expect(idsOf('main')).toEqual([
      'db.status:refresh:main',
      'db.connections:show:main',
      'db.kill-stale:show:main::',
      'db.recover:show:main:',
    ]);
    expect(idsOf('ü'.repeat(31))?.map((id) => id.length)).toEqual([35, 37, 38, 34]);
  });

  it('puts orphaned sessions that there are before the applications, and the rest of the cluster last', () => {
    const orphans = seen(orphanReport([orphanGroup({ count: 71 })]), NOW);
    const namesOf = (parts: Partial<ClusterPlace>) =>
      renderStatus(report(snapshot([group()]), { place: place(parts) }), undrawn).embed?.fields?.map(
        ({ name }) => name,
      );
    expect(namesOf({ orphans })?.slice(0, 2)).toEqual(['Orphaned sessions: 71', 'Connections by application']);
    expect(namesOf({})?.slice(-4)).toEqual(['Orphaned sessions', 'Last backup', 'Where it runs', 'Dependents']);
  });

  it('lets the applications give way: alerts, orphaned sessions and backup are whole however many there are', () => {
    const firing = { rule: 'x', severity: 'critical', firedAt: NOW, ownedBy: null, silenced: false } as const;
    const alerts = Array.from({ length: 9 }, () => ({ ...firing, headline: 'x'.repeat(150) }));
    const groups = Array.from({ length: 80 }, (_, index) => group({ user: `${'u'.repeat(55)}${index}`, count: 3 }));
    const found = unseen('y'.repeat(300), NOW);
    const uids = ['a', 'b', 'c', 'd'];
    const orphans = seen(
      orphanReport(uids.map((uid) => orphanGroup({ pod: vanishedPod({ uid, name: uid.repeat(200), owner: null }) }))),
      NOW,
    );
    const bad = Array.from({ length: 30 }, (_, index) =>
      watched([], { reference: { ...POSTGRES, name: `${'w'.repeat(50)}${index}` }, role: 'dependent' }),
    );
    const pods = ['e', 'f', 'g'].map((each) => pod('postgres', { name: each.repeat(99), node: each.repeat(99) }));
    const workload = watched(pods);
    const parts = { orphans, backups: { found, maxAgeMs: 1 }, dependents: bad, storage: found, node: found, workload };
    const lost = unseen('z'.repeat(300), NOW);
    const state = { ...snapshot(groups), admission: lost };
    const chart = { ok: false, reason: 'c'.repeat(200) } as const;
    const message = renderStatus(
      report(state, {
        alerts,
        place: place(parts),
        silences: 3,
        forecast: { kind: 'unknown', reason: 'r'.repeat(200) },
      }),
      chart,
    );
    const fitted = fitMessage(message).embeds[0]?.fields ?? [];
    for (const name of ['Alerts', 'Orphaned sessions', 'Last backup', 'Where it runs', 'Dependents'])
      expect(fitted.find((each) => each.name.startsWith(name))?.value).toBe(field(message, name));
    expect(field(message, 'Connections by application')).toContain('`3` **uuu');
    expect(JSON.stringify(fitted)).not.toContain('(cut)');
  });

  it('shows the cluster under it, or says that none is configured', () => {
    const state = snapshot([group()]);
    const without = renderStatus(report(state), undrawn).embed;
    expect(without?.description?.split('\n').at(-1)).toMatch(/^-# No cluster is configured/);
    expect(without?.fields?.some(({ name }) => name === 'Where it runs')).toBe(false);
    const within = renderStatus(report(state, { place: place() }), undrawn);
    expect(within.embed?.description).not.toContain('No cluster');
    expect(field(within, 'Orphaned sessions')).toBe('none');
    expect(field(within, 'Where it runs')).toContain('postgres-6f7d-abcde');
  });

  it('says in words that nobody gets in, and what to do', () => {
    const full = snapshot([group({ count: 97 })], {
      admission: seen(admission({ verdict: 'only-reserved-left' }), NOW),
    });
    const { embed } = renderStatus(report(full), undrawn);
    expect(embed?.description).toMatch(/full: only reserved slots are left.*\n.*\/db kill-stale/);
    expect(embed?.colour).toBe(COLOURS.critical);
  });

  it('says unknown, and since when, where the sessions are not seen', () => {
    const lostAt = NOW - 3_600_000;
    const blind = snapshot([], { sessions: unseen('the server is frozen', NOW), server: unseen('lost', lostAt) });
    const { embed } = renderStatus(report(blind), undrawn);
    expect(embed?.title).toBe('main: connections unknown');
    expect(embed?.description).toContain(`No numbers: the server is frozen (lost <t:${lostAt / 1_000}:R>)`);
    expect(embed?.colour).toBe(COLOURS.unknown);
  });

  it('does not give the time of a failed sample for the time since when nothing is seen', () => {
    const { embed } = renderStatus(report(snapshot([], { sessions: unseen('canceled', NOW) })), undrawn);
    expect(embed?.description).toContain(`No numbers: canceled (tried <t:${NOW / 1_000}:R>)`);
  });

  it.each([
    [
      { kind: 'exhausts', inMs: 250_000, perMinute: 12 } as const,
      'Forecast: **full in 4 min** (rising by 12 a minute)',
    ],
    [{ kind: 'unknown', reason: 'too little was counted' } as const, 'Forecast: unknown, too little was counted'],
    [{ kind: 'exhausts', inMs: 0, perMinute: 12 } as const, null],
    [{ kind: 'steady' } as const, null],
  ])('says when it will be full, or nothing: %o', (forecast, line) => {
    const { embed } = renderStatus(report(snapshot([group({ count: 50 })]), { forecast }), undrawn);
    const lines = embed?.description?.split('\n').filter((text) => text.startsWith('Forecast'));
    expect(lines).toEqual(line === null ? [] : [line]);
  });

  it('says nothing of a forecast where the sessions are not seen', () => {
    const forecast = { kind: 'unknown', reason: 'nothing was counted' } as const;
    const blind = snapshot([], { sessions: unseen('lost', NOW) });
    expect(renderStatus(report(blind, { forecast }), undrawn).embed?.description).not.toContain('Forecast');
  });

  it('warns loudly that numbers are too low for want of a privilege', () => {
    const missing = {
      privilege: 'pg_monitor',
      consequence: 'Sessions of others are not seen.',
      remedy: 'GRANT pg_monitor TO breakwater',
      countsAreLow: true,
    } as const;
    const state = snapshot([group()], { server: seen(serverFacts({ missingPrivileges: [missing] }), NOW) });
    const { embed } = renderStatus(report(state), undrawn);
    expect(embed?.description?.split('\n')[0]).toMatch(/too low.*GRANT pg_monitor TO breakwater/);
  });

  it('prints hostile names harmlessly', () => {
    const message = renderStatus(report(snapshot([group({ user: '@everyone `x` [a](https://b)' })])), undrawn);
    expect(field(message, 'Connections by application')).toContain('\\@\u2060everyone \\`x\\` \\[a\\](https\\://b)');
  });

  it('prints harmlessly what a hostile server and the headlines of alerts say', () => {
    const hostile = '@everyone `x` [a](https://b)';
    const harmless = '\\@\u2060everyone \\`x\\` \\[a\\](https\\://b)';
    const blind = snapshot([], {
      sessions: unseen(hostile, NOW),
      server: unseen(hostile, NOW),
      admission: seen(admission({ verdict: 'unrecognised', serverSaid: hostile }), NOW),
    });
    const alerts = [
      { rule: 'r', severity: 'warning', headline: hostile, firedAt: NOW, ownedBy: null, silenced: false },
    ] as const;
    const message = renderStatus(report(blind, { alerts }), undrawn);
    expect(message.embed?.description).toContain(`No numbers: ${harmless}`);
    expect(message.embed?.description).toContain(`“${harmless}”`);
    expect(field(message, 'Alerts')).toContain(harmless);
    expect(JSON.stringify(message)).not.toContain('@everyone');
    const unlimited = snapshot([group()], { server: unseen(hostile, NOW), admission: unseen(hostile, NOW) });
    const text = renderStatus(report(unlimited), { ok: false, reason: hostile }).embed?.description ?? '';
    expect(text.split(harmless)).toHaveLength(4);
  });

  it('gives each of forty applications its count', () => {
    const groups = Array.from({ length: 40 }, (_, index) => group({ user: `application-${index}`, count: 40 - index }));
    const { embed } = renderStatus(report(snapshot(groups)), undrawn);
    const fields = embed?.fields?.filter(({ name }) => name.startsWith('Connections by application')) ?? [];
    const text = fields.map(({ value }) => value).join('\n');
    expect(fields.every(({ value }) => value.length <= 1_024)).toBe(true);
    for (let index = 0; index < 40; index += 1) expect(text).toContain(`**application-${index}**`);
  });

  it('names the oldest transaction and the lock waits', () => {
    const groups = [group({ oldestTransactionMs: 250_000 }), group({ state: 'active', lockWaits: 3 })];
    const message = renderStatus(report(snapshot(groups)), undrawn);
    expect([field(message, 'Oldest'), field(message, 'Lock')]).toEqual(['4 min 10 s', '3 waiting']);
  });

  it('does not hide that something is silenced', () => {
    const { embed } = renderStatus(report(snapshot([group()]), { silences: 2 }), undrawn);
    expect(embed?.description).toContain('🔕 2 silences are in force: `/alert list`');
  });

  it('says who owns what fires, and what is silenced', () => {
    const base = { rule: 'r', severity: 'critical', headline: '91 of 100', firedAt: NOW } as const;
    const alerts = [
      { ...base, ownedBy: '42', silenced: false },
      { ...base, ownedBy: null, silenced: true },
    ];
    const lines = field(renderStatus(report(snapshot([group()]), { alerts }), undrawn), 'Alerts: 2 firing').split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^🔴 91 of 100 · <t:\d+:R> · owned by <@42>$/),
      expect.stringMatching(/^🔕 91 of 100 · <t:\d+:R>$/),
    ]);
  });

  it('lists what fires', () => {
    const message = renderStatus(
      report(snapshot([group()]), {
        alerts: [
          {
            rule: 'r',
            severity: 'critical',
            headline: '91 of 100 connections in use',
            firedAt: NOW,
            ownedBy: null,
            silenced: false,
          },
        ],
      }),
      undrawn,
    );
    expect(field(message, 'Alerts: 1 firing')).toContain('91 of 100 connections in use');
  });
});

describe('/help', () => {
  it('shows what the asker may do, and what not and why', () => {
    const entries = [
      { name: 'db status', description: 'See', access: 'observe' },
      { name: 'db recover', description: 'Recover', access: 'recover' },
    ];
    const { embed } = renderHelp(entries, 'respond');
    expect(embed?.description).toMatch(/^`\/db status` See\n/);
    expect(embed?.fields?.[0]?.value).toBe('`/db recover` Recover (needs `recover`)');
  });
});
