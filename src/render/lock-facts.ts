import { type Application, nameApplication } from '../model/application.ts';
import type { LockBranch, LockRoot } from '../model/arrange-lock-tree.ts';
import { formatDuration } from '../model/duration.ts';
import type { LockNode } from '../model/lock-tree.ts';

/** One node of the tree in words: plain text, hostile in part; whoever shows it makes it safe. */
export interface LockFacts {
  /** `4711 site`, or the prepared transaction's name. */
  readonly name: string;
  /** What it does to others, or they to it: `holds up 12`. */
  readonly standing: string;
  readonly facts: readonly string[];
  readonly statement: string | null;
}

const MOST_NAMED = 3;

/** Says of one node who it is, how long it has been so, and what it waits for. Pure. */
export function describeLock(branch: LockBranch | LockRoot, applications: readonly Application[]): LockFacts {
  const { node, alsoBehind } = branch;
  const holdsUp = 'holdsUp' in branch ? branch.holdsUp : 0;
  const circle = 'circle' in branch ? branch.circle : [];
  const waits = node.waitedMs === null ? 'waits' : `waits ${formatDuration(node.waitedMs)}`;
  const isWaiting = node.waitedMs !== null || node.blockedBy.length > 0;
  const standing = [...(isWaiting ? [waits] : []), ...(holdsUp > 0 ? [`holds up ${holdsUp}`] : [])].join(', ');
  return {
    name: nameLock(node, applications),
    standing,
    facts: [
      node.awaits === null ? '' : `for ${node.awaits}`,
      describeDoing(node),
      describeOrigin(node, applications),
      circle.length > 0 ? `in a circle: ${circle.map(shortName).slice(0, 6).join(' waits for ')} …` : '',
      alsoBehind.length > 0 && circle.length === 0 ? `also behind ${listNames(alsoBehind)}` : '',
      describeElsewhere(holdsUp - branch.below),
    ].filter((fact) => fact !== ''),
    statement: node.statement,
  };
}

/** `4711 site`: the number for PostgreSQL, the name for people. */
export function nameLock(node: LockNode, applications: readonly Application[]): string {
  if (node.kind === 'prepared') return `prepared “${node.gid ?? ''}”`;
  return `${node.pid ?? '?'} ${nameOwner(node, applications)}`;
}

/** The application that it counts for. */
export function nameOwner(node: LockNode, applications: readonly Application[]): string {
  return nameApplication({ ...node, own: false }, applications);
}

function describeDoing({ kind, state, transactionMs }: LockNode): string {
  const open = transactionMs === null ? [] : [`open ${formatDuration(transactionMs)}`];
  const doing = kind === 'prepared' ? ['nobody is connected to it'] : state === null ? [] : [state];
  return [...doing, ...open].join(', ');
}

function describeOrigin(node: LockNode, applications: readonly Application[]): string {
  const { kind, user, address, applicationName } = node;
  const owner = nameOwner(node, applications);
  if (kind === 'prepared') return user === null ? '' : `by ${user}`;
  const parts = [
    `from ${address ?? 'a local socket'}`,
    ...(user === null || user === owner ? [] : [`as ${user}`]),
    ...(applicationName === '' || applicationName === owner ? [] : [applicationName]),
  ];
  return parts.join(' ');
}

/** Each is told once: those that others hold up too may stand there. */
function describeElsewhere(count: number): string {
  return count > 0 ? `${count} of them told elsewhere` : '';
}

function listNames(nodes: readonly LockNode[]): string {
  const left = nodes.length - MOST_NAMED;
  return nodes.slice(0, MOST_NAMED).map(shortName).join(', ') + (left > 0 ? ` and ${left} more` : '');
}

function shortName({ kind, pid, gid }: LockNode): string {
  return kind === 'prepared' ? `“${gid ?? ''}”` : String(pid ?? '?');
}
