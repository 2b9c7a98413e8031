import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangeLockTree, type LockBranch, type LockForest } from '../../src/model/arrange-lock-tree.ts';
import type { LockNode } from '../../src/model/lock-tree.ts';
import { lockNode } from '../support/looking.ts';

/** `4711(4712(4713) 4714)`: who is told under whom. */
function draw({ node, behind }: LockBranch): string {
  return behind.length === 0 ? String(node.pid) : `${node.pid}(${behind.map(draw).join(' ')})`;
}

const drawAll = (nodes: readonly LockNode[]): string[] => arrangeLockTree({ nodes }).roots.map(draw);

function listIds({ roots }: LockForest): string[] {
  const line: LockBranch[] = [...roots];
  for (const { behind } of line) line.push(...behind);
  return line.map(({ node }) => node.id);
}

/** Any graph at all: circles, a node that waits for itself, and for what nobody knows. */
const anyGraph = fc
  .integer({ min: 0, max: 14 })
  .chain((size) =>
    fc
      .array(fc.array(fc.integer({ min: 0, max: size + 1 }), { maxLength: 5 }), { minLength: size, maxLength: size })
      .map((edges) =>
        edges.map((blockers, pid) => lockNode(pid, blockers, { waitedMs: blockers.length ? pid : null })),
      ),
  );

describe('arranging who waits for whom', () => {
  it('puts each one under the nearest that holds it up, the longest wait first', () => {
    const nodes = [
      lockNode(3, [2], { waitedMs: 10 }),
      lockNode(4, [2], { waitedMs: 20 }),
      lockNode(2, [1]),
      lockNode(1),
    ];
    expect(drawAll(nodes)).toEqual(['1(2(4 3))']);
  });

  it('draws a queue for one lock flat, though each waits for all before it', () => {
    const nodes = [lockNode(1), lockNode(2, [1]), lockNode(3, [1, 2]), lockNode(4, [1, 2, 3])];
    expect(drawAll(nodes)).toEqual(['1(2 3 4)']);
  });

  it('leads with the one that holds up the most, through others too', () => {
    const nodes = [lockNode(1), lockNode(2, [1]), lockNode(10), lockNode(11, [10]), lockNode(12, [11])];
    expect(drawAll(nodes)).toEqual(['10(11(12))', '1(2)']);
  });

  it('tells one that two hold up once, and of both', () => {
    const { roots } = arrangeLockTree({ nodes: [lockNode(1), lockNode(2), lockNode(3, [1, 2]), lockNode(4, [1])] });
    expect(roots.map(draw)).toEqual(['1(3 4)', '2']);
    expect(roots.map(({ holdsUp, below }) => [holdsUp, below])).toEqual([
      [2, 2],
      [1, 0],
    ]);
    expect(roots[0]?.behind[0]?.alsoBehind.map(({ pid }) => pid)).toEqual([2]);
  });

  it('draws a circle from the longest wait in it, and names it in order', () => {
    const nodes = [
      lockNode(9, [1], { waitedMs: 99_999 }),
      lockNode(1, [2], { waitedMs: 5 }),
      lockNode(2, [3], { waitedMs: 7 }),
      lockNode(3, [1], { waitedMs: 6 }),
    ];
    const { roots } = arrangeLockTree({ nodes });
    expect(roots.map(draw)).toEqual(['2(1(9 3))']);
    expect(roots[0]?.circle.map(({ pid }) => pid)).toEqual([2, 3, 1]);
    expect(roots[0]?.holdsUp).toBe(3);
  });

  it('counts for each of those that share a lock all that wait for it', () => {
    const nodes = [lockNode(1), lockNode(2), lockNode(3, [1, 2]), lockNode(4, [3]), lockNode(5), lockNode(6, [5])];
    expect(arrangeLockTree({ nodes }).roots.map(({ holdsUp }) => holdsUp)).toEqual([2, 2, 1]);
  });

  it('takes nobody that is said to wait for itself for a circle', () => {
    const { roots } = arrangeLockTree({ nodes: [lockNode(1, [1]), lockNode(2, [1])] });
    expect(roots.map(draw)).toEqual(['1(2)']);
    expect(roots[0]?.circle).toEqual([]);
  });

  it('counts who waits, and the longest of them', () => {
    const nodes = [lockNode(1), lockNode(2, [1], { waitedMs: 40 }), lockNode(3, [1], { waitedMs: 90 })];
    expect(arrangeLockTree({ nodes })).toMatchObject({ waiting: 2, longestMs: 90 });
    expect(arrangeLockTree({ nodes: [] })).toEqual({ roots: [], waiting: 0, longestMs: null });
  });

  it('keeps one whose blocker is gone', () => {
    expect(drawAll([lockNode(2, [1])])).toEqual(['2']);
  });

  it('ends for any graph, with each node in it once', () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const ids = listIds(arrangeLockTree({ nodes }));
        expect(ids.toSorted()).toEqual(nodes.map(({ id }) => id).toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it('adds up: what is told under each, and all together', () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const { roots } = arrangeLockTree({ nodes });
        const check = (branch: LockBranch): number => {
          const below = branch.behind.reduce((sum, child) => sum + check(child), 0);
          expect(branch.below).toBe(below);
          return below + 1;
        };
        expect(roots.reduce((sum, root) => sum + check(root), 0)).toBe(nodes.length);
        for (const { holdsUp, below } of roots) expect(holdsUp).toBeGreaterThanOrEqual(below);
      }),
    );
  });

  it('tells a waiter only under one that holds it up', () => {
    fc.assert(
      fc.property(anyGraph, (nodes) => {
        const line: LockBranch[] = [...arrangeLockTree({ nodes }).roots];
        for (const { node, behind } of line) {
          for (const child of behind) expect(child.node.blockedBy).toContain(node.id);
          line.push(...behind);
        }
      }),
    );
  });

  it('takes a chain longer than the stack is deep', () => {
    const nodes = Array.from({ length: 20_000 }, (_, pid) => lockNode(pid, pid === 0 ? [] : [pid - 1]));
    expect(arrangeLockTree({ nodes }).roots[0]?.below).toBe(19_999);
  });
});
