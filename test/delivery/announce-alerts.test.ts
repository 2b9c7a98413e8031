import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Transition } from '../../src/alerts/lifecycle.ts';
import { createAnnouncer } from '../../src/delivery/announce-alerts.ts';
import type { AlertContent } from '../../src/delivery/letter-content.ts';
import type { Letter } from '../../src/delivery/outbox.ts';
import type { Json } from '../../src/journal/journal.ts';
import { alert, finding, NOW } from '../support/builders.ts';

/** What a former life put under an id. */
const contentOf = (id: string): Json =>
  JSON.parse(JSON.stringify({ alert: alert({ id: id.split('.')[0] ?? '' }), symptoms: [], superseded: false })) as Json;

/** An outbox that keeps what it is given, and knows the ids that a former life left open. */
function setUp(options: { readonly open?: readonly string[]; readonly symptoms?: readonly Alert[] } = {}) {
  const put: Letter[] = [];
  const known = new Set(options.open);
  const announcer = createAnnouncer({
    outbox: {
      put(letter) {
        put.push(letter);
        if (letter.final) known.delete(letter.id);
        else known.add(letter.id);
      },
      has: (id) => known.has(id),
      open: () => [...known],
      contentOf: (id) => (known.has(id) && !id.startsWith('digest') ? contentOf(id) : null),
    },
    symptomsOf: () => options.symptoms ?? [],
  });
  return {
    announcer,
    put,
    say: (kind: Transition['kind'], parts: Partial<Alert> = {}) =>
      announcer.announce([{ kind, alert: alert({ id: 'aa', ...parts }) }]),
    contents: () => put.map(({ content }) => content as unknown as AlertContent),
  };
}

const post = (number: number) => ({ number, at: NOW, severity: 'critical', pings: true }) as const;

describe('announcing alerts', () => {
  it('puts what fired as one message, durably and at once, in the lane of its severity', () => {
    const { say, put } = setUp();
    say('fired');
    say('fired', { id: 'bb', severity: 'warning' });
    expect(put.map(({ id, lane, urgent, final, durable, at }) => [id, lane, urgent, final, durable, at])).toEqual([
      ['aa.1', 'critical', true, false, true, NOW],
      ['bb.1', 'normal', true, false, true, NOW],
    ]);
  });

  it('puts newer numbers without haste and without writing them down', () => {
    const { say, put } = setUp();
    say('changed');
    expect(put).toMatchObject([{ urgent: false, durable: false, final: false }]);
  });

  it('puts the end as the last state', () => {
    const { say, put } = setUp();
    say('resolved', { state: 'resolved' });
    expect(put).toMatchObject([{ id: 'aa.1', urgent: true, durable: true, final: true }]);
  });

  it('keeps quiet about what nobody was told of, to its end', () => {
    const { say, put } = setUp();
    say('fired', { post: null });
    say('resolved', { post: null, state: 'resolved' });
    expect(put).toEqual([]);
  });

  it('puts a repeat as a message of its own, and greys the one before', () => {
    const { say, put, contents } = setUp();
    say('fired', { post: post(1) });
    say('posted', { post: post(2) });
    expect(put.map(({ id, final }) => [id, final])).toEqual([
      ['aa.1', false],
      ['aa.2', false],
      ['aa.1', true],
    ]);
    expect(contents().map(({ superseded }) => superseded)).toEqual([false, false, true]);
  });

  it('gives the facts of what it mutes', () => {
    const { say, contents } = setUp({ symptoms: [alert({ finding: finding({ headline: 'website is down' }) })] });
    say('fired');
    expect(contents()).toMatchObject([{ symptoms: ['website is down'] }]);
  });
});

describe('after a restart', () => {
  it('what fires is put in its newest state, durably where the outbox had not heard of it', () => {
    const { announcer, put } = setUp({ open: ['aa.1'] });
    announcer.reconcile([alert({ id: 'aa' }), alert({ id: 'bb' })], []);
    expect(put.map(({ id, durable, final }) => [id, durable, final])).toEqual([
      ['aa.1', false, false],
      ['bb.1', true, false],
    ]);
  });

  it('what is over is put as over, where a message still says that it fires, and nowhere else', () => {
    const { announcer, put } = setUp({ open: ['aa.1'] });
    const over = { state: 'resolved' } as const;
    announcer.reconcile([], [alert({ id: 'aa', ...over }), alert({ id: 'bb', ...over })]);
    expect(put.map(({ id, final }) => [id, final])).toEqual([['aa.1', true]]);
  });

  it('a message that a newer one has replaced is greyed', () => {
    const { announcer, put } = setUp({ open: ['aa.1', 'aa.2'] });
    announcer.reconcile([alert({ id: 'aa', post: post(2) })], []);
    expect(put.map(({ id, final }) => [id, final])).toEqual([
      ['aa.2', false],
      ['aa.1', true],
    ]);
  });

  it('a message of an alert that nobody remembers does not say for ever that it fires', () => {
    const { announcer, put, contents } = setUp({ open: ['aa.1', 'digest.x'] });
    announcer.reconcile([], []);
    expect(put.map(({ id, final }) => [id, final])).toEqual([['aa.1', true]]);
    expect(contents()[0]?.superseded).toBe('lost');
  });
});
