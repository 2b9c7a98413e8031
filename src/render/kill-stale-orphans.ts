import type { KillFate, KillTarget } from '../model/kill-plan.ts';
import { countFates } from '../model/kill-plan.ts';
import type { JudgedSession } from '../model/staleness.ts';
import { joinLines } from './join-lines.ts';
import { type EmbedField, timestamp } from './message.ts';
import { escapeUntrusted } from './untrusted.ts';

/** Whose the orphaned ones were, as in `24` site-6f… · revision 41 · vanished 38 minutes ago. Pure. */
export function renderGonePods(judged: readonly JudgedSession[]): EmbedField {
  const selected = judged.filter(({ verdict }) => verdict.kind === 'selected');
  const lines = countBy(selected, ({ ownership }) => {
    if (ownership?.kind !== 'orphaned') return '';
    const { pod, words } = ownership;
    if (pod === null) return escapeUntrusted(words, 150);
    const revision = pod.owner?.revision;
    return [
      escapeUntrusted(pod.name, 63),
      ...(revision ? [`revision ${escapeUntrusted(revision, 20)}`] : []),
      `${pod.livesOn === true ? 'left that address' : 'vanished'} ${timestamp(pod.vanishedAt)}`,
    ].join(' · ');
  });
  return { name: 'By pod', value: joinLines(lines, 800) };
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

/** Who the oldest ones were, after `from`: the pod, and its address. Pure. */
export function renderOrigin({ pod, address }: KillTarget): string {
  if (address === null) return 'over a local socket';
  const from = escapeUntrusted(address);
  return pod ? `from pod ${escapeUntrusted(pod.name, 63)} (${from})` : `from ${from}`;
}

/** What became of each pod's. Pure. */
export function renderPodFates(fates: readonly KillFate[]): EmbedField {
  const groups = Map.groupBy(fates, ({ target: { pod, address } }) => pod?.name ?? address ?? '?');
  const lines = [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, members]) => {
      const revision = members[0]?.target.pod?.revision;
      const parts = Object.entries(countFates(members)).filter(([, count]) => count > 0);
      const of = revision ? ` · revision ${escapeUntrusted(revision, 20)}` : '';
      return `**${escapeUntrusted(name, 63)}**${of}: ${parts.map(([word, count]) => `${word} ${count}`).join(', ')}`;
    });
  return { name: 'By pod', value: joinLines(lines, 800) };
}

function isDoubt(verdict: JudgedSession['verdict']): boolean {
  return verdict.kind === 'spared' && (verdict.reason === 'unknown' || verdict.reason === 'reused');
}

/** The most first. */
function countBy<T>(all: readonly T[], nameOf: (one: T) => string): readonly string[] {
  const counts = [...Map.groupBy(all, nameOf)].sort(([, a], [, b]) => b.length - a.length);
  return counts.map(([name, { length }]) => `\`${length}\` ${name}`);
}
