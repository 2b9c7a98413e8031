import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConfirmationDesk, RunLog } from '../../src/confirmations/confirmation.ts';
import { createConfirmationDesk } from '../../src/confirmations/confirmation-desk.ts';
import { hashPlan } from '../../src/confirmations/hash-plan.ts';
import type { StoredEvent } from '../../src/journal/journal.ts';
import { NOW } from '../support/builders.ts';
import { settle } from '../support/manual-clock.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { proposal } from './desk-world.ts';

interface Click {
  readonly kind: 'claim' | 'cancel';
  readonly run: number;
  readonly by: string;
  readonly right: boolean;
}

type Step =
  | Click
  | { readonly kind: 'propose' | 'flush' | 'expire' | 'crash' }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'finish' | 'settle'; readonly run: number };

const run = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('propose' as const, 'expire' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 60_000, 119_999) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('claim' as const, 'claim' as const, 'cancel' as const),
      run,
      by: fc.constantFrom('ada', 'grace', 'mary'),
      right: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('finish' as const, 'settle' as const), run }) },
);

test('however clicks, time, a slow disk and deaths of the bot interleave, each confirmation is claimed once at most', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), play), { numRuns: 400 });
});

/** Plays the steps on a disk that takes nothing before it is flushed, and loses what it has not taken when the bot dies. */
async function play(steps: readonly Step[]): Promise<void> {
  const disk = createDisk();
  const faults: string[] = [];
  /** Who was told that it is theirs, to carry out or to cancel. */
  const told = new Map<string, string[]>();
  const known: { readonly id: string; readonly hash: string }[] = [];
  let now = NOW;
  let ids = 0;
  const start = (): ConfirmationDesk =>
    createConfirmationDesk({
      runs: disk.attach(),
      past: structuredClone(disk.durable),
      newId: () => (ids += 1).toString(16).padStart(10, '0'),
      clock: { now: () => now, sleep: () => new Promise(() => {}) },
      log: createRecordedLog(),
    });
  let desk = start();

  function click({ kind, run, by, right }: Click): void {
    const { id, hash } = known.at(-1 - run) ?? { id: 'ffffffffff', hash: '' };
    const inTime = now < (desk.find(id)?.until ?? 0);
    const answer = desk[kind](id, right ? hash : 'f'.repeat(16), by);
    void answer.then(({ ok }) => {
      if (!ok) return;
      if (!right || !inTime) faults.push(`${by} got ${id} ${right ? 'too late' : 'with a forged hash'}`);
      told.set(id, [...(told.get(id) ?? []), `${kind} by ${by}`]);
    });
  }

  function crash(): void {
    disk.crash();
    desk = start();
    for (const [id, events] of disk.durable) {
      const types = new Set(events.map(({ type }) => type));
      const open = types.has('claimed') && !types.has('done') && !types.has('interrupted');
      if (desk.interrupted().some((each) => each.id === id) !== open)
        faults.push(`${id} is taken for ${String(!open)}`);
      if (desk.find(id)?.hash !== hashPlan(proposal())) faults.push(`${id} is lost`);
    }
    const forgotten = [...told.keys()].filter((id) => ['open', undefined].includes(desk.find(id)?.state.kind));
    faults.push(...forgotten.map((id) => `${id} was given away, and is open again`));
  }

  for (const each of steps) {
    // Several of the others fall into one turn: two clicks do.
    if (each.kind === 'flush' || each.kind === 'crash') await settle();
    const id = 'run' in each ? (known.at(-1 - each.run)?.id ?? '') : '';
    if (each.kind === 'propose') void desk.propose(proposal()).then((made) => known.push(made));
    else if (each.kind === 'flush') disk.flush();
    else if (each.kind === 'pass') now += each.ms;
    else if (each.kind === 'expire') desk.expireDue(now);
    else if (each.kind === 'crash') crash();
    else if (each.kind === 'finish') void desk.finish(id, 'done').catch(() => {});
    else if (each.kind === 'settle') void desk.settleInterrupted(id, 'found').catch(() => {});
    else if (each.kind === 'claim' || each.kind === 'cancel') click(each);
    if (each.kind === 'flush') await settle();
  }
  disk.flush();
  await settle();
  for (const [id, answers] of told) if (answers.length > 1) faults.push(`${id}: ${answers.join(', ')}`);
  expect(faults).toEqual([]);
}

function createDisk() {
  const durable = new Map<string, StoredEvent[]>();
  let waiting: (() => void)[] = [];
  return {
    durable,
    attach: (): RunLog => ({
      write: (id, events) =>
        new Promise((resolve) => {
          waiting.push(() => {
            const stream = durable.get(id) ?? [];
            durable.set(id, stream);
            for (const event of events) stream.push({ ...structuredClone(event), seq: stream.length + 1 });
            resolve('durable');
          });
        }),
      close() {},
    }),
    flush() {
      for (const write of waiting.splice(0)) write();
    },
    crash() {
      waiting = [];
    },
  };
}
