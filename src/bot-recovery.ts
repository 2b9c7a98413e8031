import { randomBytes } from 'node:crypto';
import type { BotAlerts } from './bot-alerts.ts';
import type { BotDatabase } from './bot-database.ts';
import type { BotStreams } from './bot-journal.ts';
import { type BotKubernetes, createBlindness } from './bot-kubernetes.ts';
import { readRecoverySettings } from './bot-settings.ts';
import type { Config } from './config/config.ts';
import { keepRunMessages } from './delivery/keep-run-messages.ts';
import type { DiscordChannelActs } from './discord/channel-acts.ts';
import type { LevelRead } from './discord/member-levels.ts';
import type { Clock } from './model/clock.ts';
import type { Holders } from './model/kill-plan.ts';
import type { Log } from './model/log.ts';
import { holdersOf, readFreshHolders } from './operations/count-holders.ts';
import { createRecover } from './operations/create-recover.ts';
import { readRecoveryFacts } from './operations/read-recovery-facts.ts';
import type { Recover } from './operations/recover.ts';
import { describeRunAct, readNews } from './operations/recovery-acts.ts';
import { describeStep } from './recovery/describe-steps.ts';
import { diagnose } from './recovery/diagnose.ts';
import { EVIDENCE_STREAMS, keepEvidence } from './recovery/keep-evidence.ts';
import { observeRun } from './recovery/observe-run.ts';
import type { PlanStep } from './recovery/plan.ts';
import { isOver, type RecoveryRun } from './recovery/run.ts';
import { createRecoveryDesk, RECOVERIES_KEPT } from './recovery/run-desk.ts';
import type { RunEvent } from './recovery/run-events.ts';
import type { StepTools } from './recovery/step.ts';
import { loadSteps } from './recovery/step-catalogue.ts';
import { loadStrategies } from './recovery/strategy-catalogue.ts';
import { viewRun } from './recovery/view-run.ts';

/** Requests expire, and the glass may be broken, on this clock. */
const TICK_MS = 1_000;
/** So long nothing is said of what is not seen, and looked at again instead. */
const SEEN_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 2_000;

