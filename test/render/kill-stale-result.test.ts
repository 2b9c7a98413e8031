import { describe, expect, it } from 'vitest';
import { countFates, type Holders, type KillResult } from '../../src/model/kill-plan.ts';
import type { TerminationFate } from '../../src/model/termination.ts';
import { renderKillCancelled, renderKillExpired } from '../../src/render/kill-stale-ended.ts';
import { renderKillProgress, renderKillResult } from '../../src/render/kill-stale-result.ts';
import { COLOURS, type Message } from '../../src/render/message.ts';
import { NOW } from '../support/builders.ts';
import { detailedSession } from '../support/detailed-session.ts';

const HOSTILE = '@everyone `x` [a](https://b)';
const undrawn = { ok: false, reason: 'no font' } as const;
const criteria = { kind: 'idle', olderThanMs: 600_000, application: null } as const;
const holders = (used: number): Holders => ({
  used,
  usable: 97,
  max: 100,
  applications: [{ name: 'site', count: used }],
});
const field = ({ embed }: Message, name: string) => embed?.fields?.find((each) => each.name === name)?.value;

function result(fates: readonly TerminationFate[], after: Holders | null, parts: Partial<KillResult> = {}): KillResult {
  const session = { ...detailedSession(), application: 'site', stateMs: 1, ageMs: 1 };
  const all = fates.map((fate, index) => ({ target: { ...session, pid: index }, fate, reason: null }));
  return {
    database: 'main',
    confirmation: '0123456789',
    requestedBy: '1',
    confirmedBy: '2',
    endedAt: NOW,
    criteria,
    fates: all,
    outcome: { ...countFates(all), before: holders(100), after, tookMs: 430, left: [] },
    knownApplications: ['site'],
    ...parts,
  };
}

describe('the result of kill-stale', () => {
  it('leads with the counts, and gives before and after, by application, and who it was', () => {
    const fates = [...Array.from({ length: 45 }, () => 'terminated' as const), 'used', 'ended'] as const;
    const message = renderKillResult(result(fates, holders(55)), undrawn);
    expect(message.embed?.title).toBe('main: terminated 45 · spared 2 · failed 0');
    expect(message.embed?.description).toContain('Confirmed by <@2>, asked for by <@1>. It took 430 ms.');
    expect(message.embed?.description).toContain(
      'In use: **100 → 55** of 100. Free for applications: **0 → 42** of 97',
    );
    expect(field(message, 'By application')).toBe('`47` site: terminated 45, spared 2');
    expect(field(message, 'Not terminated')).toBe('`1` spared: used since shown\n`1` spared: ended meanwhile');
    expect(message.embed?.colour).toBe(COLOURS.resolved);
    expect(message.embed?.description).toContain('The chart could not be drawn: no font');
    expect(message.buttons?.some(({ style }) => style === 'danger')).toBe(false);
  });

  it('lists what became of each', () => {
    const { attachments } = renderKillResult(result(['terminated', 'failed'], holders(99)), undrawn);
    const lines = new TextDecoder().decode(attachments?.[0]?.data).split('\r\n');
    expect(lines[2]).toBe('failed,,site,1,2020-12-11 11:24:00.004711+00,site,site,10.2.0.5');
  });

  it('is not green where something failed or is unknown, and says what to do', () => {
    const { embed } = renderKillResult(result(['terminated', 'failed', 'unknown'], holders(99)), undrawn);
    expect(embed?.title).toBe('main: terminated 1 · spared 0 · failed 1 · unknown 1');
    expect(embed?.colour).toBe(COLOURS.warning);
    expect(embed?.description).toMatch(/1 session failed: .*\n.*What became of 1 is not known/);
  });

  it('makes up no number where the server gave none', () => {
    const { embed } = renderKillResult(result(['terminated'], null), undrawn);
    expect(embed?.description).toContain('In use before: **100**. In use now: unknown');
  });

  it('says that the application comes back where it does', () => {
    const fates = Array.from({ length: 45 }, () => 'terminated' as const);
    const { embed } = renderKillResult(result(fates, holders(95)), undrawn);
    expect(embed?.description).toContain('About 40 have connected since');
    expect(renderKillResult(result(fates, holders(59)), undrawn).embed?.description).not.toContain('connected since');
  });
});

describe('what else a preview can become', () => {
  const ended = { id: '0123456789', database: 'main', summary: '45 sessions of site' };
  const plan = { criteria, targets: Array.from({ length: 45 }, () => ({})) } as never;

  it.each([
    ['under way', renderKillProgress({ database: 'main', plan, by: '2' }), /terminating 45 sessions…/],
    ['cancelled', renderKillCancelled(ended, '2'), /cancelled, nothing was terminated/],
    ['expired', renderKillExpired(ended), /expired, nothing was terminated/],
  ])('%s says so, with nothing red to click', (_, { embed, buttons }, title) => {
    expect(embed?.title).toMatch(title);
    expect(buttons?.filter(({ style }) => style === 'danger') ?? []).toEqual([]);
  });

  it('prints a hostile summary harmlessly', () => {
    const messages = [
      renderKillExpired({ ...ended, summary: HOSTILE }),
      renderKillCancelled({ ...ended, database: HOSTILE }, '2'),
    ];
    expect(JSON.stringify(messages.map(({ embed }) => embed))).not.toMatch(/@everyone|\]\(https:/);
  });
});
