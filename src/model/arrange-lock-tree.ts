import type { LockNode, LockTree } from './lock-tree.ts';

/** Who waits for whom, made to be read from the top: every node stands in it once. */
export interface LockForest {
  /** Those that wait for nobody, the ones that hold up the most first; then one of each circle that nobody outside holds. */
  readonly roots: readonly LockRoot[];
  /** How many wait. */
  readonly waiting: number;
  /** Milliseconds; null when nobody's wait is known. */
  readonly longestMs: number | null;
}

export interface LockBranch {
  readonly node: LockNode;
  /** Those that are told under it, the longest wait first; each under the nearest one that holds it up. */
  readonly behind: readonly LockBranch[];
  /** How many are told under it, at whatever depth. */
  readonly below: number;
  /** The others that hold it up. */
  readonly alsoBehind: readonly LockNode[];
}

export interface LockRoot extends LockBranch {
  /** How many wait for it, directly or through others; those told under another root too. */
  readonly holdsUp: number;
  /** Where they wait for each other in a circle: the nodes in it, each held up by the next, the last by the first; else empty. */
  readonly circle: readonly LockNode[];
}

/** Arranges any graph, circles and unknown ids included, without looping. Pure. */
export function arrangeLockTree(tree: LockTree): LockForest {
  const nodes = [...new Map(tree.nodes.map((node) => [node.id, node])).values()];
  const graph = readGraph(nodes);
  const told = new Set<string>();
  const roots = nodes
    .filter(({ id }) => graph.blockersOf(id).length === 0)
    .map((node) => ({ node, holdsUp: graph.countBehind(node.id) }))
    .sort((a, b) => b.holdsUp - a.holdsUp || byAge(a.node, b.node))
    .map(({ node, holdsUp }) => tellFrom({ node, holdsUp, circle: [] }, graph, told));
  const circles: LockRoot[] = [];
  // Who is not told by now waits in a circle, or behind one.
  for (const node of nodes) {
    if (told.has(node.id)) continue;
    const circle = findCircle(node, graph);
    const [first = node] = circle;
    circles.push(tellFrom({ node: first, holdsUp: graph.countBehind(first.id), circle }, graph, told));
  }
  const waits = nodes.filter((node) => node.waitedMs !== null || node.blockedBy.length > 0);
  const longestMs = waits.reduce<number | null>((most, { waitedMs }) => {
    return waitedMs === null ? most : Math.max(most ?? 0, waitedMs);
  }, null);
  return { roots: [...roots, ...circles], waiting: waits.length, longestMs };
}

interface Graph {
  blockersOf(id: string): readonly LockNode[];
  waitersOf(id: string): readonly LockNode[];
  countBehind(id: string): number;
}

function readGraph(nodes: readonly LockNode[]): Graph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const blockers = new Map<string, readonly LockNode[]>();
  const waiters = new Map<string, LockNode[]>(nodes.map(({ id }) => [id, []]));
  for (const node of byId.values()) {
    // One that is gone since it was named holds up nobody; nobody holds up itself.
    const known = [...new Set(node.blockedBy)].flatMap((id) => (id === node.id ? [] : (byId.get(id) ?? [])));
    blockers.set(node.id, known);
    for (const { id } of known) waiters.get(id)?.push(node);
  }
  for (const each of waiters.values()) each.sort(byAge);
  const waitersOf = (id: string): readonly LockNode[] => waiters.get(id) ?? [];
  // Many that share one lock hold up the same ones: counted once for all of them.
  const counted = new Map<string, number>();
  return {
    blockersOf: (id) => blockers.get(id) ?? [],
    waitersOf,
    countBehind(id) {
      const key = JSON.stringify(waitersOf(id).map((node) => node.id));
      const count = counted.get(key) ?? reach(id, waitersOf).size - 1;
      counted.set(key, count);
      return count;
    },
  };
}

/** All that wait for it, through however many others, and itself. */
function reach(id: string, waitersOf: (id: string) => readonly LockNode[]): ReadonlySet<string> {
  const reached = new Set([id]);
  // A set that grows while it is walked is walked to its new end.
  for (const each of reached) for (const waiter of waitersOf(each)) reached.add(waiter.id);
  return reached;
}

interface Growing {
  readonly node: LockNode;
  readonly behind: Growing[];
  below: number;
  readonly alsoBehind: readonly LockNode[];
}

/** The nearest first, so that a queue of a hundred is a hundred beside each other and not a stair of a hundred steps. */
function tellFrom(root: Pick<LockRoot, 'node' | 'holdsUp' | 'circle'>, graph: Graph, told: Set<string>): LockRoot {
  const { id } = root.node;
  told.add(id);
  const top = { ...root, behind: [], below: 0, alsoBehind: graph.blockersOf(id) };
  const line: { readonly branch: Growing; readonly above: Growing | null }[] = [{ branch: top, above: null }];
  for (const { branch } of line) {
    for (const node of graph.waitersOf(branch.node.id)) {
      if (told.has(node.id)) continue;
      told.add(node.id);
      const alsoBehind = graph.blockersOf(node.id).filter((other) => other.id !== branch.node.id);
      const next: Growing = { node, behind: [], below: 0, alsoBehind };
      branch.behind.push(next);
      line.push({ branch: next, above: branch });
    }
  }
  for (const { branch, above } of line.toReversed()) if (above) above.below += branch.below + 1;
  return top;
}

/** From one that waits in a circle or behind one, up to the circle; the longest wait in it leads. */
function findCircle(from: LockNode, graph: Graph): readonly LockNode[] {
  const path: LockNode[] = [];
  const seen = new Set<string>();
  let node: LockNode | undefined = from;
  while (node !== undefined && !seen.has(node.id)) {
    seen.add(node.id);
    path.push(node);
    node = graph.blockersOf(node.id)[0];
  }
  const begin = path.findIndex(({ id }) => id === node?.id);
  const circle = begin === -1 ? [] : path.slice(begin);
  const first = circle.toSorted(byAge)[0];
  const at = circle.findIndex(({ id }) => id === first?.id);
  return at === -1 ? [] : [...circle.slice(at), ...circle.slice(0, at)];
}

/** The longest wait first, then the oldest transaction, then by name so that the order never depends on the server's. */
function byAge(a: LockNode, b: LockNode): number {
  const wait = (b.waitedMs ?? -1) - (a.waitedMs ?? -1);
  const open = (b.transactionMs ?? -1) - (a.transactionMs ?? -1);
  return wait || open || (a.id < b.id ? -1 : 1);
}
