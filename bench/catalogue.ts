import type { Benchmark } from './benchmark.ts';
import apiConnections from './benchmarks/api-connections.ts';
import chart from './benchmarks/chart.ts';
import databases from './benchmarks/databases.ts';
import dependencies from './benchmarks/dependencies.ts';
import detection from './benchmarks/detection.ts';
import interaction from './benchmarks/interaction.ts';
import orphanJoin from './benchmarks/orphan-join.ts';
import podCache from './benchmarks/pod-cache.ts';
import rest from './benchmarks/rest.ts';
import sampleCost from './benchmarks/sample-cost.ts';
import soak from './benchmarks/soak.ts';
import start from './benchmarks/start.ts';
import terminate from './benchmarks/terminate.ts';

/** In the order they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  detection,
  start,
  rest,
  databases,
  soak,
  dependencies,
  sampleCost,
  terminate,
  orphanJoin,
  interaction,
  chart,
  apiConnections,
  podCache,
];
