import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertBook } from '../../src/alerts/alert.ts';
import { type Judgement, stepAlerts, type Transition } from '../../src/alerts/lifecycle.ts';
import { ANY_SUBJECT, type Standing, unknownFinding } from '../../src/alerts/rule.ts';
import { finding, NOW } from '../support/builders.ts';

const EMPTY: AlertBook = new Map();

function judgement(standing: Standing, options: { forMs?: number; keepMs?: number; value?: number } = {}): Judgement {
  const value = standing === 'unknown' ? null : (options.value ?? 91);
  return {
    rule: 'connections-total',
    database: 'main',
    settings: { severity: 'critical', forMs: options.forMs ?? 0, keepMs: options.keepMs ?? 0, repeatMs: 4 * 3_600_000 },
    findings: [finding({ standing, value, headline: `${value} of 100` })],
  };
}

/** Plays standings one second apart; returns the kinds of transitions, one list per step. */
function play(
  standings: readonly Standing[],
  forMs = 0,
  keepMs = 0,
): { steps: Transition['kind'][][]; book: AlertBook } {
  let book = EMPTY;
  const steps = standings.map((standing, second) => {
    const step = stepAlerts(book, [judgement(standing, { forMs, keepMs })], NOW + second * 1_000);
    book = step.book;
    return step.transitions.map(({ kind }) => kind);
  });
  return { steps, book };
}

