import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { BotAlerts } from '../src/bot-alerts.ts';
import type { BotDatabase } from '../src/bot-database.ts';
import type { BotStreams } from '../src/bot-journal.ts';
import { type BotKubernetes, createBlindness } from '../src/bot-kubernetes.ts';
import { startRecovery } from '../src/bot-recovery.ts';
import type { DiscordChannelActs } from '../src/discord/channel-acts.ts';
import type { JournalEvent, StoredEvent } from '../src/journal/journal.ts';
import type { Observed } from '../src/model/observed.ts';
import type { RunEvent } from '../src/recovery/run-events.ts';
import { toJournal } from '../src/recovery/run-events.ts';
import { NOW } from './support/builders.ts';
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
  seen: { readonly databases?: readonly BotDatabase[]; readonly readWorkload?: () => Promise<Observed<null>> } = {},
) {
  const clock = createMovableClock();
  const log = createRecordedLog();
  const blind = createBlindness('away', clock) as unknown as BotKubernetes;
  const written: JournalEvent[] = [];
  const told: string[] = [];
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
    readNewest: async () => new Map([[RUN.id, past]]),
  } as unknown as BotStreams;
  const alerts = {
    threadOf: () => null,
    rooms: { record: async () => {}, whenRunPosted() {} },
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
  stop = started.stop;
  return { ...started, written, told, world, log };
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
