import { createHash } from 'node:crypto';
import type { JournalEvent, StoredEvent } from '../journal/journal.ts';
import { UserFacingError } from '../model/user-facing-error.ts';
import type { Alert, AlertBook } from './alert.ts';
import { eventOf, foldAlerts, foldSilences, silencedEvent, unsilencedEvent } from './alert-log.ts';
import { attendAlerts } from './attend.ts';
import { decideKept } from './kept.ts';
import { type Judgement, stepAlerts, type Transition } from './lifecycle.ts';
import type { Rule } from './rule.ts';
import type { Silence } from './silence.ts';

/** Where the desk writes down what it did; order is kept. Resolves also when the journal is away: a duplicate beats silence. */
export interface EventLog {
  write(events: readonly JournalEvent[]): Promise<unknown>;
}

/** Keeps the book of living alerts: judged, attended to, written down, and told of in this order. */
export interface AlertDesk {
  /** Takes judgements of any scope. */
  take(judgements: readonly Judgement[], now: number): void;
  /** Lets silences end and repeats fall due. */
  attend(now: number): void;
  /** Ends the alerts for which `whyOver` has a reason: those that no judgement will ever speak of again. */
  retire(whyOver: (alert: Alert) => string | null, now: number): void;
  /** By the id of an occurrence or the alert's key. Throws UserFacingError when nothing of that name fires. */
  acknowledge(name: string, by: string, now: number): Alert;
  /** Takes an acknowledgement back: the alert is nobody's again. Throws UserFacingError where there is none. */
  handBack(name: string, now: number): Alert;
  silence(about: Silence['about'], by: string, now: number, until: number): Silence;
  /** Ends every silence about it; throws UserFacingError when there is none. */
  unsilence(about: Silence['about'], by: string, now: number): readonly Silence[];
  /** What fires, worst first, then oldest. */
  firing(): readonly Alert[];
  /** What fires or is about to. */
  living(): readonly Alert[];
  /** The newest alerts that are over, oldest first. */
  over(): readonly Alert[];
  silences(now: number): readonly Silence[];
  /** The alerts that are muted by the one of this key. */
  symptomsOf(key: string): readonly Alert[];
  /** Resolves when all that was decided so far has been written down and told. */
  settled(): Promise<void>;
}

const OVER_KEPT = 500;