describe('the lifecycle of an alert', () => {
  it.each<[string, Standing[], number, Transition['kind'][][]]>([
    ['fires at once when no time is asked for', ['firing'], 0, [['fired']]],
    ['waits out its time as pending', ['firing', 'firing', 'firing'], 2_000, [[], [], ['fired']]],
    [
      'starts its time over when it was interrupted',
      ['firing', 'holding', 'firing', 'firing'],
      2_000,
      [[], [], [], []],
    ],
    ['starts its time over when it was not seen', ['firing', 'unknown', 'firing', 'firing'], 2_000, [[], [], [], []]],
    ['does not fire between the thresholds', ['holding', 'holding'], 0, [[], []]],
    ['goes on firing between the thresholds', ['firing', 'holding', 'holding'], 0, [['fired'], [], []]],
    ['resolves below the clear threshold', ['firing', 'clear'], 0, [['fired'], ['resolved']]],
    ['fires anew after it resolved', ['firing', 'clear', 'firing'], 0, [['fired'], ['resolved'], ['fired']]],
    [
      'says once that it is blind and once that it sees again',
      ['firing', 'unknown', 'unknown', 'firing', 'firing'],
      0,
      [['fired'], ['changed'], [], ['changed'], []],
    ],
    ['is never resolved by an unknown', ['firing', 'unknown', 'unknown'], 0, [['fired'], ['changed'], []]],
    ['does not begin on an unknown', ['unknown', 'unknown'], 0, [[], []]],
  ])('%s', (_, standings, forMs, expected) => {
    expect(play(standings, forMs).steps).toEqual(expected);
  });

  it.each<[string, Standing[], Transition['kind'][][]]>([
    [
      'resolves when it was clear for so long',
      ['firing', 'clear', 'clear', 'clear'],
      [['fired'], [], [], ['resolved']],
    ],
    ['starts over when it fires between', ['firing', 'clear', 'firing', 'clear', 'clear'], [['fired'], [], [], [], []]],
    [
      'starts over when it is not seen',
      ['firing', 'clear', 'unknown', 'clear', 'clear'],
      [['fired'], [], ['changed'], ['changed'], []],
    ],
  ])('with `keep` %s', (_, standings, expected) => {
    expect(play(standings, 0, 2_000).steps).toEqual(expected);
  });

  it('remembers since when it was seen, when it fired and when it was over', () => {
    const settings = { forMs: 2_000 };
    const seen = stepAlerts(EMPTY, [judgement('firing', settings)], NOW);
    const fired = stepAlerts(seen.book, [judgement('firing', settings)], NOW + 2_000);
    const { transitions } = stepAlerts(fired.book, [judgement('clear', settings)], NOW + 9_000);
    expect(transitions).toMatchObject([
      { kind: 'resolved', alert: { since: NOW, firedAt: NOW + 2_000, resolvedAt: NOW + 9_000 } },
    ]);
  });

  it('tells of a new reason for being blind, and keeps since when', () => {
    const blind = (headline: string): Judgement => ({
      ...judgement('unknown'),
      findings: [finding({ standing: 'unknown', value: null, headline })],
    });
    const fired = stepAlerts(EMPTY, [judgement('firing')], NOW);
    const first = stepAlerts(fired.book, [blind('it shuts down')], NOW + 1);
    const second = stepAlerts(first.book, [blind('nothing listens')], NOW + 2);
    expect(second.transitions).toMatchObject([
      { kind: 'changed', alert: { blind: { since: NOW + 1, reason: 'nothing listens' } } },
    ]);
  });

  it('reports a change of the evidence though the number stays', () => {
    const from = (evidence: string): Judgement => ({ ...judgement('firing'), findings: [finding({ evidence })] });
    const fired = stepAlerts(EMPTY, [from('a')], NOW);
    expect(stepAlerts(fired.book, [from('b')], NOW + 1).transitions.map(({ kind }) => kind)).toEqual(['changed']);
  });

  it('keeps the highest value it saw as its peak', () => {
    const first = stepAlerts(EMPTY, [judgement('firing', { value: 92 })], NOW);
    const second = stepAlerts(first.book, [judgement('firing', { value: 97 })], NOW + 1);
    const third = stepAlerts(second.book, [judgement('holding', { value: 85 })], NOW + 2);
    expect([...third.book.values()].map(({ peak }) => peak)).toEqual([97]);
  });

  it('reports a change when the number changes, and none when it stays', () => {
    const fired = stepAlerts(EMPTY, [judgement('firing', { value: 92 })], NOW);
    const same = stepAlerts(fired.book, [judgement('firing', { value: 92 })], NOW + 1);
    const more = stepAlerts(same.book, [judgement('firing', { value: 93 })], NOW + 2);
    expect([same.transitions.length, more.transitions.map(({ kind }) => kind)]).toEqual([0, ['changed']]);
  });

  it('keeps the subjects of one rule apart', () => {
    const both: Judgement = {
      ...judgement('firing'),
      findings: [finding({ subject: 'site' }), finding({ subject: 'bot', standing: 'clear' })],
    };
    const { transitions } = stepAlerts(EMPTY, [both], NOW);
    expect(transitions.map(({ alert }) => alert.key)).toEqual(['connections-total · main · site']);
  });

  it('resolves a subject that its rule does not find any more', () => {
    const fired = stepAlerts(EMPTY, [judgement('firing')], NOW);
    const { transitions, book } = stepAlerts(fired.book, [{ ...judgement('firing'), findings: [] }], NOW + 1);
    expect([transitions.map(({ kind }) => kind), book.size]).toEqual([['resolved'], 0]);
  });

  it('leaves alone what partial findings do not speak of', () => {
    const fired = stepAlerts(EMPTY, [judgement('firing')], NOW);
    const partial = { ...judgement('firing'), findings: [], partial: true };
    expect(stepAlerts(fired.book, [partial], NOW + 1)).toEqual({ book: fired.book, transitions: [] });
  });

  it('freezes every subject of a rule that sees none of them', () => {
    const fired = stepAlerts(EMPTY, [judgement('firing')], NOW);
    const blind = { ...judgement('firing'), findings: [unknownFinding(ANY_SUBJECT, 'no answer')] };
    const { transitions, book } = stepAlerts(fired.book, [blind], NOW + 1);
    expect(transitions).toMatchObject([
      { kind: 'changed', alert: { subject: 'total', blind: { reason: 'no answer' } } },
    ]);
    expect([...book.keys()]).toEqual(['connections-total · main · total']);
  });

  it('leaves the alerts of other databases and rules alone when a rule finds nothing', () => {
    const fired = stepAlerts(EMPTY, [judgement('firing')], NOW);
    const others = [
      { ...judgement('firing'), database: 'other', findings: [] },
      { ...judgement('firing'), rule: 'another', findings: [] },
    ];
    expect(stepAlerts(fired.book, others, NOW + 1).transitions).toEqual([]);
  });

  it('does not wait out `for` where the finding is beyond doubt', () => {
    const certain = { ...judgement('firing', { forMs: 15_000 }), findings: [finding({ atOnce: true })] };
    expect(stepAlerts(EMPTY, [certain], NOW).transitions.map(({ kind }) => kind)).toEqual(['fired']);
  });

  it('takes the severity of the finding where it has one of its own', () => {
    const warning = { ...judgement('firing'), findings: [finding({ severity: 'warning' as const })] };
    expect(stepAlerts(EMPTY, [warning], NOW).transitions[0]?.alert.severity).toBe('warning');
  });

  const anyStandings = fc.array(fc.constantFrom<Standing>('firing', 'holding', 'clear', 'unknown'), { maxLength: 60 });

  it('alternates fired and resolved, whatever is seen', () => {
    fc.assert(
      fc.property(anyStandings, fc.integer({ min: 0, max: 5_000 }), (standings, forMs) => {
        const kinds = play(standings, forMs)
          .steps.flat()
          .filter((kind) => kind !== 'changed');
        expect(kinds).toEqual(kinds.map((_, index) => (index % 2 === 0 ? 'fired' : 'resolved')));
      }),
    );
  });

  it('never resolves in a step that saw anything but clear', () => {
    fc.assert(
      fc.property(anyStandings, (standings) => {
        for (const [index, kinds] of play(standings).steps.entries()) {
          if (kinds.includes('resolved')) expect(standings[index]).toBe('clear');
        }
      }),
    );
  });

  it('never fires before the condition held for its whole time', () => {
    fc.assert(
      fc.property(anyStandings, fc.integer({ min: 1, max: 8 }), (standings, seconds) => {
        for (const [index, kinds] of play(standings, seconds * 1_000).steps.entries()) {
          if (!kinds.includes('fired')) continue;
          expect(standings.slice(index - seconds, index + 1)).toEqual(
            Array.from({ length: seconds + 1 }, () => 'firing'),
          );
        }
      }),
    );
  });
});

describe('a clock that is set back by an hour', () => {
  const BACK = NOW - 3_600_000;
  const step = (book: AlertBook, standing: Standing, now: number) =>
    stepAlerts(book, [judgement(standing, { forMs: 15_000, keepMs: 15_000 })], now);
  const kinds = ({ transitions }: ReturnType<typeof stepAlerts>) => transitions.map(({ kind }) => kind);

  it('makes a pending alert wait its time anew, and no hour longer', () => {
    const { book } = step(step(EMPTY, 'firing', NOW).book, 'firing', BACK);
    expect(kinds(step(book, 'firing', BACK + 14_999))).toEqual([]);
    expect(kinds(step(book, 'firing', BACK + 15_000))).toEqual(['fired']);
  });

  it('keeps a clear alert its time anew, and no hour longer', () => {
    const fired = step(step(EMPTY, 'firing', NOW - 15_000).book, 'firing', NOW);
    const { book } = step(step(fired.book, 'clear', NOW).book, 'clear', BACK);
    expect(kinds(step(book, 'clear', BACK + 14_999))).toEqual([]);
    expect(kinds(step(book, 'clear', BACK + 15_000))).toEqual(['resolved']);
  });
});
