import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { BotAlerts } from '../src/bot-alerts.ts';
import type { BotDatabase } from '../src/bot-database.ts';
import type { BotStreams } from '../src/bot-journal.ts';
import { type BotKubernetes, createBlindness } from '../src/bot-kubernetes.ts';
import { startRecovery } from '../src/bot-recovery.ts';
import { readRecoverySettings } from '../src/bot-settings.ts';
import type { DiscordChannelActs } from '../src/discord/channel-acts.ts';
import type { JournalEvent, StoredEvent } from '../src/journal/journal.ts';
import { createHistory } from '../src/model/history.ts';
import { type Observed, unseen } from '../src/model/observed.ts';
import type { RecoveryFacts } from '../src/recovery/facts.ts';
import { hashRecoveryPlan } from '../src/recovery/plan.ts';
import { planRecovery } from '../src/recovery/plan-recovery.ts';
import type { RunEvent } from '../src/recovery/run-events.ts';
import { toJournal } from '../src/recovery/run-events.ts';
import { loadStrategies } from '../src/recovery/strategy-catalogue.ts';
import { group, NOW, snapshot } from './support/builders.ts';
import { configOf, MINIMAL } from './support/config.ts';
import { createMovableClock } from './support/movable-clock.ts';
import { createRecordedLog } from './support/recorded-log.ts';
import { runOf } from './support/recovery-builders.ts';
import { toyPlan } from './support/toy-recovery.ts';

const STEP = {
  id: 'stop-server',
  kind: 'stop-server',
  params: { workload: 'default/deployment/postgres', claim: 'default/persistentvolumeclaim/data' },
};
const RUN = runOf({
  id: 'eeeeeeeeee',
  requestedBy: '111',
  until: NOW + 600_000,
  plan: { ...toyPlan([]), steps: [STEP] },
});
const REQUESTED: RunEvent = { type: 'requested', data: RUN };
const APPROVED: RunEvent = { type: 'approved', data: { by: '222', how: 'second-person', reason: null } };
const INTENT: RunEvent = { type: 'intent', data: { step: STEP.id, way: 'do', note: null } };
const INTERRUPTED: RunEvent = { type: 'stopped', data: { why: { kind: 'interrupted' } } };

const LEFT = [REQUESTED, APPROVED, INTENT, INTERRUPTED];

let stop: (() => Promise<void>) | null = null;
afterEach(async () => {
  await stop?.();
  stop = null;
});

/** The recoveries of a bot over what a former life left of one run; by itself it watches nothing any more. */
async function live(
  left: readonly RunEvent[],
  seen: {
    readonly id?: string;
    readonly databases?: readonly BotDatabase[];
    readonly readWorkload?: () => Promise<Observed<null>>;
  } = {},
) {
  const clock = createMovableClock();
  const log = createRecordedLog();
  const blind = createBlindness('away', clock) as unknown as BotKubernetes;
  const written: JournalEvent[] = [];
  const told: string[] = [];
  const recorded: object[] = [];
  const world = { fenced: false };
  const past = left.map((event, index): StoredEvent => ({ ...toJournal(event, NOW + index), seq: index + 1 }));
  const streams = {
    open: () => ({
      write: async (events: readonly JournalEvent[]) => {
        written.push(...events);
        return 'durable' as const;
      },
    }),
    release() {},
    fenced: () => world.fenced,
    readNewest: async () => new Map([[seen.id ?? RUN.id, past]]),
  } as unknown as BotStreams;
  const alerts = {
    threadOf: () => null,
    rooms: {
      record: async ({ fact }: { readonly fact: object }) => {
        recorded.push(fact);
      },
      whenRunPosted() {},
    },
    recoveries: {
      interrupted(view: { readonly run: typeof RUN; readonly observed: readonly string[] }) {
        told.push(...view.observed);
        return null;
      },
    },
  } as unknown as BotAlerts;
  const acts = { editMessage: async () => ({ kind: 'done' }) } as unknown as DiscordChannelActs;
  const started = await startRecovery({
    config: configOf(MINIMAL),
    databases: seen.databases ?? [],
    kubernetes:
      seen.readWorkload === undefined
        ? null
        : { ...blind, objects: { ...blind.objects, readWorkload: seen.readWorkload } },
    alerts,
    streams,
    acts,
    readLevel: async () => ({ ok: true, level: 'recover' }),
    clock,
    log,
  });
  stop = () => started.stop();
  return { ...started, written, told, recorded, world, log };
}

