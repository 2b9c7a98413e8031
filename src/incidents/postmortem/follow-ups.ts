import { formatDuration } from '../../model/duration.ts';
import type { IncidentAlert } from '../incident.ts';
import { lacksPermission } from '../lacks-permission.ts';
import { worstWords } from '../measure-incident.ts';
import type { ActFact } from '../timeline.ts';
import { askAboutRecoveries } from './ask-about-recoveries.ts';
import type { Part } from './part.ts';
import { type Block, cutMiddle, type Pen, prompt, TASK } from './pen.ts';
import { subjectOf } from './subject.ts';

const MOST_TASKS = 30;
const LATE_MS = 5 * 60_000;

/** Questions that the facts raise, each for somebody to take; what to do about them is for people to add. */
export function writeFollowUps(part: Part): readonly Block[] {
  const questions = [
    ...part.incident.alerts.map((alert) => askAbout(alert, part)),
    ...askAboutDetection(part),
    ...askAboutActs(part),
    ...askAboutRecoveries(part),
    ...askAboutReturns(part),
    ...askAboutPermissions(part),
  ];
  const tasks = [...new Set(questions)].map((question) => `${TASK}${question} Owner: ____`);
  return [
    ...(tasks.length === 0
      ? []
      : [cutMiddle(tasks, MOST_TASKS, (left) => `- … ${left} more questions, in the timeline below`).join('\n')]),
    prompt('what else must change so that it does not happen again, by when, and who sees to it?'),
  ];
}

/** By rule: what its firing leaves open. `name` is the subject, as Markdown. */
const QUESTIONS: Readonly<Record<string, (name: string, database: string) => string>> = {
  'connections-total': (_, database) =>
    `Why were the connections of ${database} used up, and is its limit the right one?`,
  'connections-application': (name) => `Why did ${name} pass its limit?`,
  'connections-rising': (_, database) => `Why did the connections of ${database} rise so fast?`,
  'connections-orphaned': (_, database) => `Why did sessions on ${database} outlive their pods?`,
  'database-unreachable': (_, database) => `Why did ${database} let no client in?`,
  'database-recovering': (_, database) => `Why did ${database} have to recover?`,
  'idle-in-transaction': (_, database) => `Who left transactions open on ${database}, and why?`,
  'long-transaction': (_, database) => `Which transaction on ${database} ran so long, and must it?`,
  'lock-waits': (_, database) => `Who held the locks on ${database}, and why so long?`,
  'workload-unhealthy': (name) => `Why was ${name} not well, and is it now?`,
  'node-not-ready': (name) => `Why did the node ${name} fail?`,
  'backup-stale': (_, database) => `Why was there no recent backup of ${database}?`,
  'service-down': (name) => `Why did ${name} fail with it, and did it come back by itself?`,
};

function askAbout(alert: IncidentAlert, { figures: { events }, pen }: Part): string {
  const fact = `“${pen.text(worstWords(alert, events))}”`;
  const subject = pen.text(subjectOf(alert), 100);
  const ask = Object.hasOwn(QUESTIONS, alert.rule) ? QUESTIONS[alert.rule] : undefined;
  return ask === undefined ? `Why ${fact}?` : `${ask(subject, pen.text(alert.database, 63))} (${fact})`;
}

function askAboutDetection({
  figures: { trigger, warnings, detectMs, acknowledged, acknowledgeMs },
}: Part): readonly string[] {
  if (trigger === null) return ['No alert fired: what would have shown this?'];
  return [
    ...(warnings.length === 0 ? ['No warning came before the alert: what would have shown it sooner?'] : []),
    ...(detectMs !== null && detectMs >= LATE_MS ? [`Why did it take ${formatDuration(detectMs)} to detect?`] : []),
    ...(acknowledged === null ? ['Why did nobody acknowledge: whom does the on-call role reach?'] : []),
    ...(acknowledgeMs !== null && acknowledgeMs >= LATE_MS
      ? [`Why did it take ${formatDuration(acknowledgeMs)} until somebody acknowledged?`]
      : []),
  ];
}

function askAboutActs({ figures: { events, sessions }, pen }: Part): readonly string[] {
  const acts = events.flatMap(({ by, fact }) => (fact.type === 'act' ? [{ by, ...fact }] : []));
  const failed = sessions?.failed ?? 0;
  return [
    ...askAboutRefusals(
      acts.filter(({ stage }) => stage === 'refused'),
      pen,
    ),
    ...acts
      .filter(({ stage }) => stage === 'interrupted')
      .map(
        ({ act, database }) =>
          `Why was ${pen.text(`${act} on ${database}`)} interrupted, and is what it left in order?`,
      ),
    ...(failed > 0 ? [`Why could ${failed} ${failed === 1 ? 'session' : 'sessions'} not be terminated?`] : []),
  ];
}

/** One for each act, however often it was refused: each time stands in the table. */
function askAboutRefusals(refused: readonly ActFact[], pen: Pen): readonly string[] {
  return [...Map.groupBy(refused, ({ act, database }) => `${act} on ${database}`)].map(([what, times]) => {
    const often = times.length === 1 ? 'once: ' : `${times.length} times, the last: `;
    return `Was ${pen.text(what)} rightly refused (${often}“${pen.text(times.at(-1)?.summary ?? '')}”)?`;
  });
}

function askAboutReturns({ figures: { events } }: Part): readonly string[] {
  return events.some(({ fact }) => fact.type === 'reopened')
    ? ['It came back after it had been closed: what was not put right?']
    : [];
}

function askAboutPermissions({ incident: { thread, pin }, pen }: Part): readonly string[] {
  return [
    ...(thread?.refused && lacksPermission(thread.refused)
      ? [`There was no thread (${pen.text(thread.refused)}): may Breakwater open one in the alert channel?`]
      : []),
    ...(pin?.refused && lacksPermission(pin.refused)
      ? [`The summary was not pinned (${pen.text(pin.refused)}): may Breakwater pin in the alert channel?`]
      : []),
  ];
}
