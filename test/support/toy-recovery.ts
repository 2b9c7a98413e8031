import { z } from 'zod';
import type { JournalEvent, StoredEvent } from '../../src/journal/journal.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Change } from '../../src/model/cluster-changes.ts';
import type { StepCatalogue } from '../../src/recovery/next-task.ts';
import type { PlanStep, RecoveryPlan } from '../../src/recovery/plan.ts';
import type { RecoveryRun } from '../../src/recovery/run.ts';
import { createRecoveryDesk, type RecoveryDesk, type RecoveryLog, type Written } from '../../src/recovery/run-desk.ts';
import type { RunEvent } from '../../src/recovery/run-events.ts';
import type { RecoveryStep, Standing, StepTools, Verified } from '../../src/recovery/step.ts';
import { createRecordedLog } from './recorded-log.ts';

/** A world of switches: a step turns one on, and its undo turns it off. */
export interface ToyWorld {
  readonly on: Map<string, number>;
  /** Each effect, in order, as in `on a`, `off a`. */
  readonly effects: string[];
  /** By switch: what its step answers instead. */
  readonly check: Map<string, Standing>;
  readonly act: Map<string, 'refused' | 'unknown-done' | 'unknown-not-done' | 'throws'>;
  readonly verify: Map<string, Verified>;
  /** By switch: what its undo answers instead. */
  readonly undo: Map<string, Change>;
  /** Told of each look that a step waits by. */
  looked: (name: string) => void;
  /** The parts of a run cannot be had. */
  broken: boolean;
  /** The process that acts here is dead. */
  dead: boolean;
}

export function createToyWorld(): ToyWorld {
  return {
    on: new Map(),
    effects: [],
    check: new Map(),
    act: new Map(),
    verify: new Map(),
    undo: new Map(),
    looked: () => {},
    broken: false,
    dead: false,
  };
}

const params = z.object({ name: z.string() });
type Params = z.infer<typeof params>;

function toyStep(world: ToyWorld, kind: string, more: Partial<RecoveryStep<Params>>): RecoveryStep<Params> {
  const isOn = (name: string): boolean => world.on.get(name) === 1;
  const effect = (name: string, to: 0 | 1): void => {
    if (world.dead) throw new Error('a dead process acts');
    world.on.set(name, to);
    world.effects.push(`${to === 1 ? 'on' : 'off'} ${name}`);
  };
  return {
    kind,
    summary: 'Turns a switch on.',
    params,
    deadlineMs: 5_000,
    skip: null,
    title: ({ name }) => `Turn ${name} on`,
    manual: ({ name }) => [{ say: 'By hand.', run: `turn-on ${name}` }],
    async check({ params: { name } }) {
      const note = { seen: world.on.get(name) ?? 0 };
      return (
        world.check.get(name) ?? (isOn(name) ? { kind: 'acted', saw: 'is on' } : { kind: 'ready', saw: 'is off', note })
      );
    },
    async act({ params: { name } }) {
      const how = world.act.get(name);
      if (how === 'refused') return { kind: 'refused', reason: 'the switch is stuck' };
      if (how === 'throws') throw new Error('a defect');
      if (how !== 'unknown-not-done') effect(name, 1);
      return how === undefined ? { kind: 'done' } : { kind: 'unknown', reason: 'no answer came' };
    },
    async verify({ params: { name } }) {
      world.looked(name);
      return (
        world.verify.get(name) ??
        (isOn(name) ? { kind: 'holds', saw: 'it is on' } : { kind: 'waiting', saw: 'it is off' })
      );
    },
    undo: {
      title: ({ name }) => `Turn ${name} off`,
      manual: ({ name }) => [{ say: 'By hand.', run: `turn-off ${name}` }],
      check: async ({ params: { name } }) =>
        isOn(name) ? { kind: 'ready', saw: 'is on' } : { kind: 'acted', saw: 'is off' },
      async act({ params: { name } }) {
        const refused = world.undo.get(name);
        if (refused) return refused;
        effect(name, 0);
        return { kind: 'done' };
      },
      verify: async ({ params: { name } }) =>
        isOn(name) ? { kind: 'waiting', saw: 'is on' } : { kind: 'holds', saw: 'is off' },
    },
    ...more,
  };
}

