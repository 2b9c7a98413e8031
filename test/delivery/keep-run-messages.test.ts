import { describe, expect, it } from 'vitest';
import { keepRunMessages } from '../../src/delivery/keep-run-messages.ts';
import type { RecoveryRun } from '../../src/recovery/run.ts';
import { foldRecovery, toJournal } from '../../src/recovery/run-events.ts';
import type { RunView } from '../../src/recovery/view.ts';
import { viewRun } from '../../src/recovery/view-run.ts';
import type { Message } from '../../src/render/message.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { toyPlan } from '../support/toy-recovery.ts';

type Edited = Awaited<ReturnType<Parameters<typeof keepRunMessages>[0]['edit']>>;
const CATALOGUES = { steps: new Map(), strategies: [] };
const PLACE = { channelId: '10', messageId: '20' };

function aRun(more: Partial<RecoveryRun> = {}): RecoveryRun {
  const plan = toyPlan(['switch:a']);
  const data = {
    plan,
    hash: 'h',
    requestedBy: 'rosa',
    diagnosis: null,
    until: 9,
    policy: 'typed',
    breakGlassAt: null,
  } as const;
  const run = foldRecovery('r1', [toJournal({ type: 'requested', data }, 1)]);
  if (run === null) throw new Error('no run');
  return { ...run, place: PLACE, ...more };
}

function start(first: RecoveryRun | null = aRun()) {
  const clock = createManualClock();
  let run = first;
  let answer: () => Promise<Edited> = async () => ({ kind: 'done' });
  const edits: { readonly channelId: string; readonly messageId: string; readonly message: Message }[] = [];
  const told: string[] = [];
  const lost: RunView[] = [];
  const messages = keepRunMessages({
    find: () => run && viewRun(run, CATALOGUES, clock.now()),
    async edit(channelId, messageId, message) {
      edits.push({ channelId, messageId, message });
      return answer();
    },
    told: (id) => told.push(id),
    lost: (view) => lost.push(view),
    clock,
    log: createRecordedLog(),
  });
  return {
    clock,
    edits,
    told,
    lost,
    messages,
    become: (next: RecoveryRun): void => {
      run = next;
      messages.changed('r1');
    },
    answerWith: (next: () => Promise<Edited>): void => {
      answer = next;
    },
  };
}

describe('the message of a recovery', () => {
  it('is edited once for many changes while an edit is under way, and then to the newest', async () => {
    const { clock, edits, messages, answerWith } = start();
    const slow = Promise.withResolvers<Edited>();
    answerWith(() => slow.promise);
    for (let change = 0; change < 5; change += 1) messages.changed('r1');
    answerWith(async () => ({ kind: 'done' }));
    slow.resolve({ kind: 'done' });
    await clock.advance(5_000);
    expect(edits).toHaveLength(2);
  });

  it('is edited again at once for a change that comes when all is drawn', async () => {
    const { clock, edits, messages } = start();
    messages.changed('r1');
    await clock.advance(0);
    messages.changed('r1');
    await clock.advance(0);
    expect(edits).toHaveLength(2);
  });

  it('is tried until Discord takes it, no sooner than it asks', async () => {
    const { clock, edits, told, become, answerWith } = start();
    answerWith(async () => ({ kind: 'failed', reason: 'away', retryAfterMs: 20_000 }));
    become(aRun({ state: { kind: 'done', at: 5 } }));
    await clock.advance(19_000);
    expect(edits).toHaveLength(1);
    expect(told).toEqual([]);
    answerWith(async () => ({ kind: 'done' }));
    await clock.advance(2_000);
    expect(edits).toHaveLength(2);
    expect(told).toEqual(['r1']);
  });

  it('is told as over once it says so, and not before', async () => {
    const { clock, told, become } = start();
    become(aRun({ state: { kind: 'running', abortAsked: null } }));
    await clock.advance(2_000);
    expect(told).toEqual([]);
    become(aRun({ state: { kind: 'done', at: 5 } }));
    await clock.advance(2_000);
    expect(told).toEqual(['r1']);
  });

  it('that another request has taken over is not drawn over', async () => {
    const { clock, edits, told, become } = start();
    become(aRun({ state: { kind: 'superseded', at: 1, next: 'r2', reasons: [] } }));
    await clock.advance(2_000);
    expect(edits).toEqual([]);
    expect(told).toEqual(['r1']);
  });

  it('that was deleted is given up, and its run is told elsewhere', async () => {
    const { clock, edits, lost, messages, answerWith } = start();
    answerWith(async () => ({ kind: 'refused', reason: 'deleted' }));
    messages.changed('r1');
    await clock.advance(60_000);
    expect(edits).toHaveLength(1);
    expect(lost).toHaveLength(1);
  });

  it('waits for its place', async () => {
    const { clock, edits, become } = start(aRun({ place: null }));
    become(aRun({ place: null }));
    await clock.advance(1_000);
    expect(edits).toEqual([]);
    become(aRun());
    await clock.advance(1_000);
    expect(edits).toMatchObject([PLACE]);
  });

  it('loses its buttons where another one continues it', async () => {
    const { edits, messages } = start();
    await messages.retire(viewRun(aRun(), CATALOGUES, 1), PLACE);
    expect(edits[0]?.message.buttons).toEqual([]);
  });
});
