import type { Alert } from '../alerts/alert.ts';
import type { AlertDesk } from '../alerts/alert-desk.ts';
import type { Silence } from '../alerts/silence.ts';
import type { Clock } from '../model/clock.ts';
import { formatDuration, parseDuration } from '../model/duration.ts';
import { UserFacingError } from '../model/user-facing-error.ts';

/** What fires, what is kept quiet, and who owns it. */
export interface AlertList {
  /** Worst first, then oldest. */
  readonly firing: readonly Alert[];
  /** The one that ends first leads. */
  readonly silences: readonly Silence[];
  /** Watched databases that are not seen now: what fires there stands still. */
  readonly unseen: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What somebody wants quiet: one of the two, by its name. */
export interface QuietRequest {
  /** An alert's key (`rule · database · subject`) or the id of its occurrence, or of its silence. */
  readonly alert?: string | undefined;
  readonly application?: string | undefined;
}

/** What a responder can do about alerts. The acts throw UserFacingError with what is missing. */
export interface AlertOperations {
  list(): AlertList;
  acknowledge(name: string, by: string): Alert;
  /** Undoes it. */
  handBack(name: string): Alert;
  /** `lasting` as in `30m` or `1d`: a minute to a week. */
  silence(
    what: QuietRequest,
    lasting: string,
    by: string,
  ): { readonly silence: Silence; readonly covers: readonly Alert[] };
  unsilence(what: QuietRequest, by: string): readonly Silence[];
  /** For autocompletion. */
  applications(): readonly string[];
}

const SHORTEST_MS = 60_000;
/** Longer quiet is a change of the configuration. */
const LONGEST_MS = 7 * 86_400_000;

export function createAlertOperations(options: {
  readonly desk: AlertDesk;
  readonly applications: readonly string[];
  readonly unseen: () => readonly string[];
  readonly clock: Clock;
}): AlertOperations {
  const { desk, applications, unseen, clock } = options;

  function find(what: QuietRequest): Silence['about'] {
    const { alert: name = '', application = '' } = what;
    if ((name === '') === (application === '')) {
      throw new UserFacingError('Say which alert or which application: one of the two.');
    }
    const silences = desk.silences(clock.now());
    if (application !== '') {
      // One that was silenced may have left the configuration since.
      const isSilenced = silences.some(({ about }) => about.kind === 'application' && about.name === application);
      if (applications.includes(application) || isSilenced) return { kind: 'application', name: application };
      throw new UserFacingError(
        `No application is named ${application}. There is: ${applications.join(', ') || 'none'}.`,
      );
    }
    const alert = desk.firing().find(({ id, key }) => id === name || key === name);
    if (alert) return { kind: 'alert', key: alert.key };
    const silenced = silences.find(({ id, about }) => about.kind === 'alert' && (about.key === name || id === name));
    if (silenced) return silenced.about;
    throw new UserFacingError('No such alert fires now: take one from the list, or silence an application.');
  }

  /** Throws where an alert is quiet with all of its application, so that there is nothing of its own to end. */
  function explainWider(about: Silence['about']): void {
    if (about.kind !== 'alert') return;
    const alert = desk.firing().find(({ key }) => key === about.key);
    const own = desk.silences(clock.now()).some((each) => each.about.kind === 'alert' && each.about.key === about.key);
    if (!alert?.silenced || own) return;
    throw new UserFacingError(
      `All about ${alert.subject} is silenced, not this alert alone: end that with /alert unsilence application: ${alert.subject}.`,
    );
  }

  return {
    list: () => ({
      firing: desk.firing(),
      silences: [...desk.silences(clock.now())].sort((a, b) => a.until - b.until),
      unseen: unseen(),
      at: clock.now(),
    }),
    acknowledge: (name, by) => desk.acknowledge(name, by, clock.now()),
    handBack: (name) => desk.handBack(name, clock.now()),
    silence(what, lasting, by) {
      const ms = parseDuration(lasting);
      if (ms === null || ms < SHORTEST_MS || ms > LONGEST_MS) {
        const range = `from ${formatDuration(SHORTEST_MS)} to ${formatDuration(LONGEST_MS)}`;
        throw new UserFacingError(`Say for how long, ${range}, as in 30m, 1h, 4h or 1d.`);
      }
      const now = clock.now();
      const silence = desk.silence(find(what), by, now, now + ms);
      return { silence, covers: desk.firing().filter(({ silenced }) => silenced?.until === silence.until) };
    },
    unsilence(what, by) {
      const about = find(what);
      explainWider(about);
      return desk.unsilence(about, by, clock.now());
    },
    applications: () => applications,
  };
}
