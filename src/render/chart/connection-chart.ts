import type { HistoryPoint } from '../../model/history.ts';
import type { Interval } from '../../model/history-gaps.ts';
import type { ChartEvent } from './draw-events.ts';
import type { ForecastPoint } from './draw-forecast.ts';

/** What a connection chart shows. Every text may be hostile, every number may be none. */
export interface ConnectionChart {
  /** As in `main · connections`. */
  readonly title: string;
  /** Epoch milliseconds; the end may lie in the future when a forecast is drawn. */
  readonly fromMs: number;
  readonly toMs: number;
  /** `history.window(fromMs, toMs)` */
  readonly samples: readonly HistoryPoint[];
  /** `findGaps(samples, …)`: hatched, never bridged. */
  readonly gaps: readonly Interval[];
  /** max_connections, and what ordinary roles can take of it; null while unknown. */
  readonly max: number | null;
  readonly usable: number | null;
  /** Sessions in total at which `connections-total` fires. */
  readonly fireAt?: number | undefined;
  /** The numbers beside the drawing are of the highest point, not of the latest: for what is over. */
  readonly atPeak?: boolean | undefined;
  /** The application that the chart is about, with the sessions at which its alert fires. */
  readonly focus?: { readonly application: string; readonly limit?: number | undefined } | undefined;
  readonly forecast?: readonly ForecastPoint[] | undefined;
  readonly events?: readonly ChartEvent[] | undefined;
  /** The configured applications, in the order of the configuration: their colours never change. */
  readonly knownApplications?: readonly string[] | undefined;
}
