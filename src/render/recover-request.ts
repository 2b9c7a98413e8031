import type { Diagnosis } from '../recovery/diagnosis.ts';
import { STRATEGIES } from '../recovery/plan.ts';
import type { RecoveryRun } from '../recovery/run.ts';
import type { RunView } from '../recovery/view.ts';
import { joinLines } from './join-lines.ts';
import { attachManual } from './manual-steps.ts';
import { type Button, COLOURS, type EmbedField, type Message, timestamp } from './message.ts';
import { chooseButton, countSteps, recoverButton, requestButtons, statusButton } from './recover-buttons.ts';
import { describeDiagnosis } from './recover-diagnosis.ts';
import { fillDescription, footRun, titleRun } from './recover-frame.ts';
import { listPlanned } from './recover-steps.ts';
import { shortenNames } from './short-names.ts';
import { mention } from './timeline-line.ts';
import { codeUntrusted, proseUntrusted } from './untrusted.ts';

/** Why it is asked for, and why it is not what was approved; each null where there is nothing to say. */
export interface Occasion {
  readonly diagnosis: Diagnosis | null;
  readonly because: string | null;
}

/** What would be done, who may approve it and until when; nothing has been done yet. Pure. */
export function renderRequest(view: RunView, { diagnosis, because }: Occasion): Message {
  const { run } = view;
  return {
    embed: {
      title: titleRun(view, run.policy === 'own' ? 'waits for your click' : 'waits for approval'),
      description: fillDescription([
        ...(because === null
          ? []
          : [`⚠️ **Not what was approved:** ${proseUntrusted(shortenNames(because, view.steps), 900)}`]),
        ...(diagnosis === null ? [] : [...describeDiagnosis(diagnosis), ...describeMisfit(run, diagnosis), '']),
        `Nothing has been done yet. ${describeApproval(run, view.now)}`,
      ]),
      colour: COLOURS.warning,
      fields: describePlan(view),
      footer: footRun(view),
      timestamp: run.at,
    },
    buttons: requestButtons(view, diagnosis === null ? [] : offerHarsher(run)),
    attachments: attachManual(`${run.plan.database}: ${run.plan.strategy}, by hand`, view.steps),
  };
}

/** The same where only one sees it, and nobody can approve it. Pure. */
export function renderPrivatePlan(view: RunView, diagnosis: Diagnosis | null): Message {
  const { database, strategy, target } = view.run.plan;
  const application = target === null ? '' : ` application:${codeUntrusted(target, 63)}`;
  return {
    embed: {
      title: titleRun(view, 'would do this'),
      description: fillDescription([
        ...(diagnosis === null ? [] : [...describeDiagnosis(diagnosis), ...describeMisfit(view.run, diagnosis), '']),
        `**Only you see this, and nothing was requested.** Run \`/db recover database:${codeUntrusted(database, 63)} strategy:${strategy}${application}\` in the alert channel to request it.`,
      ]),
      colour: COLOURS.calm,
      fields: describePlan(view),
    },
    buttons: [statusButton(database), recoverButton(database, '', 'Look again')],
    attachments: attachManual(`${database}: ${strategy}, by hand`, view.steps),
  };
}

/** Who asks for a rung by its name must be told where it is not the one that fits. */
function describeMisfit({ plan }: RecoveryRun, { advice }: Diagnosis): readonly string[] {
  const instead = nameAdvice(advice);
  if (instead === plan.strategy) return [];
  return [`⚠️ **\`${plan.strategy}\` is not what fits:** ${instead === null ? 'see above' : instead}.`];
}

function nameAdvice(advice: Diagnosis['advice']): string | null {
  switch (advice.kind) {
    case 'recover':
      return advice.strategy;
    case 'wait':
      return `wait ${proseUntrusted(advice.until, 200)}`;
    case 'nothing':
      return 'nothing needs to be done';
    case 'by-hand':
      return 'people must act, as **Recover…** without a strategy says';
  }
}

function describePlan({ run, summary, impact, steps }: RunView): readonly EmbedField[] {
  const { warnings, overrides } = run.plan;
  const calledOut = [
    ...warnings.map((warning) => `⚠️ ${proseUntrusted(shortenNames(warning, steps), 300)}`),
    ...overrides.map(
      ({ word, because }) =>
        `⌨️ To be typed on approval: \`${codeUntrusted(word, 60)}\`. ${proseUntrusted(because, 240)}`,
    ),
  ];
  return [
    { name: 'What it is', value: proseUntrusted(summary, 400) },
    { name: 'Clients notice', value: proseUntrusted(impact, 300) },
    { name: `What it does, in ${countSteps(steps.length)}`, value: listPlanned(steps, 1_000) },
    ...(calledOut.length === 0 ? [] : [{ name: 'Before you approve', value: joinLines(calledOut, 1_000) }]),
  ];
}

function describeApproval(run: RecoveryRun, now: number): string {
  const { policy, requestedBy, until, plan } = run;
  const asked = `Asked for by ${mention(requestedBy)}`;
  const end = `until ${timestamp(until, 'T')} (${timestamp(until)})`;
  const words = plan.overrides.length === 0 ? '' : ' The words below are typed with it.';
  switch (policy) {
    case 'own':
      return `${asked}; any member with \`recover\` may confirm it ${end}.${words}`;
    case 'typed':
      return `${asked}; it is approved by typing the database's name, ${end}.${words}`;
    case 'two-person':
      return `${asked}: **another** member with \`recover\` may approve it ${end}.${words}${describeBreakGlass(run, now)}`;
  }
}

function describeBreakGlass({ breakGlassAt, requestedBy }: RecoveryRun, now: number): string {
  if (breakGlassAt === null) return '';
  const by = mention(requestedBy);
  return now >= breakGlassAt
    ? ` Nobody has yet: ${by} may break the glass now, which asks why and pings the on-call role.`
    : ` Without one ${by} may break the glass ${timestamp(breakGlassAt)}.`;
}

/** The next rung, where the recommended one is not enough; those above `restart` are only ever chosen by name. */
function offerHarsher({ plan }: RecoveryRun): readonly Button[] {
  const rung = STRATEGIES.indexOf(plan.strategy);
  const harsher = STRATEGIES.slice(rung + 1, STRATEGIES.indexOf('restart') + 1);
  return harsher.slice(0, 1).map((strategy) => chooseButton(plan.database, strategy));
}
