import type { Incident } from '../incident.ts';
import type { IncidentFigures } from '../measure-incident.ts';
import type { Pen } from './pen.ts';

/** What each part of the post-mortem is written from. */
export interface Part {
  readonly incident: Incident;
  readonly figures: IncidentFigures;
  readonly pen: Pen;
  readonly pictures: readonly IncidentPicture[];
}

/** A chart of one database: the name of the file beside the post-mortem, or why there is none. */
export type IncidentPicture =
  | { readonly database: string; readonly ok: true /** Letters, digits, `-` and `.` only. */; readonly file: string }
  | { readonly database: string; readonly ok: false; readonly reason: string };
