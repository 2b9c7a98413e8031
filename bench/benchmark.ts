import type { Figure } from './figure.ts';

export interface Benchmark {
  readonly name: string;
  /** What is measured, from where to where, in a line. */
  readonly summary: string;
  /** Throws when something cannot be measured; a number that is merely bad is a figure like any other. */
  readonly run: (context: BenchmarkContext) => Promise<Measured>;
}

export interface Measured {
  readonly figures: readonly Figure[];
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
}

export interface BenchmarkContext {
  /** Undone in reverse order when the benchmark is over, however it ends, Ctrl-C included. */
  readonly scope: AsyncDisposableStack;
  /** How long the soak lasts. */
  readonly soakMs: number;
  /** Tells the one who waits; goes to standard error. */
  readonly progress: (text: string) => void;
}