/** Wires `/db recover`: what people ask for, what a former life left in the middle, and what everybody sees of it. */
export async function startRecovery(options: {
  readonly config: Config;
  readonly databases: readonly BotDatabase[];
  /** Null: no cluster is configured. */
  readonly kubernetes: BotKubernetes | null;
  readonly alerts: BotAlerts;
  readonly streams: BotStreams;
  readonly acts: DiscordChannelActs;
  readonly readLevel: (memberId: string) => Promise<LevelRead>;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<{ readonly recover: Recover; stop(): Promise<void> }> {
  const { config, databases, alerts, streams, acts, readLevel, clock, log } = options;
  const kubernetes = options.kubernetes ?? createBlindness(NO_CLUSTER, clock);
  const [catalogue, strategies] = await Promise.all([loadSteps(), loadStrategies()]);
  const observed = new Map<string, readonly string[]>();
  const stopping = new AbortController();
  const { signal } = stopping;

  const recoverable = databases.flatMap((database) => {
    const configured = config.databases.find(({ name }) => name === database.name);
    if (configured === undefined) return [];
    const settings = readRecoverySettings(configured);
    const looked = { database: { ...database, server: database.recovery }, kubernetes: options.kubernetes, clock };
    return [{ name: database.name, settings, readFacts: () => readRecoveryFacts(looked, settings) }];
  });
  const view = (run: RecoveryRun) =>
    viewRun(run, { steps: catalogue, strategies }, clock.now(), observed.get(run.id) ?? []);
  const desk = createRecoveryDesk({
    runs: {
      async write(id, events) {
        const written = await streams.open(`recoveries/${id}`).write(events);
        return streams.fenced() ? 'fenced' : written;
      },
      close: (id) => streams.release(`recoveries/${id}`),
    },
    past: await streams.readNewest('recoveries/', RECOVERIES_KEPT),
    catalogue,
    partsFor: (run) => ({ tools: toolsFor(run), waitForNews }),
    onChange,
    newId: () => randomBytes(5).toString('hex'),
    clock,
    log,
  });
  const messages = keepRunMessages({
    find(id) {
      const run = desk.find(id);
      return run && view(run);
    },
    edit: (channelId, messageId, message) => acts.editMessage(channelId, messageId, message),
    told: (id) => desk.told(id),
    lost: (view) => void alerts.recoveries.interrupted(view, channelOf(view.run)),
    clock,
    log,
  });

  function channelOf({ plan, place }: RecoveryRun): string {
    return place?.channelId ?? alerts.threadOf(plan.database) ?? config.discord.channels.alerts;
  }

  function toolsFor(run: RecoveryRun): StepTools {
    const database = findDatabase(run.plan.database);
    const { cluster, objects, changes, inventory, evidence, backups } = kubernetes;
    return {
      runId: run.id,
      database: database.name,
      protect: database.protect,
      cluster,
      objects,
      changes,
      inventory,
      evidence,
      backups,
      actions: database.actions,
      server: database.recovery,
      pooler: database.pooler,
      admit: () => database.admit(),
      keepEvidence: async (captured) => {
        const kept = await keepEvidence(streams.open(`${EVIDENCE_STREAMS}${run.id}`), captured, clock.now());
        streams.release(`${EVIDENCE_STREAMS}${run.id}`);
        const thread = alerts.threadOf(run.plan.database) ?? channelOf(run);
        if (kept.kind === 'done') alerts.recoveries.evidence(run, kept.files, kept.gaps, thread, clock.now());
        return kept;
      },
      clock,
    };
  }

  function findDatabase(name: string): BotDatabase {
    const found = databases.find((database) => database.name === name);
    // One that has left the configuration cannot be recovered: whoever goes on with its run is told so.
    if (found === undefined) throw new Error(`${name} is not watched any more`);
    return found;
  }

  /** The pods have changed, or the time is over. */
  async function waitForNews(ms: number): Promise<void> {
    const news = new AbortController();
    const forget = kubernetes.cluster.onChange(() => news.abort());
    await clock.sleep(ms, AbortSignal.any([news.signal, signal]));
    forget();
  }

  function onChange(run: RecoveryRun, event: RunEvent | null): void {
    // What was found after an interruption is not true any more.
    if (event?.type === 'directed') observed.delete(run.id);
    if (event !== null) tell(run, event);
    // Before its first act; a server that lets nobody look has none to tell.
    if (event?.type === 'approved') tellHolders(run, 'before', holdersNow(run));
    const waits = event?.type === 'stopped' && event.data.why.kind !== 'interrupted';
    if (waits || event?.type === 'done' || event?.type === 'ended')
      void lookAfter(run).catch((err: unknown) => log.error({ err, run: run.id }, 'what came of it is not known'));
    if (event === null || changesMessage(event)) messages.changed(run.id);
  }

  function tell(run: RecoveryRun, event: RunEvent): void {
    const at = clock.now();
    if (event.type === 'approved' && event.data.how === 'broke-glass') {
      const { by, reason } = event.data;
      alerts.recoveries.brokeGlass({ run, by, reason: reason ?? '', at }, channelOf(run));
    }
    const titleOf = (step: PlanStep): string => describeStep(step, catalogue).title;
    const news = readNews(run, event, { titleOf, at });
    const act = news && describeRunAct(run, news);
    if (act === null) return;
    void alerts.rooms
      .record(act)
      .catch((err: unknown) => log.error({ err, run: run.id }, 'an act of a recovery could not be recorded'));
  }

  function holdersNow({ plan }: RecoveryRun): Holders | null {
    const database = databases.find(({ name }) => name === plan.database);
    return database ? holdersOf(database.watch.latest(), database.applications) : null;
  }

  /** Who held the connections, for the timeline and the post-mortem, as for every act on sessions. */
  function tellHolders({ plan }: Pick<RecoveryRun, 'plan'>, moment: 'before' | 'after', holders: Holders | null): void {
    if (holders === null) return;
    const fact = { type: 'holders', database: plan.database, moment, ...holders } as const;
    void alerts.rooms
      .record({ at: clock.now(), by: null, fact })
      .catch((err: unknown) => log.error({ err }, 'who held the connections could not be recorded'));
  }

  /** Looks, tells, and does nothing until somebody says so (contract.md, fine print 10). */
  async function takeUp(run: RecoveryRun): Promise<void> {
    log.warn({ run: run.id, strategy: run.plan.strategy }, 'the bot ended in the middle of a recovery');
    const looked = await lookAt(run).catch(describeBlindness);
    observed.set(run.id, looked);
    if (signal.aborted) return;
    const newest = desk.find(run.id);
    if (newest === null || isOver(newest)) return;
    const stands = alerts.recoveries.interrupted(view(newest), channelOf(newest));
    // Posted by the life before, which may not have come to know of it.
    if (stands !== null) return desk.standsAt(stands.runId, stands);
    if (newest.place !== null) await messages.retire(view(newest), newest.place);
  }

  async function lookAt(run: RecoveryRun): Promise<readonly string[]> {
    return observeRun(run, catalogue, toolsFor(run));
  }

  /** What came of it, or how it stands while it waits: sessions that ended with the old server are back after some seconds. */
  async function lookAfter({ id, plan, state }: RecoveryRun): Promise<void> {
    const recovered = recoverable.find(({ name }) => name === plan.database);
    if (recovered !== undefined && state.kind !== 'stopped')
      tellHolders({ plan }, 'after', await readFreshHolders(findDatabase(plan.database), clock));
    const until = clock.now() + SEEN_WITHIN_MS;
    while (recovered !== undefined && !signal.aborted) {
      const { condition, headline, advice } = diagnose(await recovered.readFacts());
      // It was told to go on meanwhile: what was seen is not true any more.
      if (desk.find(id)?.state !== state) return;
      const isLate = clock.now() >= until;
      if (condition !== 'unknown' || isLate) {
        const news = observed.get(id)?.[0] !== headline;
        observed.set(id, [headline]);
        if (news) messages.changed(id);
        // Pods that were let in a moment ago are not ready yet.
        if (isLate || state.kind === 'stopped' || advice.kind !== 'by-hand') return;
      }
      await clock.sleep(LOOK_AGAIN_MS, signal);
    }
  }

  function describeBlindness(err: unknown): readonly string[] {
    log.error({ err }, 'what became of a recovery cannot be looked at');
    return ['What became of it could not be looked at: look by hand before you go on.'];
  }

  async function tick(): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(TICK_MS, signal);
      const now = clock.now();
      desk.expireDue(now);
      for (const { id, state, breakGlassAt } of desk.open())
        if (
          state.kind === 'requested' &&
          breakGlassAt !== null &&
          breakGlassAt <= now &&
          breakGlassAt > now - 2 * TICK_MS
        )
          messages.changed(id);
    }
  }

  const recover = createRecover({
    databases: recoverable,
    desk,
    strategies,
    catalogue,
    approval: { policy: config.discord.approval, breakGlassAfterMs: config.discord.breakGlassAfterMs },
    readLevel,
    recorder: alerts.rooms,
    clock,
  });

  alerts.rooms.whenRunPosted(({ runId, ...place }) => desk.standsAt(runId, place));
  const ticking = tick();
  const interrupted = desk.takeUpInterrupted();
  const takingUp = interrupted.map((run) =>
    takeUp(run).catch((err: unknown) => log.error({ err, run: run.id }, 'an interrupted recovery could not be told')),
  );
  // What a former life saw end, or stop, and may not have shown.
  for (const { id } of desk.open()) if (!interrupted.some((run) => run.id === id)) messages.changed(id);
  return {
    recover,
    async stop() {
      stopping.abort();
      desk.stop();
      await Promise.all([ticking, messages.stop(), ...takingUp]);
    },
  };
}

/** What is said at once in the message of a run. An interruption is told in a new one, which alone has the buttons. */
function changesMessage(event: RunEvent): boolean {
  if (event.type === 'stopped') return event.data.why.kind !== 'interrupted';
  return !['shown', 'told', 'requested'].includes(event.type);
}

const NO_CLUSTER = 'No cluster is configured: write `kubernetes:` into the configuration.';
