import type { DetailedSession } from '../model/activity.ts';
import { nameApplication } from '../model/application.ts';
import { describePlan, type KillChoice, type KillPlan, type KillPreview, type KillTarget } from '../model/kill-plan.ts';
import { DEFAULT_OLDER_THAN_MS, STALE_KINDS, type StaleCriteria } from '../model/stale-criteria.ts';
import { decideStaleness, findYoung, type JudgedSession } from '../model/staleness.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import { holdersAmong } from './count-holders.ts';
import { asSentence, describeObstacle } from './describe-obstacle.ts';
import { type ActingDatabase, KILL_STALE, type KillStaleParts, type RecordStage } from './kill-stale-parts.ts';
import { type KillRequest, readApplication, readKind, readOlderThan } from './read-kill-request.ts';
import { chooseDatabase } from './read-status.ts';

/** Looks, decides, and freezes what it shows; refuses where it cannot be sure of all three. */
export function createKillPreview(
  { databases, confirmations }: KillStaleParts,
  record: RecordStage,
): (request: KillRequest, by: string) => Promise<KillPreview> {
  return async (request, by) => {
    const database = chooseDatabase(databases, request.database);
    const kind = readKind(request.kind);
    const asked = readOlderThan(request.olderThan);
    const look = await lookAt(database);
    if (!look.ok) {
      await record(by, { database: database.name, stage: 'refused', confirmation: null, summary: look.reason });
      throw new UserFacingError(look.reason);
    }
    const application = readApplication(request.application, namesAmong(database, look.sessions));
    const judge = (criteria: StaleCriteria) =>
      decideStaleness(look.sessions, criteria, { ...database, ...look, cluster: null, sessionsAt: look.at });
    const choices = STALE_KINDS.filter((each) => each !== 'orphaned').flatMap((each): readonly KillChoice[] => {
      const choose = (olderThanMs: number) => judge({ kind: each, olderThanMs, application });
      const usualMs = asked ?? DEFAULT_OLDER_THAN_MS[each];
      const judged = choose(usualMs);
      const usual = { kind: each, olderThanMs: usualMs, count: selectedOf(judged).length };
      const shorterMs = usual.count > 0 ? null : chooseShorter(findYoung(judged, each).longestMs);
      if (shorterMs === null) return [usual];
      return [usual, { kind: each, olderThanMs: shorterMs, count: selectedOf(choose(shorterMs)).length }];
    });
    const base = { database: database.name, at: look.at };
    if (kind === 'orphaned') return { ...base, kind: 'choose', application, choices };

    const criteria = { kind, olderThanMs: asked ?? DEFAULT_OLDER_THAN_MS[kind], application };
    const judged = judge(criteria);
    const targets = selectedOf(judged)
      .map(toTarget)
      .sort((a, b) => b.stateMs - a.stateMs);
    if (targets.length === 0) return { ...base, kind: 'nothing', criteria, judged, choices };
    const { server } = database.watch.latest();
    const plan: KillPlan = { criteria, targets, holders: holdersAmong(look.sessions, database.applications, server) };
    const summary = describePlan(plan);
    const confirmation = await confirmations.propose({
      act: KILL_STALE,
      database: database.name,
      plan,
      summary,
      requestedBy: by,
      typed: null,
    });
    await record(by, {
      database: database.name,
      stage: 'previewed',
      confirmation: confirmation.id,
      summary,
      figures: { listed: targets.length, used: plan.holders.used },
    });
    return { ...base, kind: 'ready', confirmation, plan, judged };
  };
}

/** In a surge nobody has been idle for long: what is offered then, the longest first. What is younger is a pool at work. */
const SHORTER_MS = [300_000, 60_000, 30_000, 10_000] as const;

function chooseShorter(longestMs: number): number | null {
  return SHORTER_MS.find((ms) => ms <= longestMs) ?? null;
}

type Look =
  | {
      readonly ok: true;
      readonly sessions: readonly DetailedSession[];
      readonly at: number;
      readonly poolerPids: Awaited<ReturnType<ActingDatabase['actions']['readPoolerPids']>>;
    }
  | { readonly ok: false; readonly reason: string };

/** All that a decision needs, or why there can be none: what is not known is not safe. */
async function lookAt({ name, actions }: ActingDatabase): Promise<Look> {
  const obstacle = await actions.readObstacle();
  if (obstacle) return { ok: false, reason: `No session of ${name} can be ended: ${describeObstacle(obstacle)}` };
  // The pooler last: a session that it opened in between is on its list, and not on ours.
  const details = await actions.readDetails();
  if (!details.ok)
    return { ok: false, reason: `The sessions of ${name} cannot be read: ${asSentence(details.reason)}` };
  const poolerPids = await actions.readPoolerPids();
  if (!poolerPids.ok) {
    const what = `The pooler's console does not say which sessions of ${name} are the pooler's: ${asSentence(poolerPids.reason)}`;
    return { ok: false, reason: `${what} Nothing is ended without that; mend it, or take \`pgbouncer\` out.` };
  }
  return { ok: true, sessions: details.value, at: details.at, poolerPids };
}

function selectedOf(judged: readonly JudgedSession[]): readonly JudgedSession[] {
  return judged.filter(({ verdict }) => verdict.kind === 'selected');
}

/** Configured ones first, then whoever is connected. */
function namesAmong({ applications }: ActingDatabase, sessions: readonly DetailedSession[]): readonly string[] {
  const connected = sessions.map((session) => nameApplication(session, applications)).toSorted();
  return [...new Set([...applications.map(({ name }) => name), ...connected])];
}

function toTarget({ session, application }: JudgedSession): KillTarget {
  const { pid, backendStart, userId, databaseId, state, stateChange } = session;
  const { user, database, applicationName, address, stateMs, ageMs } = session;
  return {
    pid,
    backendStart,
    userId,
    databaseId,
    state,
    stateChange,
    user,
    database,
    application,
    applicationName,
    address,
    // Never null for one that was selected.
    stateMs: stateMs ?? 0,
    ageMs: ageMs ?? 0,
  };
}
