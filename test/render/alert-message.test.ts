import { describe, expect, it } from 'vitest';
import { OWN_SCOPE } from '../../src/model/source-state.ts';
import { renderAlert } from '../../src/render/alert-message.ts';
import { COLOURS } from '../../src/render/message.ts';
import { referTo } from '../../src/render/name-reference.ts';
import { alert, finding, NOW } from '../support/builders.ts';

describe('the message of an alert', () => {
  const input = { firstStep: 'Look.', onCallRole: '42', chart: null };

  it('pings the on-call role in the content of a critical one that fires', () => {
    const message = renderAlert({ ...input, alert: alert() });
    expect(message.content).toBe('<@&42> **main**: 91 of 100 connections in use, 97 usable');
    expect(message.pingRoles).toEqual(['42']);
  });

  it.each([
    ['a warning', alert({ severity: 'warning' })],
    ['a resolved one', alert({ state: 'resolved', resolvedAt: NOW + 1 })],
  ])('never pings for %s', (_, quiet) => {
    const message = renderAlert({ ...input, alert: quiet });
    expect(message.pingRoles).toBeUndefined();
    expect(message.content ?? '').not.toContain('<@&');
  });

  it('carries its state in the title and its key in the footer', () => {
    const firing = renderAlert({ ...input, alert: alert() });
    const resolved = renderAlert({ ...input, alert: alert({ state: 'resolved', resolvedAt: NOW + 90_000 }) });
    expect([firing.embed?.title, resolved.embed?.title]).toEqual([
      expect.stringMatching(/firing: 91 of 100/),
      expect.stringMatching(/resolved: 91 of 100/),
    ]);
    expect(firing.embed?.footer).toBe('connections-total · main · total');
    expect(resolved.embed?.description).toContain('Lasted 1 min 30 s');
    expect(resolved.embed?.colour).toBe(COLOURS.resolved);
  });

  it('says where to look, harmlessly, while it fires', () => {
    const evidence = 'Most are held by @everyone 74 (limit 32).';
    const firing = renderAlert({ ...input, alert: alert({ finding: finding({ evidence }) }) });
    const over = renderAlert({
      ...input,
      alert: alert({ state: 'resolved', resolvedAt: NOW, finding: finding({ evidence }) }),
    });
    expect(firing.embed?.description).toContain('Most are held by \\@\u2060everyone 74');
    expect(over.embed?.description).not.toContain('Most are held by');
  });

  it('does not take what belongs to no watched database for a fault of the bot', () => {
    const headline = 'wiki: answers 503 Service Unavailable';
    const { content, embed } = renderAlert({
      ...input,
      alert: alert({ rule: 'service-down', database: 'breakwater', subject: 'wiki', finding: finding({ headline }) }),
    });
    expect(content).toBe(`<@&42> ${headline}`);
    expect(embed?.fields?.find(({ name }) => name === 'Database')?.value).toBe('none');
  });

  it('prints hostile names harmlessly, in the content, the title and every field', () => {
    const hostile = '@everyone `x` [a](https://b)';
    const message = renderAlert({
      ...input,
      alert: alert({
        database: hostile,
        key: hostile,
        finding: finding({ headline: hostile, evidence: hostile, impact: hostile }),
        blind: { since: NOW, reason: hostile },
      }),
    });
    const { footer, ...shown } = message.embed ?? { footer: undefined };
    // A footer shows no Markdown and pings nobody.
    expect(footer).toBe(hostile);
    const harmless = '\\@\u2060everyone \\`x\\` \\[a\\](https\\://b)';
    expect(message.content).toBe(`<@&42> **${harmless}**: ${harmless}`);
    expect(JSON.stringify(shown).split(JSON.stringify(harmless).slice(1, -1))).toHaveLength(6);
    expect(JSON.stringify([message.content, shown])).not.toContain('@everyone');
  });

  it('says what to do first and what people lose', () => {
    const { embed } = renderAlert({ ...input, alert: alert({ finding: finding({ impact: 'voice gate' }) }) });
    expect(embed?.description).toContain('Look.');
    expect(embed?.fields?.find(({ name }) => name === 'Affects')?.value).toBe('voice gate');
  });

  it('says that it is blind, and that blind is not resolved', () => {
    const blind = alert({ blind: { since: NOW, reason: 'the connections are unknown: no answer' } });
    expect(renderAlert({ ...input, alert: blind }).embed?.description).toMatch(
      /Not resolved, only unseen \(<t:.*no answer/,
    );
  });

  it('offers to own it and to quieten it, each by the id of this occurrence, and to look', () => {
    const ids = renderAlert({ ...input, alert: alert() }).buttons?.map(({ id, label }) => [label, id]);
    expect(ids).toEqual([
      ['Acknowledge', 'alert.ack:now:a1b2c3d4e5'],
      ['Silence 1 h', 'alert.silence:hour:a1b2c3d4e5'],
      ['Status', 'db.status:show:main:a1b2c3d4e5.1'],
      ['Kill stale…', 'db.kill-stale:show:main::a1b2c3d4e5.1'],
      ['Recover…', 'db.recover:show:main:a1b2c3d4e5.1'],
    ]);
  });

  it('offers a recovery where a rung may put it right, and nowhere else', () => {
    const offers = (rule: string, database = 'main') =>
      renderAlert({ ...input, alert: alert({ rule, database }) }).buttons?.some(({ label }) => label === 'Recover…');
    const may = ['database-unreachable', 'connections-rising', 'workload-unhealthy', 'node-not-ready'];
    expect(may.map((rule) => offers(rule))).toEqual(may.map(() => true));
    expect(['database-recovering', 'lock-waits', 'backup-stale'].map((rule) => offers(rule))).toEqual([
      false,
      false,
      false,
    ]);
    expect(offers('database-unreachable', OWN_SCOPE)).toBe(false);
  });

  it('offers to look at the locks where sessions wait for them, with its letter', () => {
    const waits = alert({ rule: 'lock-waits', database: 'x'.repeat(63) });
    const locks = renderAlert({ ...input, alert: waits }).buttons?.find(({ label }) => label === 'Locks');
    expect(locks?.id).toBe(`db.locks:show:${referTo('x'.repeat(63))}:a1b2c3d4e5.1`);
    expect(renderAlert({ ...input, alert: alert() }).buttons).not.toContainEqual(locks);
  });

  it.each([
    [
      'acknowledged',
      { acknowledged: { by: '42', at: NOW } },
      /acknowledged: 91/,
      ['Hand back', 'Silence 1 h', 'Status', 'Kill stale…', 'Recover…'],
    ],
    [
      'silenced',
      { silenced: { by: '42', until: NOW + 1 } },
      /silenced: 91/,
      ['Acknowledge', 'Unsilence', 'Status', 'Kill stale…', 'Recover…'],
    ],
    ['resolved', { state: 'resolved', resolvedAt: NOW + 1 }, /resolved: 91/, ['Status']],
  ] as const)('when %s says so in its title, with the buttons that make sense', (_, parts, title, labels) => {
    const { embed, buttons } = renderAlert({ ...input, alert: alert(parts) });
    expect(embed?.title).toMatch(title);
    expect(buttons?.map(({ label }) => label)).toEqual(labels);
  });

  it('names who owns it, and who asked for quiet until when', () => {
    const owned = alert({ acknowledged: { by: '42', at: NOW }, silenced: { by: '43', until: NOW } });
    const { embed, content } = renderAlert({ ...input, alert: owned });
    expect(embed?.description).toContain(`acknowledged by <@42> <t:${NOW / 1_000}:R>`);
    expect(embed?.description).toContain(`Silenced by <@43> until <t:${NOW / 1_000}:f>`);
    expect(content).not.toContain('<@&');
  });

  it('says last which alert keeps it quiet, and a cause says which symptoms it keeps quiet', () => {
    const muted = alert({ muted: { by: 'database-unreachable · main · clients', mutes: 'repeats' } });
    const lines = renderAlert({ ...input, alert: muted }).embed?.description?.split('\n');
    expect(lines?.at(-1)).toBe('-# Kept quiet while `database-unreachable · main · clients` fires.');
    const cause = renderAlert({ ...input, alert: alert(), symptoms: ['website answers 524', '@everyone'] });
    expect(cause.embed?.description).toMatch(/keeps quiet, 2 other alerts:\n- website answers 524\n- \\@/);
  });

  it('of stale backups opens them, and carries its letter there', () => {
    const { buttons } = renderAlert({ ...input, alert: alert({ rule: 'backup-stale' }) });
    expect(buttons?.find(({ label }) => label === 'Backups')?.id).toBe('db.backup-status:show:main:a1b2c3d4e5.1');
  });

  it('that was posted again below is grey, without buttons, and pings nobody', () => {
    const { embed, buttons, pingRoles } = renderAlert({ ...input, alert: alert(), superseded: true });
    expect([embed?.title, buttons, pingRoles]).toEqual([expect.stringMatching(/posted again below/), [], undefined]);
  });

  it('says why it ended where nobody saw it end', () => {
    const over = alert({ state: 'resolved', resolvedAt: NOW, ending: 'Not heard of for a day.' });
    expect(renderAlert({ ...input, alert: over }).embed?.description).toContain('Not heard of for a day.');
  });

  it('leads with what to do first in this very case', () => {
    const special = alert({ finding: finding({ firstStep: 'Wait.' }) });
    expect(renderAlert({ ...input, alert: special }).embed?.description).toContain('**First:** Wait.');
  });

  it.each([
    ['count', 91, '91'],
    ['duration', 250_000, '4 min 10 s'],
    ['bytes', 10 * 2 ** 30, '10 GiB'],
    [undefined, 91, undefined],
  ] as const)('gives the peak of a %s in its unit', (unit, peak, shown) => {
    const { embed } = renderAlert({ ...input, alert: alert({ peak, finding: finding({ ...(unit && { unit }) }) }) });
    expect(embed?.fields?.find(({ name }) => name === 'Peak')?.value).toBe(shown);
  });

  it.each([
    ['connections-application', 'main', 'site', 'db.kill-stale:show:main:site:a1b2c3d4e5.1'],
    ['database-unreachable', 'main', 'clients', 'db.kill-stale:show:main::a1b2c3d4e5.1'],
    ['long-transaction', 'main', 'transactions', 'db.kill-stale:show:main::a1b2c3d4e5.1'],
    ['wraparound', 'main', 'site', undefined],
    ['service-down', 'main', 'website', undefined],
    ['connections-total', 'breakwater', 'total', undefined],
    ['alertmanager', 'main', 'ConnectionsHigh', undefined],
  ])('of %s on %s about %s offers to look at stale sessions: %s', (rule, database, subject, expected) => {
    const { buttons } = renderAlert({ ...input, alert: alert({ rule, database, subject }) });
    expect(buttons?.find(({ label }) => label === 'Kill stale…')?.id).toBe(expected);
  });

  it('fits its button where the name of the database is long and strange', () => {
    const ids = renderAlert({ ...input, alert: alert({ database: 'ü'.repeat(63) }) }).buttons?.map(
      ({ id }) => id.length,
    );
    expect(Math.max(...(ids ?? []))).toBeLessThanOrEqual(100);
  });
});
