import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closenessOf } from '../../src/alerts/closeness.ts';
import { judge } from '../../src/alerts/judge.ts';
import { loadRules } from '../../src/alerts/rule-catalogue.ts';
import connectionsApplication from '../../src/alerts/rules/connections-application.ts';
import connectionsTotal from '../../src/alerts/rules/connections-total.ts';
import { totalThresholds } from '../../src/alerts/total-thresholds.ts';
import { seen, unseen } from '../../src/model/observed.ts';
import { databaseView, group, NOW, serverFacts, settings, snapshot } from '../support/builders.ts';

const site = { name: 'site', match: { user: 'site' }, limit: 32, impact: 'site, API' };
const bot = { name: 'bot', match: { user: 'bot' }, limit: 10 };
const ofLimit = settings({ fire: { kind: 'percent', value: 100 }, clear: { kind: 'percent', value: 90 } });

describe('judging a number between two thresholds', () => {
  it.each([
    [90, 'firing'],
    [89, 'holding'],
    [80, 'holding'],
    [79, 'clear'],
  ] as const)('%i of fire 90, clear 80 is %s', (value, expected) => {
    expect(judge(value, 90, 80)).toBe(expected);
  });
});

describe('connections-total', () => {
  it.each([
    [89, 'holding'],
    [90, 'firing'],
    [79, 'clear'],
  ] as const)('judges %i sessions of max_connections 100 as %s', (count, expected) => {
    const view = databaseView([group({ count })], { applications: [site] });
    expect(connectionsTotal.evaluate(view, settings()).map(({ standing }) => standing)).toEqual([expected]);
  });

  it('fires at the last usable connection where its share of max_connections lies above', () => {
    const small = seen(serverFacts({ capacity: { max: 20, superuserReserved: 3, reserved: 0 } }), NOW);
    const standings = [16, 17].map((count) => {
      const view = databaseView([], { snapshot: snapshot([group({ count })], { server: small }), applications: [] });
      return connectionsTotal.evaluate(view, settings())[0]?.standing;
    });
    expect(standings).toEqual(['holding', 'firing']);
  });

  it('is clear only below the count at which it fires, where the share for clear lies above that', () => {
    const small = seen(serverFacts({ capacity: { max: 10, superuserReserved: 3, reserved: 0 } }), NOW);
    const standings = [6, 7].map((count) => {
      const view = databaseView([], { snapshot: snapshot([group({ count })], { server: small }), applications: [] });
      return connectionsTotal.evaluate(view, settings())[0];
    });
    expect(standings.map((finding) => finding?.standing)).toEqual(['clear', 'firing']);
    expect(totalThresholds(settings(), { max: 10, superuserReserved: 3, reserved: 0 })).toEqual({
      fireAt: 7,
      clearBelow: 7,
    });
  });

  it("counts the bot's own sessions and those that have not logged in", () => {
    const groups = [group({ count: 88 }), group({ own: true }), group({ user: null, state: 'starting' })];
    expect(connectionsTotal.evaluate(databaseView(groups, { applications: [] }), settings())[0]?.value).toBe(90);
  });

  it('names who holds the most', () => {
    const groups = [group({ user: 'metabase', count: 6 }), group({ count: 74 }), group({ own: true })];
    const [finding] = connectionsTotal.evaluate(databaseView(groups, { applications: [site] }), settings());
    expect(finding?.evidence).toBe('Most are held by site 74 (limit 32), metabase 6, breakwater 1.');
  });

  it('is unknown when the sessions are, and says why', () => {
    const view = databaseView([], {
      snapshot: snapshot([], { sessions: unseen('the server is frozen', NOW) }),
      applications: [site],
    });
    const [finding] = connectionsTotal.evaluate(view, settings());
    expect(finding).toMatchObject({ standing: 'unknown', value: null, headline: expect.stringContaining('frozen') });
  });

  it('is unknown when the limits are', () => {
    const view = databaseView([], {
      snapshot: snapshot([group()], { server: unseen('not connected', NOW) }),
      applications: [],
    });
    expect(connectionsTotal.evaluate(view, settings())[0]?.standing).toBe('unknown');
  });
});

