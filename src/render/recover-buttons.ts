import type { StrategyName } from '../recovery/plan.ts';
import type { RecoveryRun } from '../recovery/run.ts';
import type { RunView } from '../recovery/view.ts';
import type { Button } from './message.ts';
import { referTo } from './name-reference.ts';
import { findName } from './short-names.ts';
import { plainUntrusted } from './untrusted.ts';

/** Diagnoses anew beside another message; `letter` marks an alert's. */
export function recoverButton(database: string, letter = '', label = 'Recover…'): Button {
  return { id: ['db.recover:show', referTo(database), letter].join(':'), label, style: 'quiet' };
}

/** Plans another rung beside the message. */
export function chooseButton(database: string, strategy: StrategyName): Button {
  return { id: `db.recover:choose:${referTo(database)}:${strategy}`, label: `Plan ${strategy}…`, style: 'quiet' };
}

export function statusButton(database: string): Button {
  return { id: `db.status:show:${referTo(database)}`, label: 'Status', style: 'quiet' };
}

/** Cancel left, the act right; `others` between them. Break glass only once it may be. */
export function requestButtons({ run, steps, now }: RunView, others: readonly Button[]): readonly Button[] {
  const mark = `${run.id}:${run.hash}`;
  const mayBreakGlass = run.breakGlassAt !== null && now >= run.breakGlassAt;
  const approve: Button = {
    id: `db.recover:${needsTyping(run) ? 'approve-typed' : 'approve'}:${mark}`,
    label: run.policy === 'own' ? nameAct(steps) : 'Approve',
    style: 'danger',
  };
  const broken: Button = { id: `db.recover:break-glass:${mark}`, label: 'Break glass', style: 'danger' };
  return [
    { id: `db.recover:cancel:${mark}`, label: 'Cancel', style: 'quiet' },
    ...others.slice(0, mayBreakGlass ? 2 : 3),
    approve,
    ...(mayBreakGlass ? [broken] : []),
  ];
}

/** Whether Approve asks for words first. */
export function needsTyping({ policy, plan }: RecoveryRun): boolean {
  return policy === 'typed' || plan.overrides.length > 0;
}

export function abortButton({ id }: RecoveryRun): Button {
  return { id: `db.recover:abort:${id}`, label: 'Abort', style: 'danger' };
}

/** After a failure clients come first; after an interruption, what it was about (product.md §7). */
export function stopButtons({ run, held, skip, undo }: RunView): readonly Button[] {
  if (run.state.kind !== 'stopped') return [];
  const { why } = run.state;
  const at = (action: string) => `db.recover:${action}:${run.id}:${run.stops}`;
  const release: readonly Button[] =
    held.length > 0 ? [{ id: at('release'), label: 'Release clients', style: 'act' }] : [];
  const takeBack: readonly Button[] =
    undo.length > 0 ? [{ id: at('undo'), label: `Undo ${countSteps(undo.length)}`, style: 'danger' }] : [];
  const end: Button = { id: at('end'), label: 'Abort', style: 'quiet' };
  if (why.kind === 'failed' || why.kind === 'unknown') {
    const retry: Button = { id: at('retry'), label: 'Retry', style: held.length > 0 ? 'quiet' : 'act' };
    const goOn: readonly Button[] = run.mode === 'steps' ? [] : [{ id: at('resume'), label: 'Resume', style: 'quiet' }];
    const leaveOut: readonly Button[] = skip === null ? [] : [{ id: at('skip'), label: 'Skip', style: 'danger' }];
    return [...release, retry, ...goOn, ...leaveOut, ...takeBack, end];
  }
  const resume: Button = { id: at('resume'), label: 'Resume', style: 'act' };
  const leading = why.kind === 'aborted' ? [...release, resume] : [resume, ...release];
  return [...leading, ...takeBack, end];
}

export function countSteps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`;
}

/** What a member confirms by a click of their own, as in `Restart site`: the first step that the rung is about. */
function nameAct(steps: RunView['steps']): string {
  const main = steps.find(({ step: { kind } }) => kind === 'cap-role' || RESTARTS.has(kind));
  if (main === undefined) return 'Approve';
  const target = findName(`${main.step.id} ${main.title}`);
  return plainUntrusted(RESTARTS.has(main.step.kind) && target ? `Restart ${target}` : main.title, LONGEST_LABEL);
}

const RESTARTS: ReadonlySet<string> = new Set(['restart-rollout', 'stop-application']);
/** facts.md, Discord 7. */
const LONGEST_LABEL = 80;
