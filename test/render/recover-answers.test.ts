import { describe, expect, it } from 'vitest';
import { fitForm } from '../../src/discord/fit-form.ts';
import type { Diagnosis } from '../../src/recovery/diagnosis.ts';
import { withDiagnosis } from '../../src/render/recover-diagnosis.ts';
import { readReason, readTyped, renderApproveForm, renderBreakGlassForm } from '../../src/render/recover-forms.ts';
import { renderRecoverAnswer } from '../../src/render/recover-message.ts';
import { NOW } from '../support/builders.ts';
import { FULL, RESTART, runView } from '../support/recovery-views.ts';

function advise(advice: Diagnosis['advice']) {
  return renderRecoverAnswer({ kind: 'advice', database: 'main', diagnosis: { ...FULL, advice }, at: NOW });
}

describe('a refusal', () => {
  it('says one cause of several once, and before what comes of it', () => {
    const reasons = ['Pods cannot be read: no answer.', 'The claim cannot be read: no answer', 'It is at 0.'];
    const message = renderRecoverAnswer({
      kind: 'refused',
      database: 'main',
      strategy: 'restart',
      reasons,
      diagnosis: FULL,
      manual: [],
    });
    expect(message.embed?.description?.split('\n').slice(0, 2)).toEqual([
      '- no answer, so pods cannot be read; the claim cannot be read.',
      '- It is at 0.',
    ]);
  });
});

describe('advice', () => {
  it.each<[Diagnosis['advice'], string, string]>([
    [
      { kind: 'wait', until: 'until the canary gets in' },
      'main: wait, do not recover',
      '**Wait** until the canary gets in.',
    ],
    [{ kind: 'nothing' }, 'main: nothing to recover', FULL.headline],
    [
      { kind: 'by-hand', todo: ['Enlarge the claim.', 'Look again.'] },
      'main: no recovery mends this; people must',
      '- Enlarge the claim.\n- Look again.',
    ],
    [{ kind: 'recover', strategy: 'restart', target: null }, 'main: restart is recommended', FULL.headline],
  ])('leads with it, and says why: %o', (advice, title, fact) => {
    const message = advise(advice);
    expect(message.embed?.title).toBe(title);
    expect(message.embed?.description).toContain(fact);
    for (const reason of FULL.reasons) expect(message.embed?.description).toContain(`- ${reason}`);
  });

  it('offers to look again, and a plan only where one is recommended', () => {
    const ids = (advice: Diagnosis['advice']) => advise(advice).buttons?.map(({ id }) => id);
    expect(ids({ kind: 'wait', until: 'x' })).toEqual(['db.status:show:main', 'db.recover:show:main:']);
    expect(ids({ kind: 'recover', strategy: 'restart', target: null })).toContain('db.recover:choose:main:restart');
  });
});

describe('a refusal', () => {
  const refuse = (strategy: 'restart' | 'remount', manual = RESTART) =>
    renderRecoverAnswer({
      kind: 'refused',
      database: 'main',
      strategy,
      reasons: ['No pod is there. Look at the provider.'],
      diagnosis: FULL,
      manual,
    });

  it('says what is missing, what is true, and hands out how it is done by hand', () => {
    const { embed, attachments } = refuse('remount');
    expect(embed?.title).toBe('main: remount refused, nothing was done');
    expect(embed?.description).toMatch(/^- No pod is there\. Look at the provider\./);
    expect(embed?.description).toContain(FULL.headline);
    expect(embed?.description).toContain('by-hand.md');
    expect(attachments?.map(({ name }) => name)).toEqual(['by-hand.md']);
  });

  it('offers what fits instead, never what was refused', () => {
    expect(refuse('remount').buttons?.map(({ id }) => id)).toContain('db.recover:choose:main:restart');
    expect(refuse('restart').buttons?.map(({ id }) => id)).not.toContain('db.recover:choose:main:restart');
  });

  it('promises no file where there is none', () => {
    expect(refuse('remount', []).embed?.description).not.toContain('by-hand.md');
    expect(refuse('remount', []).attachments).toEqual([]);
  });
});

describe("another command's answer", () => {
  it('stands under the diagnosis that led to it', () => {
    const shown = { embed: { title: 't', colour: 0, description: 'the preview' }, buttons: [] };
    expect(withDiagnosis(shown, FULL).embed?.description).toMatch(
      /^\*\*The server takes[^]*nothing gentler[^]*\n\nthe preview$/,
    );
    expect(withDiagnosis(shown, null)).toBe(shown);
  });
});

describe('the forms', () => {
  const OVERRIDES = ['old backup', 'two pods'].map((word) => ({ word, because: 'It is a risk.' }));
  const run = (policy: 'typed' | 'two-person', overrides = OVERRIDES) =>
    runView({ kind: 'requested' }, { run: { policy }, plan: { overrides } }).run;

  it('ask for the name where the policy says so, and for each word', () => {
    const fields = (form: ReturnType<typeof renderApproveForm>) => form.fields.map(({ label }) => label);
    expect(fields(renderApproveForm(run('typed')))).toEqual([
      "Type the database's name",
      'Type: old backup',
      'Type: two pods',
    ]);
    expect(fields(renderApproveForm(run('two-person')))).toEqual(['Type: old backup', 'Type: two pods']);
    expect(fields(renderBreakGlassForm(run('two-person', [])))).toEqual([
      "Type the database's name",
      'Why nobody else can approve it',
    ]);
  });

  it('carry the id and the hash of the plan that is approved', () => {
    expect(renderApproveForm(run('typed')).id).toBe('db.recover:approve-typed:0123456789:abcdef0123456789');
    expect(renderBreakGlassForm(run('typed')).id).toBe('db.recover:break-glass:0123456789:abcdef0123456789');
  });

  it('fit into Discord with long names and any number of words', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ word: `word ${index}`, because: 'x'.repeat(300) }));
    const { plan, ...rest } = run('typed', many);
    const long = { ...rest, plan: { ...plan, database: 'd'.repeat(63) } };
    for (const form of [renderApproveForm(long), renderBreakGlassForm(long)]) expect(() => fitForm(form)).not.toThrow();
  });

  it('give back what was typed, in order and without the reason', () => {
    const fields = { 'word-1': 'b', reason: ' nobody is awake ', database: ' main ', 'word-0': 'a\nc', other: 'x' };
    expect(readTyped(fields)).toEqual(['main', 'a', 'c', 'b']);
    expect(readReason(fields)).toBe('nobody is awake');
    expect(readReason({ reason: '  \n ' })).toBe('');
  });
});
