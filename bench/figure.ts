import { summarise } from './statistics.ts';

/** What a figure is held against; `source` says where its number comes from. */
export interface Peer {
  readonly name: string;
  /** In the unit of the figure. */
  readonly value: number;
  readonly source: string;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** What `value` is of the `n` measurements. */
  readonly statistic: 'median' | 'slope' | 'mean';
  readonly value: number;
  readonly n: number;
  readonly min?: number;
  readonly max?: number;
  readonly p99?: number;
  /** `ratio` is ours ÷ the peer's: below 1 we are quicker, smaller, cheaper. */
  readonly peers: readonly (Peer & { readonly ratio: number })[];
  readonly remark?: string;
}

interface Described {
  readonly name: string;
  readonly unit: string;
  readonly peers?: readonly Peer[];
  readonly remark?: string;
}

/** The figure of a series of measurements: its median, with what lies around it. */
export function figureOf(described: Described, values: readonly number[]): Figure {
  const { n, median, p99, min, max } = summarise(values);
  return { ...singleFigure(described, { statistic: 'median', value: median, n }), p99, min, max };
}

/** A figure that is one number by its nature: a slope, a mean over a stretch of time. */
export function singleFigure(
  { name, unit, peers = [], remark }: Described,
  measured: Pick<Figure, 'statistic' | 'value' | 'n'>,
): Figure {
  const compared = peers.map((peer) => ({ ...peer, ratio: measured.value / peer.value }));
  return { name, unit, ...measured, peers: compared, ...(remark !== undefined && { remark }) };
}
