import type { Application } from '../model/application.ts';
import type { LockRoot } from '../model/arrange-lock-tree.ts';
import type { LockNode } from '../model/lock-tree.ts';
import { DEFAULT_OLDER_THAN_MS, type StaleKind } from '../model/stale-criteria.ts';
import { nameOwner } from './lock-facts.ts';
import { codeUntrusted, escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** What to do about the one that holds up the most, as Markdown. Pure. */
export function describeNextStep(root: LockRoot, database: string, applications: readonly Application[]): string {
  const { node, circle, holdsUp } = root;
  if (circle.length > 0) {
    return `${circle.length} wait for each other in a circle. PostgreSQL ends one of them by itself after \`deadlock_timeout\` (1 s unless set): press Refresh.`;
  }
  if (node.kind === 'prepared') return describePrepared(node, holdsUp);
  const owner = nameOwner(node, applications);
  const name = escapeUntrusted(owner, 63);
  const who = `**${node.pid ?? '?'}** of **${name}**`;
  if (node.waitedMs !== null || node.blockedBy.length > 0)
    return `${who} waits for one that has ended, or is not seen: press Refresh.`;
  const holds = `holds up **${holdsUp}**`;
  if (node.state?.startsWith('idle in transaction')) {
    return `${who} sits idle in a transaction and ${holds}. ${killStale(database, owner, 'idle-in-transaction', node.transactionMs)}`;
  }
  if (node.state === 'idle') {
    return `${who} is idle, keeps a lock of its session (an advisory one) and ${holds}. ${killStale(database, owner, 'idle', null)}`;
  }
  return `${who} is at work and ${holds}. Let it finish, or ask those who own ${name}. By hand, \`SELECT pg_cancel_backend(${node.pid ?? '…'});\` ends its statement.`;
}

/** `forMs`: for how long it can have been so at most; one that is not stale yet is shown by a smaller age only. */
function killStale(database: string, owner: string, kind: StaleKind, forMs: number | null): string {
  const options = [
    `database: ${codeUntrusted(database, 63)}`,
    // Another name would have to be quoted, and is completed as it is typed.
    ...(/^[\w.-]{1,63}$/.test(owner) ? [`application: ${owner}`] : []),
    `kind: ${kind}`,
    ...(forMs !== null && forMs < DEFAULT_OLDER_THAN_MS[kind] ? [`older-than: ${forMs < 60_000 ? '10s' : '1m'}`] : []),
  ];
  return `\`/db kill-stale ${options.join(' ')}\` shows what it would end, and asks first.`;
}

/** Breakwater ends no prepared transaction: only its coordinator's people know whether it was promised to be kept. */
function describePrepared({ gid, database }: LockNode, holdsUp: number): string {
  const where = database === null ? 'its database' : `database **${escapeUntrusted(database, 63)}**`;
  const fact = `A prepared transaction holds up **${holdsUp}**. No session has it: it keeps its locks until a person ends it. Ask those who run what prepared it; if it is given up, in ${where}:`;
  // A name that is shown otherwise than it is would end another one, or none.
  const exact = gid !== null && gid !== '' && plainUntrusted(gid, 200) === gid && !gid.includes('`');
  return exact
    ? `${fact}\n\`ROLLBACK PREPARED '${gid.replaceAll("'", "''")}';\``
    : `${fact}\n\`ROLLBACK PREPARED '…';\` with its name from \`SELECT gid FROM pg_prepared_xacts;\`, as it cannot be shown here.`;
}
