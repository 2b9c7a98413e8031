import type { ConfirmationDesk } from '../confirmations/confirmation.ts';
import type { Clock } from '../model/clock.ts';
import {
  countFates,
  type KillFate,
  type KillOutcome,
  type KillPlan,
  type KillResult,
  type KillTarget,
  summariseOutcome,
} from '../model/kill-plan.ts';
import type { TerminationReport, TerminationTarget } from '../model/termination.ts';
import { holdersOf, readFreshHolders } from './count-holders.ts';
import type { ActingDatabase, RecordHolders, RecordStage } from './kill-stale-parts.ts';
import { spareOwned } from './spare-owned.ts';

interface Tools {
  readonly database: ActingDatabase;
  readonly confirmations: ConfirmationDesk;
  readonly clock: Clock;
  readonly record: RecordStage;
  readonly recordHolders: RecordHolders;
}

interface ClaimedKill {
  readonly id: string;
  readonly summary: string;
  readonly requestedBy: string;
  /** When it was shown, epoch milliseconds. */
  readonly shownAt: number;
  readonly plan: KillPlan;
  /** Who confirmed it. */
  readonly by: string;
  progress(begun: { readonly database: string; readonly plan: KillPlan; readonly by: string }): Promise<void>;
}

/** The record of the click comes before the act; a journal that hangs does not hold up what was confirmed for longer. */
const RECORD_WITHIN_MS = 2_000;

/** Carries out a claimed plan: ends its targets, no others, looks what became of them, and writes it down, come what may. */
export async function runKill(tools: Tools, kill: ClaimedKill): Promise<KillResult> {
  const { database, confirmations, clock, record, recordHolders } = tools;
  const { id, plan, by } = kill;
  const stage = { database: database.name, confirmation: id };
  const { targets, criteria, holders } = plan;
  const before = holdersOf(database.watch.latest(), database.applications) ?? holders;

  async function end(fates: readonly KillFate[], after: KillOutcome['after'], tookMs: number): Promise<KillOutcome> {
    const counts = countFates(fates);
    const left = fates
      .filter(({ fate }) => fate !== 'terminated')
      .map(({ target: { pid, backendStart }, fate, reason }) => ({ pid, backendStart, fate, reason }));
    const outcome: KillOutcome = { ...counts, before, after, tookMs, left };
    await confirmations.finish(id, outcome);
    await record(by, { ...stage, stage: 'done', ...summariseOutcome(outcome) });
    confirmations.seenTo(id, 'recorded');
    if (after) await recordHolders('after', database.name, after);
    return outcome;
  }

  const began = { ...stage, stage: 'confirmed', summary: kill.summary, figures: { listed: targets.length } } as const;
  const told = record(by, began).then(() => recordHolders('before', database.name, before));
  await within(RECORD_WITHIN_MS, told, clock);
  const { report, spared, shown } = await carryOut(tools, kill).catch(async (error: unknown) => {
    // A fault of ours: whoever clicks again must not be told that it is under way for ever.
    await end(
      targets.map((target) => ({ target, ...NOT_TOLD })),
      null,
      0,
    );
    throw error;
  });
  const fates = matchFates(targets, report, spared);
  const after = await readFreshHolders(database, clock).catch(async (error: unknown) => {
    // What became of them is known, and is written down before the fault is told.
    await end(fates, null, report.tookMs);
    throw error;
  });
  const outcome = await end(fates, after, report.tookMs);
  await shown;
  return {
    ...stage,
    requestedBy: kill.requestedBy,
    confirmedBy: by,
    endedAt: clock.now(),
    criteria,
    fates,
    outcome,
    knownApplications: database.applications.map(({ name }) => name),
  };
}

async function carryOut({ database, clock }: Tools, kill: ClaimedKill) {
  const { plan, by, shownAt } = kill;
  // Not waited for: Discord's slowness is no reason to keep a full server full. The answer to come waits for it.
  const shown = kill.progress({ database: database.name, plan, by });
  const { left, spared } =
    plan.criteria.kind === 'orphaned'
      ? await spareOwned(database.cluster, plan.targets, { shownAt, clock })
      : { left: plan.targets, spared: [] };
  const report = left.length === 0 ? NOBODY : await database.actions.terminate(left.map(identityOf));
  return { report, spared, shown };
}

async function within(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, clock.sleep(ms, over.signal)]);
  over.abort();
}

const NOBODY: TerminationReport = { fates: [], tookMs: 0 };

function identityOf(target: KillTarget): TerminationTarget {
  const { pid, backendStart, userId, databaseId, state, stateChange, waitEvent } = target;
  return { pid, backendStart, userId, databaseId, state, stateChange, ...(waitEvent !== undefined && { waitEvent }) };
}

/** A target that the report does not speak of: nobody knows. */
function matchFates(
  targets: readonly KillTarget[],
  { fates }: TerminationReport,
  spared: readonly KillFate[],
): readonly KillFate[] {
  const keyOf = ({ pid, backendStart }: TerminationTarget): string => `${pid} ${backendStart}`;
  const told = new Map([...fates, ...spared].map(({ target, fate, reason }) => [keyOf(target), { fate, reason }]));
  return targets.map((target) => ({ target, ...(told.get(keyOf(target)) ?? NOT_TOLD) }));
}

const NOT_TOLD = { fate: 'unknown', reason: 'nothing was said of it' } as const;
