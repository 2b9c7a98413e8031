import type { Incident } from './incident.ts';
import { measureIncident } from './measure-incident.ts';
import { writeDetection } from './postmortem/detection.ts';
import { writeFollowUps } from './postmortem/follow-ups.ts';
import { writeImpact } from './postmortem/impact.ts';
import { writeLeadup } from './postmortem/leadup.ts';
import type { IncidentPicture, Part } from './postmortem/part.ts';
import { type Block, createPen, moment } from './postmortem/pen.ts';
import { writeFiveWhys, writeLessons, writeRootCause } from './postmortem/questions.ts';
import { writeRecovery } from './postmortem/recovery.ts';
import { writeResponse } from './postmortem/response.ts';
import { writeSummary } from './postmortem/summary.ts';
import { writeTimeline } from './postmortem/timeline-table.ts';

export interface PostmortemContext {
  /** Epoch milliseconds: when it is written. */
  readonly now: number;
  /** A member's name as people know it; null where it is not known: `member 1234`. */
  readonly nameOf: (memberId: string) => string | null;
  /** The charts that lie beside the file, or why one is missing. */
  readonly pictures?: readonly IncidentPicture[];
}

/** The headings of product.md §8, in its order. */
const PARTS = {
  Leadup: writeLeadup,
  Impact: writeImpact,
  Detection: writeDetection,
  Response: writeResponse,
  Recovery: writeRecovery,
  "Five Why's": writeFiveWhys,
  'Blameless root cause': writeRootCause,
  'Lessons learned': writeLessons,
  'Follow-up tasks': writeFollowUps,
} as const satisfies Readonly<Record<string, (part: Part) => readonly Block[]>>;

/**
 * The post-mortem as a Markdown file: what the timeline knows is filled in, the rest stays a question for people. Pure; all
 * times are UTC.
 */
export function writePostmortem(incident: Incident, { now, nameOf, pictures = [] }: PostmortemContext): string {
  const figures = measureIncident(incident, now);
  const part: Part = { incident, figures, pen: createPen(nameOf), pictures };
  const blocks = [
    `# Post-mortem: ${part.pen.text(incident.title, 200)}`,
    ...writeSummary(part),
    `Written by Breakwater from the incident's timeline, ${moment(now)} UTC. All times are UTC. What it could not know is marked _To be filled in_.`,
    ...Object.entries(PARTS).flatMap(([heading, write]) => [`## ${heading}`].concat(write(part))),
    '## Appendix: timeline',
    ...writeTimeline(part),
  ];
  return `${blocks.join('\n\n')}\n`;
}
