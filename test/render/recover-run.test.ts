import { describe, expect, it } from 'vitest';
import type { RunMode, StopReason } from '../../src/recovery/run.ts';
import { COLOURS, type Message } from '../../src/render/message.ts';
import { renderRun } from '../../src/render/recover-message.ts';
import { NOW } from '../support/builders.ts';
import { APPROVED, FULL, RESTART, runView } from '../support/recovery-views.ts';

type Parts = Parameters<typeof runView>[1];

const APPROVED_RUN = { run: { approval: APPROVED, stops: 3 } };
const HELD = ['default/deployment/site (2 replicas)'];
const TO_UNDO = RESTART.slice(2, 4).toReversed();
const FAILED: StopReason = { kind: 'failed', step: 'prove-stopped', reason: 'the old pod is still there after 2 min' };

const labels = ({ buttons = [] }: Message) => buttons.map(({ label }) => label);
const running = (parts: Parts = {}, abortAsked: string | null = null, mode: RunMode = 'steps') =>
  renderRun(runView({ kind: 'running', abortAsked }, { ...parts, run: { ...APPROVED_RUN.run, mode, ...parts.run } }));
const stopped = (why: StopReason, parts: Parts = {}) =>
  renderRun(
    runView(
      { kind: 'stopped', at: NOW, why },
      { ...APPROVED_RUN, progress: ['done', 'done', 'done', 'done', 'failed'], ...parts },
    ),
  );

