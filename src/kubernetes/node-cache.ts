import { isDeepStrictEqual } from 'node:util';
import type { ClusterNode } from '../model/cluster.ts';

/** The nodes as the watch tells them. Each act answers whether anything changed: kubelets report when nothing has. */
export interface NodeCache {
  replace(nodes: readonly ClusterNode[]): boolean;
  put(node: ClusterNode): boolean;
  remove(node: ClusterNode): boolean;
  nodes(): readonly ClusterNode[];
}

export function createNodeCache(): NodeCache {
  let held: ReadonlyMap<string, ClusterNode> = new Map();

  function become(next: ReadonlyMap<string, ClusterNode>): boolean {
    if (isDeepStrictEqual(next, held)) return false;
    held = next;
    return true;
  }

  return {
    replace: (nodes) => become(new Map(nodes.map((node) => [node.name, node]))),
    put: (node) => become(new Map([...held, [node.name, node]])),
    remove: ({ name }) => become(new Map([...held].filter(([key]) => key !== name))),
    nodes: () => [...held.values()],
  };
}
