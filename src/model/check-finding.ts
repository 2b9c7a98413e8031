export const CHECK_AREAS = ['configuration', 'discord', 'postgres', 'kubernetes'] as const;
export type CheckArea = (typeof CHECK_AREAS)[number];

/** `unknown`: it could not be examined, which is neither healthy nor a fault of its own. */
export type CheckLevel = 'fault' | 'warning' | 'ok' | 'unknown';

/** One thing that `breakwater check` looked at. Its texts are plain, and hold names from elsewhere: hostile. */
export interface CheckFinding {
  /** The check's name; with `subject`, the finding's. Both stay the same from run to run. */
  readonly id: string;
  readonly level: CheckLevel;
  readonly area: CheckArea;
  /** What it is about: a database, a channel, a role, a workload. */
  readonly subject: string;
  /** What was found. */
  readonly what: string;
  /** Why it matters; null where all is well. */
  readonly why: string | null;
  /** The exact command or SQL, or the steps, that mend it; null where nothing is to do. Of an `ok`: what may be added. */
  readonly mend: string | null;
}

/** Whether a line of `mend` is a sentence for people; the others are to be copied as they are. */
export function isProse(line: string): boolean {
  return /^\S+ .*[.:)]$/.test(line);
}

/** Names a finding for as long as it is the same one. */
export function findingKey({ id, subject }: Pick<CheckFinding, 'id' | 'subject'>): string {
  return `${id} · ${subject}`;
}
