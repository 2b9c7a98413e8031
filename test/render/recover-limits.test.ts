import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitMessage } from '../../src/discord/fit-message.ts';
import type { RunState } from '../../src/recovery/run.ts';
import type { Message } from '../../src/render/message.ts';
import { renderRecoverAnswer, renderRun } from '../../src/render/recover-message.ts';
import { renderRunbook } from '../../src/render/runbook-message.ts';
import { NOW } from '../support/builders.ts';
import { FULL, manual, runView } from '../support/recovery-views.ts';

const NASTY = [
  '@everyone',
  '`',
  '```',
  '**',
  '\n# ',
  '\u202e',
  '<@1>',
  '[x](https://x)',
  '~~',
  '||',
  '\\',
  'ä',
  'site',
  '> ',
];
const hostile = fc.array(fc.constantFrom(...NASTY), { minLength: 1, maxLength: 60 }).map((parts) => parts.join(''));

const STATES: readonly RunState[] = [
  { kind: 'requested' },
  { kind: 'running', abortAsked: null },
  { kind: 'stopped', at: NOW, why: { kind: 'failed', step: 's1', reason: 'x' } },
  { kind: 'stopped', at: NOW, why: { kind: 'interrupted' } },
  { kind: 'done', at: NOW },
  { kind: 'ended', at: NOW, by: '1', undone: false },
  { kind: 'superseded', at: NOW, next: null, reasons: [] },
];

/** Everything that a stranger could have written is the same hostile text. */
function messagesOf(text: string, count: number): readonly Message[] {
  const steps = Array.from({ length: count }, (_, index) => manual(`s${index}`, text, text));
  const words = Array.from({ length: 12 }, () => text);
  const diagnosis = { ...FULL, headline: text, reasons: words };
  const parts = {
    steps,
    byHand: steps.map((_, index) => manual(`h${index}`, 'Look', `echo ${'x'.repeat(90)}`)),
    saw: text,
    undo: steps,
    held: words,
    observed: words,
    skip: text,
    before: text,
    summary: text,
    impact: text,
    progress: steps.map(() => 'failed' as const),
    plan: { database: text, warnings: words, overrides: [{ word: text, because: text }] },
    run: { approval: { by: '1', at: NOW, how: 'broke-glass', reason: text } as const },
  };
  const views = STATES.map((state) =>
    runView(
      state.kind === 'stopped' && 'reason' in state.why ? { ...state, why: { ...state.why, reason: text } } : state,
      parts,
    ),
  );
  const [view = runView({ kind: 'requested' })] = views;
  const rung = {
    strategy: 'restart',
    rung: 4,
    summary: text,
    impact: text,
    approval: 'second',
    steps: [],
    missing: text,
  } as const;
  return [
    ...views.map((each) => renderRun(each, { diagnosis, because: text })),
    renderRecoverAnswer({ kind: 'plan', view, diagnosis }),
    renderRecoverAnswer({
      kind: 'refused',
      database: text,
      strategy: 'restart',
      reasons: words,
      diagnosis,
      manual: steps,
    }),
    renderRecoverAnswer({
      kind: 'advice',
      database: text,
      diagnosis: { ...diagnosis, advice: { kind: 'by-hand', todo: words } },
      at: NOW,
    }),
    renderRunbook({ database: text, before: [], rungs: [rung, rung, rung, rung, rung, rung], later: [] }),
  ];
}

/** What a person reads as Markdown: not what stands in a block of code or between back-ticks. */
function proseOf({ embed }: Message): string {
  const parts = [embed?.title, embed?.description, ...(embed?.fields ?? []).map(({ value }) => value)];
  return parts
    .join('\n')
    .replace(/```sh\n[^`]*\n```/g, '')
    .replace(/(?<!\\)`[^`\n]*`/g, '');
}

const WORST = ['@'.repeat(75), '@everyone**'.repeat(30), 'a`b'.repeat(100), '*'.repeat(400), 'x'.repeat(400)];

describe('whatever strangers wrote', () => {
  it('fits, every button can be routed, and no block of code is left open', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 25 }), (text, count) => {
        for (const message of messagesOf(text, count)) {
          const [embed] = fitMessage(message).embeds;
          const parts = [embed?.description ?? '', ...(embed?.fields ?? []).map(({ value }) => value)];
          for (const part of parts) expect(part.match(/^```/gm)?.length ?? 0).toSatisfy((fences) => fences % 2 === 0);
          expect(parts.join('').length).toBeLessThanOrEqual(6_000);
          expect(message.buttons?.length ?? 0).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 60, examples: WORST.map((text) => [text, 25]) },
    );
  });

  it('neither pings, formats, links nor hides anything', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const message of messagesOf(text, 3)) {
          const prose = proseOf(message);
          expect(prose).not.toMatch(/(?<!\\|by )<@1>|(?<!\\)@everyone|(?<!\\)\]\(|(?<!\\)```|\u202e|^# /m);
        }
      }),
      { numRuns: 60 },
    );
  });
});
