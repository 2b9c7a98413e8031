import type { KillFate, KillTarget } from '../model/kill-plan.ts';
import { countFates } from '../model/kill-plan.ts';
import type { JudgedSession } from '../model/staleness.ts';
import { alignCounts } from './align-counts.ts';
import { joinLines } from './join-lines.ts';
import { type EmbedField, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/**
 * Whose the orphaned ones were, as in `24` site-6f… · revision 41 · vanished 38 minutes ago; a rollout of several pods is one
 * line, with theirs under it. Pure.
 */
export function renderGonePods(judged: readonly JudgedSession[]): EmbedField {
  const selected = judged.filter(({ verdict }) => verdict.kind === 'selected');
  const rollouts = [...Map.groupBy(selected, rolloutOf).values()].sort((a, b) => b.length - a.length);
  const lines = alignCounts(rollouts.map((sessions) => [sessions.length, renderRollout(sessions)]));
  return { name: 'By pod', value: joinLines(lines, 800) };
}

function rolloutOf({ ownership }: JudgedSession): string {
  if (ownership?.kind !== 'orphaned') return '';
  const { pod, words } = ownership;
  if (pod === null) return words;
  return JSON.stringify(pod.owner?.revision ? [pod.namespace, pod.owner] : [pod.uid]);
}

const MOST_PODS = 4;

function renderRollout(sessions: readonly JudgedSession[]): string {
  const gone = sessions.flatMap(({ ownership }) =>
    ownership?.kind === 'orphaned' && ownership.pod ? [ownership.pod] : [],
  );
  const [pod] = gone;
  if (pod === undefined) return escapeUntrusted(sessions[0]?.ownership?.words ?? '', 150);
  const pods = [...Map.groupBy(gone, ({ uid }) => uid).values()].sort((a, b) => b.length - a.length);
  const { owner } = pod;
  const isOne = pods.length === 1;
  const went = pod.livesOn === true ? 'left that address' : 'vanished';
  const head = [
    isOne ? escapeUntrusted(pod.name, 63) : `**${escapeUntrusted(owner?.name ?? '', 63)}**`,
    ...(owner?.revision ? [`revision ${escapeUntrusted(owner.revision, 20)}`] : []),
    `${isOne ? went : `${pods.length} pods vanished`} ${timestamp(Math.max(...gone.map(({ vanishedAt }) => vanishedAt)))}`,
  ].join(' · ');
  if (isOne) return head;
  const names = pods
    .slice(0, MOST_PODS)
    .map((members) => `${members.length} ${escapeUntrusted(members[0]?.name ?? '', 63)}`);
  const left = pods.length - names.length;
  return `${head}\n-# ${names.join(', ')}${left > 0 ? ` and ${left} more pods` : ''}`;
}

/** Who may be orphaned and is in doubt, with the reasons; nothing where nobody is. Pure. */
export function renderDoubts(judged: readonly JudgedSession[]): EmbedField[] {
  const { unknown, reused } = countDoubts(judged);
  if (unknown + reused === 0) return [];
  const lines = countBy(
    judged.filter(({ verdict }) => isDoubt(verdict)),
    ({ verdict }) => (verdict.kind === 'spared' ? escapeUntrusted(verdict.words, 150) : ''),
  );
  return [{ name: `In doubt: unknown ${unknown}, address reused ${reused}`, value: joinLines(lines, 800) }];
}

/** In doubt, and never selected. Pure. */
export function countDoubts(judged: readonly JudgedSession[]): { readonly unknown: number; readonly reused: number } {
  const countOf = (reason: string) =>
    judged.filter(({ verdict }) => verdict.kind === 'spared' && verdict.reason === reason).length;
  return { unknown: countOf('unknown'), reused: countOf('reused') };
}

/** What a responder should know of the selected before the click. Pure. */
export function renderOrphanWarnings(judged: readonly JudgedSession[]): string[] {
  const selected = judged.filter(({ verdict }) => verdict.kind === 'selected');
  if (selected.length === 0) return [];
  const isKnown = judged.some(({ ownership }) => ownership?.kind === 'live' || ownership?.kind === 'reused');
  const strange = selected.filter(({ ownership }) => ownership?.kind === 'orphaned' && ownership.strange).length;
  const running = selected.filter(
    ({ ownership }) => ownership?.kind === 'orphaned' && ownership.mayRunOn !== undefined,
  );
  return [
    ...(strange === 0 ? [] : [`⚠️ ${strange} of them began when no pod had their address: ${STRANGE}`]),
    ...(running.length > 0
      ? [
          `⚠️ ${running.length} of them may still be used: their pods are gone, and the nodes that ran them are not Ready.`,
        ]
      : []),
    ...(selected.some(({ session }) => session.state !== 'idle')
      ? ['⚠️ Open transactions among them are rolled back.']
      : []),
    ...(isKnown
      ? []
      : ['⚠️ No session at all is at the address of a living pod: make sure that the kubeconfig is of their cluster.']),
  ];
}

const STRANGE =
  'what outlived its pod, or a bridge or another cluster in the same networks. Where it is one of these, cancel and write the address into `kubernetes.excludeAddresses`.';

/** Who the oldest ones were, after `from`: the pod; where it has no name, the address. Pure. */
export function renderOrigin({ pod, address }: KillTarget): string {
  if (address === null) return 'over a local socket';
  const from = escapeUntrusted(address);
  return pod ? `from pod ${escapeUntrusted(pod.name, 63)}` : `from ${from}`;
}

/** What became of each pod's. Pure. */
export function renderPodFates(fates: readonly KillFate[]): EmbedField {
  const lines = describeFates(fates, ({ pod, address }) => {
    const revision = pod?.revision;
    const name = escapeUntrusted(pod?.name ?? address ?? '?', 63);
    return revision ? `${name} · revision ${escapeUntrusted(revision, 20)}` : name;
  });
  return { name: 'By pod', value: joinLines(lines, 800) };
}

/** How many of each, the most first, and what became of them: `8` site: terminated; `8` site: terminated 5, spared 3. */
export function describeFates(fates: readonly KillFate[], nameOf: (target: KillTarget) => string): readonly string[] {
  const groups = [...Map.groupBy(fates, ({ target }) => nameOf(target))].sort(([, a], [, b]) => b.length - a.length);
  return alignCounts(
    groups.map(([name, members]) => {
      const parts = Object.entries(countFates(members)).filter(([, count]) => count > 0);
      const isOne = parts.length === 1;
      return [
        members.length,
        `${name}: ${parts.map(([word, count]) => (isOne ? word : `${word} ${count}`)).join(', ')}`,
      ];
    }),
  );
}

function isDoubt(verdict: JudgedSession['verdict']): boolean {
  return verdict.kind === 'spared' && (verdict.reason === 'unknown' || verdict.reason === 'reused');
}

/** The most first. */
function countBy<T>(all: readonly T[], nameOf: (one: T) => string): readonly string[] {
  const counts = [...Map.groupBy(all, nameOf)].sort(([, a], [, b]) => b.length - a.length);
  return alignCounts(counts.map(([name, { length }]) => [length, name]));
}
