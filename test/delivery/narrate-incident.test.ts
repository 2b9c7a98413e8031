import { expect, it } from 'vitest';
import { letterIds, type NarrationContent } from '../../src/delivery/letter-content.ts';
import { createNarrator } from '../../src/delivery/narrate-incident.ts';
import type { Letter } from '../../src/delivery/outbox.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { ActFact, TimelineEvent } from '../../src/incidents/timeline.ts';
import type { Json } from '../../src/journal/journal.ts';

const ID = '20201211-1324';
const note = (text: string): TimelineEvent => ({ at: 1, by: null, fact: { type: 'note', text } });

function incident(...texts: readonly string[]): Incident {
  return {
    id: ID,
    title: 't',
    openedAt: 1,
    openedBy: null,
    databases: ['main'],
    alerts: [],
    commander: null,
    calmSince: null,
    closed: null,
    thread: null,
    pin: null,
    events: texts.map(note),
  };
}

interface Left {
  readonly narratedTo: number;
  readonly texts: readonly string[];
  readonly messageId: string | null;
  /** Of another narration after it. */
  readonly next?: readonly string[];
}

/** What a former life left: the summary, and a narration of the first `texts`; `messageId` where it stands. */
function setUp(left: Left) {
  const put: Letter[] = [];
  const id = letterIds.inThread(ID, 0);
  const events = left.texts.map(note);
  const narration = { incident: incident(), events, thread: 'thread', narratedTo: events.length };
  const known = new Map<string, unknown>([
    [letterIds.summary(ID), { incident: incident(), narratedTo: left.narratedTo, mark: letterIds.summary(ID) }],
    [id, { narration, mark: id }],
  ]);
  if (left.next) {
    const mark = letterIds.inThread(ID, events.length);
    const narratedTo = events.length + left.next.length;
    known.set(mark, { narration: { ...narration, events: left.next.map(note), narratedTo }, mark });
  }
  const narrator = createNarrator({
    put: (letter) => void put.push(letter),
    open: () => [...known.keys()],
    contentOf: (one) => (known.get(one) ?? null) as Json,
    messageOf: (one) => (one === id ? left.messageId : null),
  });
  return {
    narrator,
    told: () =>
      put.map(({ id: letter, channel = 'alerts', final, content }) => {
        const { events: said } = (content as unknown as NarrationContent).narration;
        return [letter, channel, said.map(({ fact }) => ('text' in fact ? fact.text : '')).join('+'), final];
      }),
  };
}

it('does not tell again what a letter has that was put just before the end, though the summary does not know', () => {
  const { narrator, told } = setUp({ narratedTo: 1, texts: ['a', 'b'], messageId: null });
  expect(narrator.narrate(incident('a', 'b'), 'thread')).toBe(2);
  expect(told()).toEqual([]);
});

it('goes on in the letter that still waits', () => {
  const { narrator, told } = setUp({ narratedTo: 2, texts: ['a', 'b'], messageId: null });
  narrator.narrate(incident('a', 'b', 'c'), 'thread');
  expect(told()).toEqual([[`${ID}.n0`, 'thread', 'a+b+c', false]]);
});

it('begins another after one that stands', () => {
  const { narrator, told } = setUp({ narratedTo: 2, texts: ['a', 'b'], messageId: 'm2' });
  narrator.narrate(incident('a', 'b', 'c'), 'thread');
  expect(told()).toEqual([
    [`${ID}.n0`, 'thread', 'a+b', true],
    [`${ID}.n2`, 'thread', 'c', false],
  ]);
});

it('puts nothing more into a letter for a thread once it is told in the alert channel', () => {
  const { narrator, told } = setUp({ narratedTo: 2, texts: ['a', 'b'], messageId: null });
  narrator.narrate(incident('a', 'b', 'c'), null);
  expect(told()).toEqual([
    [`${ID}.n0`, 'thread', 'a+b', true],
    [`${ID}.c2`, 'alerts', 'c', false],
  ]);
});

it('finishes every letter of a former life but the last one', () => {
  const { narrator, told } = setUp({ narratedTo: 2, texts: ['a', 'b'], messageId: null, next: ['c'] });
  narrator.narrate(incident('a', 'b', 'c', 'd'), 'thread');
  expect(told()).toEqual([
    [`${ID}.n0`, 'thread', 'a+b', true],
    [`${ID}.n2`, 'thread', 'c+d', false],
  ]);
});

it('has ids that fit', () => {
  expect(letterIds.inThread(`${ID}-999`, 1_000_000).length).toBeLessThanOrEqual(60);
});

const STAGES = [
  'requested',
  'approved',
  'broke-glass',
  'step',
  'stopped',
  'directed',
  'ended',
  'done',
  'refused',
  'cancelled',
];

it.each([
  ['thread', ['requested', 'approved', 'broke-glass', 'step', 'stopped', 'directed', 'ended', 'done']],
  [null, ['stopped', 'ended', 'done']],
])('tells of a recovery in the thread its whole course, elsewhere what came of it (%s)', (thread, told) => {
  const put: Letter[] = [];
  const narrator = createNarrator({
    put: (letter) => void put.push(letter),
    open: () => [],
    contentOf: () => null,
    messageOf: () => null,
  });
  const events = STAGES.map((stage): TimelineEvent => {
    const fact = { type: 'act', act: 'restart', database: 'main', confirmation: 'c', summary: 's' } as const;
    return { at: 1, by: null, fact: { ...fact, stage: stage as ActFact['stage'] } };
  });
  narrator.narrate({ ...incident(), events }, thread);
  const last = put.at(-1)?.content as unknown as NarrationContent | undefined;
  expect(last?.narration.events.map(({ fact }) => (fact.type === 'act' ? fact.stage : fact.type))).toEqual(told);
});