export function createAlertDesk(options: {
  readonly rules: readonly Rule[];
  readonly alerts: EventLog;
  readonly silences: EventLog;
  /** What the journal remembers of the two streams. */
  readonly past?: { readonly alerts: readonly StoredEvent[]; readonly silences: readonly StoredEvent[] };
  readonly now: number;
  /** Told after it was written down; what follows is written down after that has been taken on. */
  readonly onTransitions: (transitions: readonly Transition[]) => Promise<void>;
}): AlertDesk {
  const { rules, onTransitions, past } = options;
  const inhibitions = new Map(rules.map(({ id, inhibitedBy = [] }) => [id, inhibitedBy]));
  const aboutApplications = new Set(rules.filter((rule) => rule.aboutApplications).map(({ id }) => id));
  const remembered = foldAlerts(past?.alerts ?? []);
  const kept = new Map<string, { readonly alert: Alert; readonly at: number }>();
  let book: AlertBook = remembered.living;
  let over: readonly Alert[] = remembered.over;
  let silences: readonly Silence[] = foldSilences(past?.silences ?? [], options.now);
  let telling: Promise<unknown> = Promise.resolve();

  function settleStep(step: ReturnType<typeof stepAlerts>, now: number): void {
    const attended = attendAlerts(step.book, { silences, inhibitions, aboutApplications }, now);
    book = attended.book;
    const transitions = mergeTransitions(step.transitions, attended.transitions, book);
    if (transitions.length === 0) return;
    const ended = transitions.filter(({ kind }) => kind === 'resolved').map(({ alert }) => alert);
    if (ended.length > 0) over = [...over, ...ended].slice(-OVER_KEPT);
    const events = transitions
      .filter((transition) => decideKept(transition, kept, now))
      .map((each) => eventOf(each, now));
    telling = telling.then(async () => {
      if (events.length > 0) await options.alerts.write(events);
      await onTransitions(transitions);
    });
  }

  function change(key: string, kind: Transition['kind'], to: (alert: Alert) => Alert, now: number): Alert {
    const alert = book.get(key);
    if (alert === undefined) throw new Error(`no alert ${key} is in the book`);
    const changed = to(alert);
    settleStep({ book: new Map(book).set(key, changed), transitions: [{ kind, alert: changed }] }, now);
    return book.get(key) ?? changed;
  }

  const firing = (): readonly Alert[] =>
    [...book.values()].filter(({ state }) => state === 'firing').sort((a, b) => rank(a) - rank(b) || a.since - b.since);

  return {
    take: (judgements, now) => settleStep(stepAlerts(book, judgements, now), now),
    attend: (now) => settleStep({ book, transitions: [] }, now),
    retire(whyOver, now) {
      const next = new Map(book);
      const transitions: Transition[] = [];
      for (const alert of book.values()) {
        const ending = whyOver(alert);
        if (ending === null) continue;
        next.delete(alert.key);
        if (alert.firedAt === null) continue;
        transitions.push({ kind: 'resolved', alert: { ...alert, state: 'resolved', resolvedAt: now, ending } });
      }
      if (next.size < book.size) settleStep({ book: next, transitions }, now);
    },
    acknowledge(name, by, now) {
      const alert = firing().find(({ id, key }) => id === name || key === name);
      if (!alert) throw new UserFacingError('This alert does not fire any more: there is nothing to acknowledge.');
      if (alert.acknowledged) return alert;
      return change(alert.key, 'acknowledged', (each) => ({ ...each, acknowledged: { by, at: now } }), now);
    },
    handBack(name, now) {
      const alert = firing().find(({ id, key }) => id === name || key === name);
      if (!alert?.acknowledged)
        throw new UserFacingError('Nobody owns this alert any more: there is nothing to hand back.');
      return change(alert.key, 'handed-back', (each) => ({ ...each, acknowledged: null }), now);
    },
    silence(about, by, now, until) {
      const id = createHash('sha256')
        .update(JSON.stringify([about, by, now]))
        .digest('hex')
        .slice(0, 10);
      const silence = { id, about, by, at: now, until };
      silences = [...silences.filter((each) => each.until > now), silence];
      telling = telling.then(() => options.silences.write([silencedEvent(silence)]));
      settleStep({ book, transitions: [] }, now);
      return silence;
    },
    unsilence(about, by, now) {
      const ended = silences.filter((each) => each.until > now && isSame(each.about, about));
      if (ended.length === 0) throw new UserFacingError('Nothing of that name is silenced.');
      silences = silences.filter((each) => !ended.includes(each));
      telling = telling.then(() => options.silences.write(ended.map(({ id }) => unsilencedEvent(id, by, now))));
      settleStep({ book, transitions: [] }, now);
      return ended;
    },
    firing,
    living: () => [...book.values()],
    over: () => over,
    silences: (now) => silences.filter(({ until }) => until > now),
    symptomsOf: (key) => [...book.values()].filter(({ state, muted }) => state === 'firing' && muted?.by === key),
    async settled() {
      await telling;
    },
  };
}

/** One transition an alert, the first one's kind with the newest state: `fired` and the message it asks for are one. */
function mergeTransitions(
  stepped: readonly Transition[],
  attended: readonly Transition[],
  book: AlertBook,
): readonly Transition[] {
  const known = new Map(stepped.map(({ kind, alert }) => [alert.key, kind]));
  const newest = stepped.map(
    ({ kind, alert }): Transition => ({
      kind: kind === 'changed' ? (attended.find((each) => each.alert.key === alert.key)?.kind ?? kind) : kind,
      alert: kind === 'resolved' ? alert : (book.get(alert.key) ?? alert),
    }),
  );
  const told = [...newest, ...attended.filter(({ alert }) => !known.has(alert.key))];
  return [...told, ...causesOfEnded(told, book)];
}

/** The messages that still name a symptom which has just ended. */
function causesOfEnded(told: readonly Transition[], book: AlertBook): readonly Transition[] {
  const keys = new Set(told.flatMap(({ kind, alert }) => (kind === 'resolved' && alert.muted ? alert.muted.by : [])));
  return [...keys].flatMap((key): readonly Transition[] => {
    const alert = book.get(key);
    return alert?.post && !told.some((each) => each.alert.key === key) ? [{ kind: 'changed', alert }] : [];
  });
}

function isSame(a: Silence['about'], b: Silence['about']): boolean {
  return a.kind === 'alert' ? b.kind === 'alert' && a.key === b.key : b.kind === 'application' && a.name === b.name;
}

function rank({ severity }: Alert): number {
  return severity === 'critical' ? 0 : 1;
}
