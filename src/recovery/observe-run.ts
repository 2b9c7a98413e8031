import { describeStep } from './describe-steps.ts';
import { progressOf, type StepCatalogue } from './next-task.ts';
import type { RecoveryRun } from './run.ts';
import type { StepTools } from './step.ts';

/**
 * What is true of a run that its bot left in the middle, each a sentence: how far it came, and of the step that was begun and
 * has no result, what its own looks say now. Changes nothing. Plain, hostile text.
 */
export async function observeRun(
  run: RecoveryRun,
  catalogue: StepCatalogue,
  tools: StepTools,
): Promise<readonly string[]> {
  const { plan, steps } = run;
  const done = steps.filter(({ state }) => state === 'done').length;
  const begun = plan.steps.filter(({ id }) => progressOf(run, id).state === 'acting');
  const stand = `${done} of ${steps.length} steps were done when the bot ended${begun.length === 0 ? ', and none was under way.' : '.'}`;
  const looks = await Promise.all(begun.map((step) => lookAt(run, step.id, catalogue, tools)));
  return [stand, ...looks];
}

async function lookAt(run: RecoveryRun, stepId: string, catalogue: StepCatalogue, tools: StepTools): Promise<string> {
  const step = run.plan.steps.find(({ id }) => id === stepId);
  const found = step && catalogue.get(step.kind);
  const params = found?.params.safeParse(step?.params);
  const act = run.mode === 'steps' ? found : found?.undo;
  if (step === undefined || act === undefined || params?.success !== true)
    return `${stepId}: this version cannot tell.`;
  const noted = (id: string) => run.steps.find((each) => each.id === id)?.note ?? null;
  const call = { params: params.data, shown: step.shown ?? null, own: progressOf(run, stepId).note, noted, tools };
  const { title } = describeStep(step, catalogue);
  const standing = await act.check(call);
  if (found?.verifiesByWriting) return `${title}: whether it is so is asked again when it goes on.`;
  const verified = await act.verify(call);
  const came =
    verified.kind === 'holds'
      ? `it is done: ${verified.saw}`
      : standing.kind === 'acted'
        ? `it was begun, and is not through: ${verified.saw}`
        : standing.kind === 'ready'
          ? `it was not done, or not all of it: ${standing.saw}`
          : `${standing.kind === 'blocked' ? 'it cannot go on' : 'what became of it is unknown'}: ${standing.saw}`;
  return `${title}: ${came}`;
}