it('a run of a database that has left the configuration is told, and that nobody could look', async () => {
  const { told, written } = await live([REQUESTED, APPROVED, INTENT]);
  await expect.poll(() => told).toEqual([expect.stringContaining('look by hand before you go on')]);
  expect(written.map(({ type }) => type)).toEqual(['stopped']);
});

it('it does nothing when it is told to go on there, and says so', async () => {
  const { recover, written, log } = await live(LEFT);
  await recover.resume(RUN.id, 1, '222');
  await expect.poll(() => recover.find(RUN.id)?.run.state).toMatchObject({ kind: 'stopped', why: { kind: 'unknown' } });
  expect(written.map(({ type }) => type)).toEqual(['directed', 'stopped']);
  const faults = log.lines.flatMap(({ fields }) => ('err' in fields ? String(fields.err) : []));
  expect(faults.at(-1)).toBe('Error: main is not watched any more');
});

it('a bot whose journal is taken over by a newer one goes on with nothing, though its write came through', async () => {
  const { recover, written, world } = await live(LEFT);
  world.fenced = true;
  await expect(recover.resume(RUN.id, 1, '222')).rejects.toThrow(/Another Breakwater has taken over/);
  expect(written.map(({ type }) => type)).not.toContain('intent');
});

it('a run that somebody gave up while it was looked at is not told as interrupted any more', async () => {
  const look = Promise.withResolvers<Observed<null>>();
  const looks: string[] = [];
  const readWorkload = () => {
    looks.push('looked');
    return look.promise;
  };
  const main = { name: 'main', protect: [], pooler: null } as unknown as BotDatabase;
  const { recover, told } = await live(LEFT, { databases: [main], readWorkload });
  await expect.poll(() => looks).not.toEqual([]);
  await recover.end(RUN.id, 1, '222');
  look.resolve({ ok: false, reason: 'away', at: NOW });
  await expect.poll(() => recover.find(RUN.id)?.run.state.kind).toBe('ended');
  // What was begun to be told is through once it has stopped.
  await setImmediate();
  await stop?.();
  stop = null;
  expect(told).toEqual([]);
});

/** One that is seen: its server answers, and `count` sessions are held by `site`. */
function watched(counts: readonly number[]): BotDatabase {
  const left = [...counts];
  const look = () => snapshot([group({ user: 'site', count: (left.length > 1 ? left.shift() : left[0]) ?? 0 })]);
  return {
    name: 'main',
    protect: [],
    pooler: null,
    applications: [],
    history: createHistory({ bucketMs: 1_000, spanMs: 600_000 }),
    place: () => null,
    watch: { latest: look, sample: async () => look(), probe: async () => {} },
    actions: { readDetails: async () => unseen('not asked here', NOW) },
    recovery: { readRoleLimits: async () => unseen('not asked here', NOW) },
  } as unknown as BotDatabase;
}

it('who held the connections before it began stands in the timeline', async () => {
  const settings = readRecoverySettings(configOf(MINIMAL).databases[0]);
  const planned = planRecovery(await loadStrategies(), 'kill-stale', { settings } as RecoveryFacts, null);
  if (planned.kind !== 'plan') throw new Error(planned.reasons.join(' '));
  const { plan } = planned;
  const until = Date.now() + 600_000;
  const data = {
    ...RUN,
    id: 'aaaaaaaaaa',
    plan,
    hash: hashRecoveryPlan(plan),
    policy: 'own',
    until,
    breakGlassAt: null,
  } as const;
  const { recover, recorded } = await live([{ type: 'requested', data }], { id: data.id, databases: [watched([45])] });
  await recover.approve(data.id, data.hash, '111', []);
  const before = recorded.find((fact) => 'moment' in fact);
  expect(before).toMatchObject({ type: 'holders', database: 'main', moment: 'before', used: 45 });
});

it('and who holds them when it is over, counted then', async () => {
  const done: RunEvent = { type: 'result', data: { step: STEP.id, way: 'do', outcome: 'done', saw: '' } };
  const left = [REQUESTED, APPROVED, INTENT, done, INTERRUPTED];
  const { recover, recorded } = await live(left, { databases: [watched([45, 3])] });
  await recover.resume(RUN.id, 1, '222');
  const after = () => recorded.find((fact) => 'moment' in fact);
  await expect.poll(after).toMatchObject({ type: 'holders', moment: 'after', used: 3 });
});
