import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../../src/model/log.ts';
import { createSandboxDiscord } from '../../discord/create-sandbox-discord.ts';
import { checkChannel, countWays } from './check.ts';
import { createOwner } from './owner.ts';
import { type Process, startProcess } from './process.ts';
import { createRandom } from './random.ts';
import { type Step, writeScript } from './script.ts';

export interface Outcome {
  readonly seed: number;
  /** What went wrong; nothing when all went well. */
  readonly faults: readonly string[];
  readonly alerts: number;
  readonly restarts: number;
  readonly ways: { readonly own: number; readonly elsewhere: number; readonly digest: number; readonly note: number };
  readonly tookMs: number;
}

const SETTLED_WITHIN_MS = 10_000;

/** Runs one schedule against a server of its own; `path` is where its journal may live. */
export async function runSchedule(seed: number, path: string, log: Log = SILENT): Promise<Outcome> {
  const begin = Date.now();
  const random = createRandom(seed);
  const script = writeScript(random);
  const sandbox = await createSandboxDiscord({ openApi: null, times: { nonceRememberedMs: 2_000 } });
  const owner = createOwner(sandbox.channels.audit);
  const start = (): Promise<Process> => startProcess({ sandbox, path, log, random: () => random.next() });
  const ends: Promise<void>[] = [];
  let running: Process | null = await start();
  let restarts = 0;

  async function restart(downMs: number): Promise<void> {
    await running?.kill();
    running = null;
    restarts += 1;
    await delay(downMs);
    running = await start();
    owner.reconcile(running.outbox);
  }

  async function act(step: Step): Promise<void> {
    if (step.kind === 'restart') {
      // Two restarts at once are one.
      if (running) await restart(step.downMs);
    } else if (step.kind === 'fault') {
      const clear = await sandbox.faults.set(step.fault);
      ends.push(delay(step.forMs).then(clear));
    } else owner.act(step, running?.outbox ?? null);
  }

  try {
    const acts = script.map(async (step) => {
      await delay(Math.max(0, begin + START_MS + step.at - Date.now()));
      await act(step);
    });
    await Promise.all(acts);
    await Promise.all(ends);
    await sandbox.faults.clear();
    const settled = await settle(running);
    return {
      seed,
      faults: [
        ...settled,
        ...checkOpen(
          running,
          owner.alerts.filter(({ state }) => state !== 'resolved').map(({ alert }) => `${alert}.1`),
        ),
        ...checkChannel(sandbox, owner.alerts),
      ],
      alerts: owner.alerts.length,
      restarts,
      ways: countWays(sandbox),
      tookMs: Date.now() - begin,
    };
  } finally {
    await running?.stop();
    await sandbox.close();
    await Promise.all(['', '-wal', '-shm'].map((end) => rm(`${path}${end}`, { force: true })));
  }
}

/** For starting up. */
const START_MS = 100;

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

async function settle(process: Process | null): Promise<string[]> {
  if (!process) return ['no process is left'];
  const until = Date.now() + SETTLED_WITHIN_MS;
  while (process.outbox.waiting() > 0 && Date.now() < until) await delay(10);
  const left = process.outbox.waiting();
  return left === 0 ? [] : [`${left} messages still wait: ${JSON.stringify(process.outbox.health())}`];
}

/** What is open after all is what still fires. */
function checkOpen(process: Process | null, firing: readonly string[]): string[] {
  const open = process?.outbox.open() ?? [];
  const lost = firing.filter((id) => !open.includes(id));
  return lost.length === 0 ? [] : [`the outbox does not know ${lost.join()} any more`];
}
