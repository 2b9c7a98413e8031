import type { Incident } from '../incidents/incident.ts';
import type { Closing, IncidentDesk, Noted } from '../incidents/incident-desk.ts';
import { listLosses } from '../incidents/list-losses.ts';
import type { Clock } from '../model/clock.ts';
import { UserFacingError } from '../model/user-facing-error.ts';

/** Which incident: by its id; else that of this thread, else the only one that is open. */
export interface IncidentRef {
  readonly id?: string | undefined;
  readonly channelId?: string | undefined;
}

export interface IncidentView {
  readonly incident: Incident;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What people can do about incidents. Resolves when it is durable; throws UserFacingError with what to do. */
export interface IncidentOperations {
  /** On the named database; the only one where none is named. */
  open(title: string, database: string | undefined, by: string): Promise<IncidentView>;
  note(which: IncidentRef, text: string, by: string): Promise<Noted>;
  status(which: IncidentRef): IncidentView;
  /** The open ones first, then the newest. */
  list(): { readonly incidents: readonly Incident[]; readonly at: number };
  /** The open one that a form is about, and what people lost as far as that is known; null where it is not clear which. */
  draft(which: IncidentRef): { readonly id: string; readonly impact: string } | null;
  /** `severity` as in `sev1`. */
  close(which: IncidentRef, as: Closing, by: string): Promise<Incident>;
  /** Undoes a closing. */
  reopen(id: string, by: string): Promise<IncidentView>;
  /** What the post-mortem is written from; `names` of the members in it, hostile text. */
  postmortem(which: IncidentRef): Promise<IncidentView & { readonly names: ReadonlyMap<string, string> }>;
  /** For autocompletion: names that the others understand. */
  suggest(typed: string, which?: 'open'): readonly string[];
}

/** What each word means is said where it is asked for. */
export const INCIDENT_SEVERITIES = ['sev1', 'sev2', 'sev3'] as const;

export const LONGEST = { title: 100, note: 1_500, impact: 1_000 } as const;

export function createIncidentOperations(options: {
  readonly desk: IncidentDesk;
  /** The watched database that a name, or none, stands for. Throws UserFacingError that names the choices. */
  readonly chooseDatabase: (name: string | undefined) => string;
  /** Names of members, as far as they are known. */
  readonly nameMembers: (memberIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly clock: Clock;
}): IncidentOperations {
  const { desk, chooseDatabase, nameMembers, clock } = options;

  function find({ id = '', channelId }: IncidentRef): Incident {
    const name = id.trim().split(' ')[0]?.toLowerCase() ?? '';
    if (name !== '') {
      const named = desk.find(name);
      if (named) return named;
      throw new UserFacingError(`No incident is named ${id}. ${sayWhichThereAre()}`);
    }
    const incidents = desk.list();
    const here = incidents.find(({ thread }) => channelId !== undefined && thread?.channelId === channelId);
    if (here) return here;
    const [only, ...others] = incidents.filter(isOpen);
    if (only && others.length === 0) return only;
    throw new UserFacingError(
      only ? `Several incidents are open. ${sayWhichThereAre()}` : `No incident is open. ${sayWhichThereAre()}`,
    );
  }

  function sayWhichThereAre(): string {
    const shown = desk.list().slice(0, SHOWN).map(nameWithPlace);
    return shown.length === 0
      ? 'There has been none: open one with /incident open.'
      : `Say which one: ${shown.join(', ')}.`;
  }

  const view = (incident: Incident): IncidentView => ({ incident, at: clock.now() });

  return {
    async open(title, database, by) {
      return view(await desk.open(typed(title, 'title'), chooseDatabase(database), by, clock.now()));
    },
    async note(which, text, by) {
      const incident = find(which);
      return desk.note(incident.id, isOpen(incident) ? typed(text, 'note') : text, by, clock.now());
    },
    status: (which) => view(find(which)),
    list: () => ({ incidents: desk.list(), at: clock.now() }),
    draft(which) {
      try {
        const incident = find(which);
        return isOpen(incident) ? { id: incident.id, impact: impactOf(incident) } : null;
      } catch (error) {
        // The command itself says what is unclear.
        if (error instanceof UserFacingError) return null;
        throw error;
      }
    },
    async close(which, { severity, impact }, by) {
      const incident = find(which);
      // That it is closed already comes before what is wrong with the words.
      const said = isOpen(incident)
        ? { severity: readSeverity(severity), impact: typed(impact, 'impact') }
        : { severity, impact };
      return desk.close(incident.id, said, by, clock.now());
    },
    async reopen(id, by) {
      return view(await desk.reopen(find({ id }).id, by, clock.now()));
    },
    async postmortem(which) {
      const incident = find(which);
      return { ...view(incident), names: await nameMembers(listMembers(incident)) };
    },
    suggest: (text, which) =>
      desk
        .list()
        .filter((incident) => which === undefined || isOpen(incident))
        .map(nameWithPlace)
        .map((name) => name.slice(0, LONGEST_CHOICE))
        .filter((name) => name.includes(text.toLowerCase())),
  };
}

const SHOWN = 5;
/** Discord takes no longer choice (facts.md, Discord 7); what is cut is not what it is found by. */
const LONGEST_CHOICE = 100;

/** The id comes first: what follows it is only there to be recognised. */
function nameWithPlace({ id, databases, closed }: Incident): string {
  return `${id} (${databases.join(', ') || 'services'}, ${closed === null ? 'open' : 'closed'})`;
}

/** Everybody who did something, or is named for it. */
function listMembers({ events }: Incident): readonly string[] {
  const named = events.flatMap(({ by, fact }) => [by, fact.type === 'commander' ? fact.member : null]);
  return [...new Set(named)].filter((member) => member !== null);
}

function isOpen({ closed }: Incident): boolean {
  return closed === null;
}

/** What was said at a closing that was undone, else what the alerts say that people lose. */
function impactOf({ alerts, events }: Incident): string {
  const closing = events.map(({ fact }) => fact).findLast(({ type }) => type === 'closed');
  if (closing?.type === 'closed') return closing.impact;
  return listLosses(alerts).join('; ').slice(0, LONGEST.impact);
}

/** `SEV 1`, `1` and `sev1` are one: a form takes any text. */
function readSeverity(text: string): string {
  const [, digit] = /^(?:sev[\s-]?)?([123])$/i.exec(text.trim()) ?? [];
  if (digit !== undefined) return `sev${digit}`;
  throw new UserFacingError(`Say how bad it was: sev1 nothing worked, sev2 something did not, sev3 nobody noticed.`);
}

function typed(text: string, what: keyof typeof LONGEST): string {
  const said = text.trim();
  if (said === '') throw new UserFacingError(`The ${what} is empty: ${ASKED[what]}`);
  if (said.length <= LONGEST[what]) return said;
  throw new UserFacingError(`The ${what} has ${said.length} characters, and ${LONGEST[what]} is the most: shorten it.`);
}

const ASKED = {
  title: 'say in a line what is wrong.',
  note: 'say what you saw, did or decided.',
  impact: 'say what people lost, or "none".',
} as const;
