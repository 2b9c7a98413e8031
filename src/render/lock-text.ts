import type { Application } from '../model/application.ts';
import type { LockBranch, LockForest } from '../model/arrange-lock-tree.ts';
import { describeLock } from './lock-facts.ts';
import { plainUntrusted } from './untrusted.ts';

/** Deeper ones stand no further to the right, but say how deep they are. */
const DEEPEST_INDENT = 12;

/** The whole tree as a text file, nothing left out. Pure. */
export function writeLockText(forest: LockForest, applications: readonly Application[]): Uint8Array {
  const lines: string[] = [];
  // A stack of our own: a chain may be longer than JavaScript's.
  const todo: { readonly branch: LockBranch; readonly depth: number }[] = [];
  for (const root of forest.roots.toReversed()) todo.push({ branch: root, depth: 0 });
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { branch, depth } = next;
    lines.push(...writeNode(branch, depth, applications));
    for (const child of branch.behind.toReversed()) todo.push({ branch: child, depth: depth + 1 });
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

function writeNode(branch: LockBranch, depth: number, applications: readonly Application[]): string[] {
  const { name, standing, facts, statement } = describeLock(branch, applications);
  const indent = '    '.repeat(Math.min(depth, DEEPEST_INDENT));
  const level = depth > DEEPEST_INDENT ? `[level ${depth}] ` : '';
  const details = statement === null || statement === '' ? facts : [...facts, statement];
  return [
    `${indent}${level}${plainUntrusted(`${name}: ${standing}`, 300)}`,
    ...details.map((line) => `${indent}  ${plainUntrusted(line, 500)}`),
  ];
}