describe('the progress', () => {
  it('shows each step with its mark, how long, and what it saw; what is under way and what is next', () => {
    const { embed } = running({ progress: ['done', 'skipped', 'done', 'acting'], held: HELD });
    expect(embed?.title).toBe('main: restart at step 4 of 9');
    expect(embed?.description).toContain(`⏳ **Scale postgres to 0**, begun <t:${Math.floor(NOW / 1_000) - 12}:R>`);
    expect(embed?.description).toContain('Next: Prove that the old server is gone');
    expect(embed?.description).toContain('**Clients are held:** site (2 replicas)');
    expect(embed?.description).toMatch(/✅ Capture the evidence.* · 10 s\n-# as it should be/);
    expect(embed?.description).toContain('⏭️ Check that a backup younger than 26 h succeeded · skipped · 10 s');
    expect(embed?.description).toContain('⏳ Scale postgres to 0 · 12 s\n-# 1 pod of 1 is still there');
    expect(embed?.description).toContain('▫️ Prove that the old server is gone\n');
  });

  it('says who approved it, and why the glass was broken', () => {
    expect(running().embed?.description).toContain('Approved by <@222>');
    const broken = { by: '111', at: NOW, how: 'broke-glass', reason: 'nobody *else* is awake' } as const;
    const { embed } = running({ run: { approval: broken } });
    expect(embed?.description).toContain('**Glass broken** by <@111>');
    expect(embed?.description).toContain('nobody \\*else\\* is awake');
  });

  it('can be aborted once, and what gives clients back cannot', () => {
    expect(running().buttons).toEqual([{ id: 'db.recover:abort:0123456789', label: 'Abort', style: 'danger' }]);
    expect(labels(running({}, '111'))).toEqual([]);
    expect(running({}, '111').embed?.description).toContain('<@111> asked to abort: it stops after this step.');
    expect(labels(running({}, null, 'undo'))).toEqual(['Abort']);
    expect(labels(running({}, null, 'release'))).toEqual([]);
  });
});

describe('what is let in or taken back', () => {
  it('is what is under way, and not what it had stopped at', () => {
    const { embed } = running(
      { progress: ['done', 'done', 'acting', 'done', 'unknown'], undo: [RESTART[2]].flatMap((step) => step ?? []) },
      null,
      'release',
    );
    expect(embed?.description).toMatch(/^⏳ \*\*Hold site: scale it to 0\*\*, begun <t:/);
    expect(embed?.description).not.toContain('Next:');
  });
});

describe('a run that has stopped', () => {
  it('leads with the clients that are held, then what is true, then why', () => {
    const { embed } = stopped(FAILED, { held: HELD, observed: ['postgres has 0 replicas'] });
    expect(embed?.title).toBe('main: restart stopped at step 5 of 9; clients are held');
    const lines = embed?.description?.split('\n') ?? [];
    expect(lines[0]).toContain('**Clients are held:** site (2 replicas).');
    expect(lines[1]).toBe('**True now:** postgres has 0 replicas');
    expect(lines[2]).toContain('**Prove that the old server is gone**: the old pod is still there');
  });

  it.each<[string, StopReason, Parts, readonly string[]]>([
    ['nothing held', FAILED, {}, ['Retry', 'Abort']],
    [
      'all there is',
      FAILED,
      { held: HELD, skip: 'It is not known.', undo: TO_UNDO },
      ['Release clients', 'Retry', 'Skip', 'Undo 2 steps', 'Abort'],
    ],
    ['one to undo', { ...FAILED, kind: 'unknown' }, { undo: TO_UNDO.slice(1) }, ['Retry', 'Undo 1 step', 'Abort']],
    ['aborted', { kind: 'aborted', by: '1' }, { held: HELD, skip: 'x' }, ['Release clients', 'Resume', 'Abort']],
    [
      'interrupted',
      { kind: 'interrupted' },
      { held: HELD, skip: 'x', undo: TO_UNDO },
      ['Resume', 'Release clients', 'Undo 2 steps', 'Abort'],
    ],
    ['the journal', { kind: 'journal', reason: 'disk full' }, { held: HELD }, ['Resume', 'Release clients', 'Abort']],
  ])('offers what may be done: %s', (_, why, parts, expected) => {
    const message = stopped(why, parts);
    expect(labels(message)).toEqual(expected);
    // Each button is explained, in its order.
    const explained = [...(message.embed?.description ?? '').matchAll(/^\*\*([^*]+)\*\*: /gm)].map(
      ([, label]) => label,
    );
    expect(explained).toEqual(expected);
  });

  it.each(['undo', 'release'] as const)('offers the plan as the way out of the mode %s', (mode) => {
    const run = { ...APPROVED_RUN.run, mode };
    const message = stopped(FAILED, { held: HELD, undo: TO_UNDO, run });
    expect(labels(message)).toEqual(['Release clients', 'Retry', 'Resume', 'Undo 2 steps', 'Abort']);
    expect(message.embed?.description).toMatch(/\*\*Retry\*\*.*\n\*\*Resume\*\*: leaves that be/);
  });

  it('has buttons of this very stop', () => {
    const { buttons = [] } = stopped(FAILED, { held: HELD, skip: 'x', undo: TO_UNDO });
    expect(buttons.map(({ id }) => id)).toEqual(
      ['release', 'retry', 'skip', 'undo', 'end'].map((action) => `db.recover:${action}:0123456789:3`),
    );
  });

  it('says what is risked by leaving the step out', () => {
    expect(stopped(FAILED, { skip: 'Nobody would notice.' }).embed?.description).toContain(
      '**Skip**: leaves this step out. Nobody would notice.',
    );
  });

  it('does not pass an outcome that is unknown off as a failure', () => {
    const { embed } = stopped({ kind: 'unknown', step: 'stop-server', reason: 'no answer within 10 s' });
    expect(embed?.description).toContain('**Outcome unknown:** **Scale postgres to 0**: no answer');
    expect(embed?.description).toContain('It may have been done');
  });

  it('says that nothing goes on by itself after the bot ended in the middle', () => {
    const { embed } = stopped({ kind: 'interrupted' }, { progress: ['done', 'done', 'acting'] });
    expect(embed?.title).toBe('main: restart interrupted at step 3 of 9');
    expect(embed?.description).toContain('Nothing goes on by itself.');
  });

  it('gives the commands to go on by hand, in the message as far as they fit and in full as a file', () => {
    const { embed, attachments = [] } = stopped(FAILED, { byHand: RESTART.slice(4) });
    const field = embed?.fields?.find(({ name }) => name === 'Go on by hand')?.value;
    expect(field).toContain('kubectl get pods --selector app=postgres');
    const [file] = attachments;
    const text = new TextDecoder().decode(file?.data);
    for (const { commands } of RESTART.slice(4)) expect(text).toContain(`\`\`\`sh\n${commands[0]?.run}\n\`\`\``);
  });
});

describe('what became of it', () => {
  it('says how long it took, and what was true before and is now', () => {
    const view = runView(
      { kind: 'done', at: NOW },
      {
        ...APPROVED_RUN,
        progress: RESTART.map(() => 'done' as const),
        before: FULL.headline,
        observed: ['New connections get in'],
      },
    );
    const { embed } = renderRun(view);
    expect(embed?.title).toBe('main: restart done in 50 s');
    expect(embed?.description).toMatch(/^\*\*Before:\*\* The server takes .*\n\*\*Now:\*\* New connections get in\n/);
    expect(embed?.description).not.toContain('skipped');
  });

  it('does not call a run whole whose steps were skipped', () => {
    const { embed } = renderRun(runView({ kind: 'done', at: NOW }, { ...APPROVED_RUN, progress: ['skipped'] }));
    expect(embed?.description).toContain('⚠️ **Skipped, so look yourself:** Capture the evidence');
    expect(embed?.colour).toBe(COLOURS.warning);
  });

  it('still says that clients are held when it is given up, and how to go on by hand', () => {
    const message = renderRun(
      runView(
        { kind: 'ended', at: NOW, by: '111', undone: false },
        { ...APPROVED_RUN, progress: ['done', 'done'], held: HELD, byHand: RESTART.slice(2) },
      ),
    );
    expect(message.embed?.title).toBe('main: restart given up after 2 of 9 steps; clients are held');
    expect(message.embed?.description).toContain('**Clients are still held:** site');
    expect(message.attachments).toHaveLength(1);
  });

  it.each([
    [{ kind: 'cancelled', by: '111', at: NOW }, 'cancelled', 'Cancelled by <@111>'],
    [{ kind: 'expired', at: NOW }, 'expired', 'Nobody approved it by'],
    [{ kind: 'superseded', at: NOW, next: 'aaaabbbbcc', reasons: [] }, 'superseded', '`aaaabbbbcc`'],
    [{ kind: 'superseded', at: NOW, next: null, reasons: ['It is gone.'] }, 'refused', '- It is gone.'],
  ] as const)('says that nothing was done, and can be acted on no more: %o', (state, word, fact) => {
    const message = renderRun(runView(state));
    expect(message.embed?.title).toBe(`main: restart ${word}, nothing was done`);
    expect(message.embed?.description).toContain(fact);
    expect(message.buttons?.map(({ id }) => id)).toEqual(['db.status:show:main', 'db.recover:show:main:']);
  });

  it('says what is left in force when it is given up', () => {
    const ended = (undone: boolean) =>
      renderRun(
        runView(
          { kind: 'ended', at: NOW, by: '111', undone },
          { ...APPROVED_RUN, progress: ['done', 'done', 'done', 'done'], undo: TO_UNDO },
        ),
      ).embed;
    expect(ended(false)?.description).toContain('**Not taken back:** Hold site: scale it to 0; Scale postgres to 0');
    expect(ended(false)?.colour).toBe(COLOURS.critical);
    expect(ended(true)?.description).not.toContain('Not taken back');
  });

  it('says that it was undone', () => {
    const view = runView(
      { kind: 'ended', at: NOW, by: '111', undone: true },
      { ...APPROVED_RUN, progress: ['done', 'undone'] },
    );
    expect(renderRun(view).embed?.title).toBe('main: restart undone');
    expect(renderRun(view).embed?.description).toContain('↩️ Check that a backup younger than 26 h succeeded · undone');
  });
});
