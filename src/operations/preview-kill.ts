import type { DetailedSession } from '../model/activity.ts';
import { nameApplication } from '../model/application.ts';
import { describePlan, type KillPlan, type KillPreview } from '../model/kill-plan.ts';
import type { ClusterLook } from '../model/orphan.ts';
import { STALE_KINDS, type StaleCriteria } from '../model/stale-criteria.ts';
import { decideStaleness } from '../model/staleness.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import { holdersAmong } from './count-holders.ts';
import { asSentence, describeObstacle } from './describe-obstacle.ts';
import { type ActingDatabase, KILL_STALE, type KillStaleParts, type RecordStage } from './kill-stale-parts.ts';
import { toTarget } from './kill-target.ts';
import { lookAtCluster } from './look-at-cluster.ts';
import { KINDS_WITHOUT_CLUSTER, offerKinds, olderThanFor, selectedOf } from './offer-kinds.ts';
import { type KillRequest, readApplication, readKind, readOlderThan } from './read-kill-request.ts';
import { chooseDatabase } from './read-status.ts';

/** Looks, decides, and freezes what it shows; refuses where it cannot be sure of all three. */
export function createKillPreview(
  { databases, confirmations, clock }: KillStaleParts,
  record: RecordStage,
): (request: KillRequest, by: string) => Promise<KillPreview> {
  return async (request, by) => {
    const database = chooseDatabase(databases, request.database);
    const kind = readKind(request.kind);
    const asked = readOlderThan(request.olderThan);
    const refused = (summary: string) =>
      record(by, { database: database.name, stage: 'refused', confirmation: null, summary });
    const look = await lookAt(database);
    if (!look.ok) {
      await refused(look.reason);
      throw new UserFacingError(look.reason);
    }
    const application = readApplication(request.application, namesAmong(database, look.sessions));
    const base = { database: database.name, at: look.at };
    // After the sessions: a pod that was started in between is on the list, its sessions are not on ours (product.md §6).
    const seeCluster = () => lookAtCluster(database.cluster, look.at, clock);
    const judgeBy = (cluster: ClusterLook | null) => (criteria: StaleCriteria) =>
      decideStaleness(look.sessions, criteria, { ...database, ...look, cluster, sessionsAt: look.at });

    const seen = kind === 'orphaned' ? await seeCluster() : null;
    if (seen?.ok === false) {
      // Without a cluster there is nothing to refuse, and nothing to record.
      if (database.cluster !== null) await refused(`orphaned sessions cannot be told from the others: ${seen.why}`);
      const choices = offerKinds({ kinds: KINDS_WITHOUT_CLUSTER, asked, application }, judgeBy(null));
      return { ...base, kind: 'choose', why: seen.why, application, choices };
    }
    const criteria = { kind, olderThanMs: olderThanFor(kind, asked), application };
    const judged = judgeBy(seen?.look ?? null)(criteria);
    const targets = selectedOf(judged)
      .map(toTarget)
      .sort((a, b) => b.stateMs - a.stateMs);
    if (targets.length === 0) {
      const cluster = seen ?? (await seeCluster());
      const kinds = cluster.ok ? STALE_KINDS : KINDS_WITHOUT_CLUSTER;
      const choices = offerKinds({ kinds, asked, application }, judgeBy(cluster.ok ? cluster.look : null));
      return { ...base, kind: 'nothing', criteria, judged, choices };
    }
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

/** Configured ones first, then whoever is connected. */
function namesAmong({ applications }: ActingDatabase, sessions: readonly DetailedSession[]): readonly string[] {
  const connected = sessions.map((session) => nameApplication(session, applications)).toSorted();
  return [...new Set([...applications.map(({ name }) => name), ...connected])];
}
