import type { RequestRecord } from '../../sandbox/kubernetes/create-sandbox-kubernetes.ts';
import type { Fault } from '../../sandbox/kubernetes/faults.ts';
import type { StepCatalogue } from '../../src/recovery/next-task.ts';
import type { RecoveryPlan } from '../../src/recovery/plan.ts';
import type { RecoveryRun } from '../../src/recovery/run.ts';
import { createRecoveryDesk, type RecoveryDesk } from '../../src/recovery/run-desk.ts';
import type { RecoveryStep, StepCall } from '../../src/recovery/step.ts';
import { loadSteps } from '../../src/recovery/step-catalogue.ts';
import { createRecordedLog } from '../support/recorded-log.ts';
import { createToyJournal } from '../support/toy-recovery.ts';
import { type FaultWorld, startFaultWorld } from './fault-world.ts';
import { APPROVED, REQUEST } from './toy-run.ts';

export type Phase = 'check' | 'act' | 'verify';

/** What an API server does, all the while that one phase of a step asks it. */
export interface Trouble {
  readonly phase: Phase;
  readonly fault: Fault;
}

/** What became of one kind of step whose phase was struck. */
export interface Struck {
  /** As in `stop-server`. */
  readonly kind: string;
  /** How many requests it made of those that the fault is for. */
  readonly asked: number;
  /** Null: it went on all the same. */
  readonly stopped: RecoveryRun | null;
}

export interface Campaign {
  readonly catalogue: StepCatalogue;
  readonly struck: readonly Struck[];
  readonly run: RecoveryRun;
  readonly now: number;
  readonly effects: readonly string[];
  readonly held: readonly string[];
  readonly faults: readonly unknown[];
}

/**
 * Runs a plan to its end through one trouble, which strikes each kind of step of it, one after the other: it is over for a step as
 * soon as the run has stopped for it, and a person says Retry. `undoneAt`: there the run stops, and the trouble strikes its undo.
 */
export async function runThrough(
  plan: RecoveryPlan,
  { phase, fault }: Trouble,
  undoneAt: string | null = null,
): Promise<Campaign> {
  const world = await startFaultWorld();
  const way = undoneAt === null ? 'do' : 'undo';
  const struck = new Map<string, { readonly kind: string; asked: number; stopped: RecoveryRun | null }>();
  let current: string | null = null;

  /** Asks the step while the trouble lasts, unless that is over for it. */
  async function ask<T>(kind: string, act: () => Promise<T>): Promise<T> {
    const entry = struck.get(kind) ?? { kind, asked: 0, stopped: null };
    if (entry.stopped !== null) return act();
    struck.set(kind, entry);
    const before = world.server.requests.length;
    const over = world.server.faults.set(fault);
    const ended = fault.kind === 'hang' ? keepRunningOut(world) : null;
    try {
      return await act();
    } finally {
      await ended?.();
      over();
      const asked = world.server.requests.slice(before).filter((request) => isFor(fault, request)).length;
      entry.asked += asked;
      if (asked > 0) current = kind;
    }
  }

  const log = createRecordedLog();
  const steps = [...(await loadSteps())].map(([kind, step]): [string, RecoveryStep] => [
    kind,
    kind === undoneAt
      ? { ...step, check: async () => ({ kind: 'blocked', saw: 'as far as it shall come' }) }
      : strike(step, way, phase, (act) => ask(kind, act)),
  ]);
  const catalogue = new Map(steps);
  const { desk, settled } = createDesk(world, catalogue, log);
  try {
    const asked = await desk.request({ plan, ...REQUEST });
    if (!asked.ok) throw new Error(asked.reason);
    const { id } = asked.run;
    await desk.approve(id, APPROVED);
    for (;;) {
      const run = await settled(id);
      if (run.state.kind !== 'stopped')
        return {
          catalogue,
          struck: [...struck.values()],
          run,
          now: world.now(),
          effects: world.effects,
          held: world.held(),
          faults: log.lines.filter(({ level }) => level === 'error'),
        };
      const kind = 'step' in run.state.why ? run.state.why.step.split(':')[0] : null;
      const entry = kind === current && current !== null ? struck.get(current) : undefined;
      current = null;
      if (entry?.stopped === null) entry.stopped = run;
      else if (kind !== undoneAt) throw new Error(`stopped, and nothing had struck: ${JSON.stringify(run.state.why)}`);
      const directed = await desk.direct(id, way === 'undo' ? 'undo' : 'retry', 'emil', run.stops);
      if (!directed.ok) throw new Error(directed.reason);
    }
  } finally {
    desk.stop();
    await world.close();
  }
}

function createDesk(
  world: FaultWorld,
  catalogue: ReadonlyMap<string, RecoveryStep>,
  log: ReturnType<typeof createRecordedLog>,
): { readonly desk: RecoveryDesk; readonly settled: (id: string) => Promise<RecoveryRun> } {
  const waiting = new Set<() => void>();
  const desk = createRecoveryDesk({
    runs: createToyJournal(),
    past: new Map(),
    catalogue,
    partsFor: () => ({ tools: world.tools, waitForNews: () => world.pass(NEWS_AFTER_MS) }),
    onChange() {
      for (const wake of waiting) wake();
    },
    newId: () => 'a1b2c3d4e5',
    clock: { now: world.now, sleep: world.pass },
    log,
  });
  return {
    desk,
    async settled(id) {
      for (;;) {
        const run = desk.find(id);
        if (run !== null && run.state.kind !== 'running' && run.state.kind !== 'requested') return run;
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
    },
  };
}

/** A slow cluster, that steps wait for in fewer looks. */
const NEWS_AFTER_MS = 120_000;

/** The step, one phase of which goes through `ask`. */
function strike(
  step: RecoveryStep,
  way: 'do' | 'undo',
  phase: Phase,
  ask: <T>(act: () => Promise<T>) => Promise<T>,
): RecoveryStep {
  const acts = way === 'do' ? step : step.undo;
  if (acts === undefined) return step;
  const one = { [phase]: (call: StepCall<unknown>) => ask<unknown>(() => acts[phase](call)) };
  return way === 'do' ? { ...step, ...one } : Object.assign({ ...step }, { undo: Object.assign({ ...acts }, one) });
}

function isFor({ method, path = '' }: Fault, asked: Pick<RequestRecord, 'method' | 'path'>): boolean {
  return (method ?? asked.method) === asked.method && typeof path === 'string' && asked.path.includes(path);
}

/** Lets whoever waits for an answer wait in vain, again and again; what it returns ends that, once nobody waits any more. */
function keepRunningOut({ server, runOut }: FaultWorld): () => Promise<void> {
  const isWaitedFor = (): boolean => server.requests.some(({ status, open }) => status === null && open);
  const timer = setInterval(() => {
    if (isWaitedFor()) runOut();
  }, 2);
  return async () => {
    clearInterval(timer);
    for (; isWaitedFor(); runOut()) await new Promise((resolve) => setImmediate(resolve));
  };
}