/** `switch` may not be left out; `optional` may; `hold` keeps clients out until `free` lets them in. */
export function toyCatalogue(world: ToyWorld): StepCatalogue {
  const free: Partial<RecoveryStep<Params>> = {
    takesBack: 'hold',
    title: ({ name }) => `Free ${name}`,
    check: async ({ params: { name } }) =>
      world.on.get(name) === 1 ? { kind: 'ready', saw: 'is held' } : { kind: 'acted', saw: 'is free' },
    async act({ params: { name } }) {
      if (world.dead) throw new Error('a dead process acts');
      world.on.set(name, 0);
      world.effects.push(`off ${name}`);
      return { kind: 'done' };
    },
    verify: async ({ params: { name } }) =>
      world.on.get(name) === 1 ? { kind: 'waiting', saw: 'is held' } : { kind: 'holds', saw: 'is free' },
  };
  const { undo: _none, ...freeing } = toyStep(world, 'free', free);
  return new Map<string, RecoveryStep>(
    [
      toyStep(world, 'switch', {}),
      toyStep(world, 'optional', { skip: 'It stays off.' }),
      toyStep(world, 'hold', { holdsClients: true }),
      freeing,
    ].map((step) => [step.kind, step as RecoveryStep]),
  );
}

/** As in `hold:site`, `switch:a`. */
export function toyPlan(steps: readonly string[], more: Partial<RecoveryPlan> = {}): RecoveryPlan {
  return {
    database: 'main',
    strategy: 'restart',
    target: null,
    approval: 'second',
    steps: steps.map((id): PlanStep => {
      const [kind = '', name = ''] = id.split(':');
      return { id, kind, params: { name } };
    }),
    warnings: [],
    overrides: [],
    ...more,
  };
}

/** The streams of a journal in memory; `die` at the n-th write from now, before or after it is stored. */
export interface ToyJournal extends RecoveryLog {
  readonly streams: Map<string, StoredEvent[]>;
  writes: number;
  answer: Written;
  die: { readonly at: number; readonly side: 'before' | 'after'; readonly dead: () => void } | null;
}

export function createToyJournal(): ToyJournal {
  const streams = new Map<string, StoredEvent[]>();
  return {
    streams,
    writes: 0,
    answer: 'durable',
    die: null,
    async write(id: string, events: readonly JournalEvent[]) {
      this.writes += 1;
      const dies = this.die?.at === this.writes ? this.die : null;
      const stream = streams.get(id) ?? [];
      streams.set(id, stream);
      if (dies?.side !== 'before') events.forEach((event) => stream.push({ ...event, seq: stream.length + 1 }));
      if (dies === null) return this.answer;
      dies.dead();
      // A dead process waits for nothing any more.
      return new Promise<never>(() => {});
    },
    close() {},
  };
}

export interface ToyDesk {
  readonly desk: RecoveryDesk;
  readonly interrupted: readonly RecoveryRun[];
  readonly seen: { readonly run: RecoveryRun; readonly event: RunEvent | null }[];
  readonly log: ReturnType<typeof createRecordedLog>;
  /** Resolves when the run is not running any more. */
  readonly settled: (id: string) => Promise<RecoveryRun>;
}

export function createToyDesk(options: {
  readonly world: ToyWorld;
  readonly journal: ToyJournal;
  readonly clock: Clock;
  readonly newId?: () => string;
}): ToyDesk {
  const { world, journal, clock } = options;
  const seen: ToyDesk['seen'] = [];
  const log = createRecordedLog();
  const waiting = new Set<() => void>();
  let ids = 0;
  const desk = createRecoveryDesk({
    runs: journal,
    past: new Map([...journal.streams].map(([id, events]) => [id, [...events]])),
    catalogue: toyCatalogue(world),
    // The toys need no tools.
    partsFor() {
      if (world.broken) throw new Error('main is not watched any more');
      return { tools: {} as StepTools, waitForNews: (ms) => clock.sleep(ms) };
    },
    onChange(run, event) {
      seen.push({ run, event });
      for (const wake of waiting) wake();
    },
    newId() {
      ids += 1;
      return options.newId?.() ?? `00000000${journal.streams.size}${ids}`;
    },
    clock,
    log,
  });
  return {
    desk,
    interrupted: desk.takeUpInterrupted(),
    seen,
    log,
    async settled(id) {
      for (;;) {
        const run = desk.find(id);
        if (run === null) throw new Error(`no run ${id}`);
        if (run.state.kind !== 'running' && run.state.kind !== 'requested') return run;
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
    },
  };
}

/** Time passes only by being slept through, at once. */
export function createJumpingClock(startAt = Date.UTC(2020, 11, 11, 13, 24)): Clock {
  let time = startAt;
  return {
    now: () => time,
    async sleep(ms) {
      time += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
