import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/recovery/diagnosis.ts';
import type { Message } from '../../src/render/message.ts';
import { renderRecoverAnswer, renderRun } from '../../src/render/recover-message.ts';
import { shortenNames } from '../../src/render/short-names.ts';
import { NOW } from '../support/builders.ts';
import { FULL, manual, RESTART, runView } from '../support/recovery-views.ts';

const REQUESTED = { kind: 'requested' } as const;

const labels = ({ buttons = [] }: Message) => buttons.map(({ label }) => label);
const ids = ({ buttons = [] }: Message) => buttons.map(({ id }) => id);
const textOf = ({ embed }: Message) =>
  [embed?.title, embed?.description, ...(embed?.fields ?? []).flatMap(({ name, value }) => [name, value])].join('\n');

const CAP = [
  manual('cap-role', 'Limit role site to 32 connections', 'psql'),
  manual('terminate-sessions', 'End the idle sessions of site', 'psql', { sessions: [1, 2, 3] }),
];

describe('a request', () => {
  it('says what was found and why, what would be done step by step, and what clients notice', () => {
    const message = renderRun(runView(REQUESTED), { diagnosis: FULL, because: null });
    expect(message.embed?.title).toBe('main: restart waits for approval');
    const text = textOf(message);
    for (const fact of [FULL.headline, ...FULL.reasons, ...RESTART.map(({ title }) => shortenNames(title, RESTART))]) {
      expect(text).toContain(fact);
    }
    expect(text).toContain('Everybody is disconnected for about a minute.');
    expect(text).toContain('In 9 steps'.toLowerCase());
    expect(message.attachments?.map(({ name }) => name)).toEqual(['by-hand.md']);
  });

  it('says who may approve it and until when, in Discord timestamps', () => {
    const { embed } = renderRun(runView(REQUESTED));
    const until = Math.floor(NOW / 1_000) + 540;
    expect(embed?.description).toContain('Asked for by <@111>: **another** member with `recover` may approve it');
    expect(embed?.description).toContain(`until <t:${until}:T> (<t:${until}:R>)`);
  });

  it('carries its id and the hash of what was shown, Cancel left and the act right', () => {
    const { buttons = [] } = renderRun(runView(REQUESTED));
    expect(buttons.map(({ id, label, style }) => [id, label, style])).toEqual([
      ['db.recover:cancel:0123456789:abcdef0123456789', 'Cancel', 'quiet'],
      ['db.recover:approve:0123456789:abcdef0123456789', 'Approve', 'danger'],
    ]);
  });

  it('offers to break the glass from its moment on, and not before', () => {
    const at = NOW + 60_000;
    expect(labels(renderRun(runView(REQUESTED, { now: at - 1 })))).toEqual(['Cancel', 'Approve']);
    const later = renderRun(runView(REQUESTED, { now: at }));
    expect(labels(later)).toEqual(['Cancel', 'Approve', 'Break glass']);
    expect(ids(later)[2]).toBe('db.recover:break-glass:0123456789:abcdef0123456789');
    const never = runView(REQUESTED, { now: at, run: { policy: 'typed', breakGlassAt: null } });
    expect(labels(renderRun(never))).toEqual(['Cancel', 'Approve']);
  });

  it('asks in a form where words are to be typed: for the policy, and for an override', () => {
    const typed = renderRun(runView(REQUESTED, { run: { policy: 'typed', breakGlassAt: null } }));
    const overridden = renderRun(
      runView(REQUESTED, { plan: { overrides: [{ word: 'old backup', because: 'It is 31 h old.' }] } }),
    );
    for (const message of [typed, overridden]) expect(ids(message)[1]).toMatch(/^db\.recover:approve-typed:/);
    expect(textOf(overridden)).toContain('To be typed on approval: `old backup`. It is 31 h old.');
    expect(textOf(typed)).toContain("approved by typing the database's name");
  });

  it.each([
    [CAP, 'Limit role site to 32 connections'],
    [[manual('restart-rollout:default/deployment/site', 'x', 'y')], 'Restart site'],
    [[manual('stop-application:default/deployment/site', 'x', 'y')], 'Restart site'],
    [[manual('terminate-stale', 'x', 'y')], 'Approve'],
  ])('names the act on the button that one member clicks for themselves', (steps, label) => {
    const view = runView(REQUESTED, { steps, run: { policy: 'own', breakGlassAt: null } });
    expect(labels(renderRun(view))).toEqual(['Cancel', label]);
    expect(renderRun(view).embed?.description).toContain('any member with `recover` may confirm it');
  });

  it('counts what was shown with a step and moves by itself', () => {
    expect(textOf(renderRun(runView(REQUESTED, { steps: CAP })))).toContain(
      'End the idle sessions of site · **3** sessions now',
    );
  });

  it('calls out each warning, and why it is not what was approved', () => {
    const view = runView(REQUESTED, { plan: { warnings: ['site has an autoscaler', 'Argo CD owns bot'] } });
    const text = textOf(renderRun(view, { diagnosis: null, because: 'It has 2 replicas now.' }));
    expect(text).toContain('⚠️ site has an autoscaler\n⚠️ Argo CD owns bot');
    expect(text).toContain('**Not what was approved:** It has 2 replicas now.');
  });

  it('offers the next rung under a recommendation, and none above restart', () => {
    const offered = (strategy: 'cap-application' | 'restart') =>
      ids(renderRun(runView(REQUESTED, { plan: { strategy } }), { diagnosis: FULL, because: null })).filter((id) =>
        id.startsWith('db.recover:choose:'),
      );
    expect(offered('cap-application')).toEqual(['db.recover:choose:main:restart-application']);
    expect(offered('restart')).toEqual([]);
  });

  it('can be approved by nobody where only one sees it, and says where to ask', () => {
    const message = renderRecoverAnswer({ kind: 'plan', view: runView(REQUESTED), diagnosis: FULL });
    expect(message.embed?.title).toBe('main: restart would do this');
    expect(message.embed?.description).not.toContain('not what fits');
    expect(message.embed?.description).toContain(
      'Run `/db recover database:main strategy:restart` in the alert channel',
    );
    expect(ids(message)).toEqual(['db.status:show:main', 'db.recover:show:main:']);
  });

  it('says of which application it is, in its title and in what is to be typed', () => {
    const plan = { strategy: 'restart-application', target: 'site' } as const;
    const { embed } = renderRecoverAnswer({ kind: 'plan', view: runView(REQUESTED, { plan }), diagnosis: null });
    expect(embed?.title).toBe('main: restart-application of site would do this');
    expect(embed?.description).toContain('strategy:restart-application application:site` in');
  });

  it.each<[Diagnosis['advice'], string]>([
    [{ kind: 'nothing' }, 'nothing needs to be done'],
    [{ kind: 'wait', until: 'until it is ready' }, 'wait until it is ready'],
    [{ kind: 'recover', strategy: 'cap-application', target: 'site' }, 'cap-application'],
    [{ kind: 'by-hand', todo: ['x'] }, 'people must act'],
  ])('says where it was asked for and is not what fits: %o', (advice, words) => {
    const { embed } = renderRun(runView(REQUESTED), { diagnosis: { ...FULL, advice }, because: null });
    expect(embed?.description).toContain(`⚠️ **\`restart\` is not what fits:** ${words}`);
  });
});
