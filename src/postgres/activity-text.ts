import type { DetailedSession } from '../model/activity.ts';
import { arrangeLockTree, type LockBranch } from '../model/arrange-lock-tree.ts';
import { formatDuration } from '../model/duration.ts';
import type { LockNode, LockTree } from '../model/lock-tree.ts';
import { stripInvisible } from '../model/plain-text.ts';

const COLUMNS = [
  'pid',
  'started',
  'kind',
  'user',
  'database',
  'application',
  'address',
  'state',
  'in state',
  'transaction',
  'waits for',
  'statement',
] as const;

/** Every backend in aligned columns, oldest first; statements without their literals. Pure. */
export function describeActivity(sessions: readonly DetailedSession[], at: number): string {
  const rows = sessions.map((session) => [
    String(session.pid),
    session.backendStart,
    plain(session.backendType),
    plain(session.user),
    plain(session.database),
    plain(session.applicationName),
    plain(session.address),
    session.state,
    duration(session.stateMs),
    duration(session.transactionMs),
    plain([session.waitEventType, session.waitEvent].filter((word) => word !== null).join(': ')),
    plain(session.statement),
  ]);
  const count = sessions.length === 1 ? '1 backend' : `${sessions.length} backends`;
  return `${count} at ${new Date(at).toISOString()}, statements without their literals\n\n${align([COLUMNS, ...rows])}\n`;
}

/** Who waits for whom, the ones that hold up the most first. Pure. */
export function describeLocks(tree: LockTree, at: number): string {
  const { roots, waiting, longestMs } = arrangeLockTree(tree);
  const many = waiting === 1 ? '1 session waits' : `${waiting} sessions wait`;
  const longest = longestMs === null ? '' : `, the longest for ${formatDuration(longestMs)}`;
  const head = `${many} for a lock${longest}, at ${new Date(at).toISOString()}, statements without their literals`;
  const parts = roots.map((root) => {
    const circle = root.circle.length > 0 ? [`in a circle: ${root.circle.map(nameNode).join(' behind ')}`] : [];
    return describeBranch(root, '').concat(circle).join('\n');
  });
  return `${[head, ...parts].join('\n\n')}\n`;
}

function describeBranch(branch: LockBranch, indent: string): readonly string[] {
  const also = branch.alsoBehind.length > 0 ? `, also behind ${branch.alsoBehind.map(nameNode).join(', ')}` : '';
  return [
    `${indent}${describeNode(branch.node)}${also}`,
    ...branch.behind.flatMap((next) => describeBranch(next, `${indent}  `)),
  ];
}

function describeNode(node: LockNode): string {
  const facts = [
    `${nameNode(node)}: ${plain(node.user)}@${plain(node.database)} ${plain(node.applicationName)} ${plain(node.address)}`,
    node.state,
    node.transactionMs === null ? null : `transaction open for ${formatDuration(node.transactionMs)}`,
    node.waitedMs === null ? null : `waits for ${formatDuration(node.waitedMs)}`,
    node.awaits === null ? null : `for ${plain(node.awaits)}`,
    node.statement === null ? null : plain(node.statement),
  ];
  return facts.filter((fact) => fact !== null).join(', ');
}

function nameNode({ kind, pid, gid }: LockNode): string {
  return kind === 'session' ? `pid ${pid}` : `prepared transaction ${plain(gid)}`;
}

/** Names and statements are other people's text: on one line, nothing in it that hides or turns. */
function plain(text: string | null): string {
  return stripInvisible(text ?? '') || '-';
}

function duration(ms: number | null): string {
  return ms === null ? '-' : formatDuration(ms);
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
