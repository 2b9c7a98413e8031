import { describe, expect, it } from 'vitest';
import type { Benchmark } from '../../bench/benchmark.ts';
import { figureOf } from '../../bench/figure.ts';
import { type Outcome, runBenchmarks } from '../../bench/run-benchmarks.ts';

const MEASURED = { figures: [figureOf({ name: 'a figure', unit: 'ms' }, [1])], notes: [] };

/** A benchmark that tells when it runs and when it is undone. */
function createBenchmark(name: string, told: string[], run: Benchmark['run'] = async () => MEASURED): Benchmark {
  return {
    name,
    summary: name,
    run(context) {
      told.push(`${name} runs`);
      context.scope.defer(() => void told.push(`${name} undone`));
      return run(context);
    },
  };
}

async function run(benchmarks: readonly Benchmark[], signal = new AbortController().signal): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const options = { soakMs: 60_000, signal, progress: () => {} };
  for await (const outcome of runBenchmarks(benchmarks, options)) outcomes.push(outcome);
  return outcomes;
}

describe('running benchmarks', () => {
  it('undoes each before the next begins', async () => {
    const told: string[] = [];
    const outcomes = await run([createBenchmark('a', told), createBenchmark('b', told)]);
    expect(told).toEqual(['a runs', 'a undone', 'b runs', 'b undone']);
    expect(outcomes).toMatchObject([
      { name: 'a', ok: true, measured: MEASURED },
      { name: 'b', ok: true },
    ]);
  });

  it('goes on after one that cannot measure, says why, and undoes it as well', async () => {
    const told: string[] = [];
    const fail = async () => {
      throw new Error('no such file');
    };
    const outcomes = await run([createBenchmark('a', told, fail), createBenchmark('b', told)]);
    expect(outcomes).toMatchObject([
      { name: 'a', ok: false, reason: 'no such file' },
      { name: 'b', ok: true },
    ]);
    expect(told).toContain('a undone');
  });

  it('undoes the one under way when it is broken off, and begins no other', async () => {
    const told: string[] = [];
    const interrupted = new AbortController();
    const hang = () => {
      queueMicrotask(() => interrupted.abort());
      return new Promise<never>(() => {});
    };
    const outcomes = await run([createBenchmark('a', told, hang), createBenchmark('b', told)], interrupted.signal);
    expect(outcomes).toEqual([]);
    expect(told).toEqual(['a runs', 'a undone']);
  });
});