describe('connections-application', () => {
  it('gives one finding per application with a limit, naming it', () => {
    const groups = [group({ count: 34 }), group({ user: 'bot', count: 3 }), group({ user: 'metabase', count: 20 })];
    const view = databaseView(groups, { applications: [site, bot, { name: 'metabase', match: {} }] });
    expect(connectionsApplication.evaluate(view, ofLimit).map(({ subject, standing }) => [subject, standing])).toEqual([
      ['site', 'firing'],
      ['bot', 'clear'],
    ]);
  });

  it.each([
    [32, 'firing'],
    [31, 'holding'],
    [29, 'holding'],
    [28, 'clear'],
  ] as const)('judges %i sessions of the limit 32 as %s', (count, expected) => {
    const view = databaseView([group({ count })], { applications: [site] });
    expect(connectionsApplication.evaluate(view, ofLimit)[0]?.standing).toBe(expected);
  });

  it('names the addresses they come from, the busiest first', () => {
    const groups = ['a', 'b', 'c', 'd', 'e'].map((address, index) => group({ address, count: 10 + index }));
    const view = databaseView(groups, { applications: [site] });
    expect(connectionsApplication.evaluate(view, ofLimit)[0]?.evidence).toBe(
      'They come from e (14), d (13), c (12), b (11) and 1 more.',
    );
  });

  it('is clear, not silent, for an application that has gone altogether', () => {
    const view = databaseView([], { applications: [site] });
    expect(connectionsApplication.evaluate(view, ofLimit)[0]).toMatchObject({ subject: 'site', standing: 'clear' });
  });

  it('is unknown for each application when the sessions are', () => {
    const view = databaseView([], {
      snapshot: snapshot([], { sessions: unseen('no answer', NOW) }),
      applications: [site, bot],
    });
    expect(connectionsApplication.evaluate(view, ofLimit).map(({ standing }) => standing)).toEqual([
      'unknown',
      'unknown',
    ]);
  });
});

describe('counts that are too low for want of a privilege', () => {
  const missing = { privilege: 'pg_monitor', consequence: '', remedy: '', countsAreLow: true } as const;
  const low = { server: seen(serverFacts({ missingPrivileges: [missing] }), NOW) };

  it.each([
    [10, 'unknown'],
    [85, 'unknown'],
    [91, 'firing'],
  ] as const)('of %i in total are %s: never clear', (count, expected) => {
    const view = databaseView([], { snapshot: snapshot([group({ count })], low), applications: [] });
    expect(connectionsTotal.evaluate(view, settings())[0]).toMatchObject({
      standing: expected,
      headline: expect.stringContaining(`at least ${count} of 100`),
    });
  });

  it.each([
    [10, 'unknown'],
    [32, 'firing'],
  ] as const)('of %i of one application are %s: never clear', (count, expected) => {
    const view = databaseView([], { snapshot: snapshot([group({ count })], low), applications: [site] });
    expect(connectionsApplication.evaluate(view, ofLimit)[0]?.standing).toBe(expected);
  });
});

describe('closeness to the nearest threshold', () => {
  it('is the largest share, and unknown counts as far', () => {
    const view = databaseView([group({ count: 16 })], { applications: [site] });
    const judgements = [connectionsTotal, connectionsApplication].map((rule) => ({
      rule: rule.id,
      database: 'main',
      settings: settings(),
      findings: rule.evaluate(view, rule === connectionsTotal ? settings() : ofLimit),
    }));
    expect(closenessOf(judgements, [connectionsTotal, connectionsApplication])).toBe(0.5);
    expect(closenessOf([], [])).toBe(0);
  });
});

describe('the catalogue of rules', () => {
  it('finds the rules by directory', async () => {
    const ids = (await loadRules()).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['connections-application', 'connections-total']));
  });

  it('fails loudly, naming every faulty file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'breakwater-rules-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, 'empty.ts'), 'export {};\n');
    await writeFile(join(directory, 'misnamed.ts'), 'export default { id: "other" };\n');
    await writeFile(join(directory, 'broken.ts'), 'export default (;\n');
    const loading = loadRules(pathToFileURL(`${directory}/`));
    await expect(loading).rejects.toThrow(
      /broken\.ts[\s\S]*empty\.ts: has no default export[\s\S]*misnamed\.ts: its id/,
    );
  });
});
