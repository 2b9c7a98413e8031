import type { Answer, Asker, ButtonClick, Command } from '../../src/discord/command.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import type { Operations } from '../../src/operations/operations.ts';
import type { Recover, RecoverRequest } from '../../src/operations/recover.ts';
import { STRATEGIES } from '../../src/recovery/plan.ts';
import type { RecoveryRun } from '../../src/recovery/run.ts';
import type { RecoverAnswer } from '../../src/recovery/view.ts';
import { findReferred } from '../../src/render/name-reference.ts';
import { needsTyping } from '../../src/render/recover-buttons.ts';
import { withDiagnosis } from '../../src/render/recover-diagnosis.ts';
import { readReason, readTyped, renderApproveForm, renderBreakGlassForm } from '../../src/render/recover-forms.ts';
import { renderRecoverAnswer } from '../../src/render/recover-message.ts';
import { showKillPreview } from './_show-kill-preview.ts';

export default {
  description: 'Finds out what is wrong, plans the gentlest recovery that fits, and carries it out once approved',
  access: 'recover',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => containing(databases, typed),
    },
    { name: 'strategy', description: 'Which rung; the gentlest that fits unless you say', choices: STRATEGIES },
    {
      name: 'application',
      description: 'Which application, for the rungs that are about one',
      autocomplete: (typed, operations) => containing(operations.applications(), typed),
    },
  ],
  run: ({ options: { database, strategy, application }, ...asker }, operations) =>
    propose({ database, strategy, application }, asker, operations),
  buttons: {
    /** From the message of an alert or a status: a new answer beside it. */
    show: {
      access: 'recover',
      answer: 'new',
      run: (click, operations) => propose(requestOf(click, operations), click, operations),
    },
    choose: {
      access: 'recover',
      answer: 'new',
      run(click, operations) {
        const strategy = STRATEGIES.find((name) => name === click.args[1]);
        if (strategy === undefined) throw lost();
        return propose({ ...requestOf(click, operations), strategy }, click, operations);
      },
    },
    approve: onRequest((recover, id, hash, by) => recover.approve(id, hash, by, [])),
    cancel: onRequest((recover, id, hash, by) => recover.cancel(id, hash, by)),
    'approve-typed': {
      access: 'recover',
      answer: 'form',
      ask({ args }, { recover }) {
        const run = findRun(recover, args);
        if (!needsTyping(run)) throw lost();
        return renderApproveForm(run);
      },
    },
    'break-glass': {
      access: 'recover',
      answer: 'form',
      ask: ({ args }, { recover }) => renderBreakGlassForm(findRun(recover, args)),
    },
    abort: {
      access: 'recover',
      answer: 'edit',
      run: async ({ args: [id = ''], ...click }, operations) =>
        show(await operations.recover.abort(id, click.memberId), click, operations),
    },
    resume: onStop((recover, id, stop, by) => recover.resume(id, stop, by)),
    retry: onStop((recover, id, stop, by) => recover.retry(id, stop, by)),
    skip: onStop((recover, id, stop, by) => recover.skip(id, stop, by)),
    undo: onStop((recover, id, stop, by) => recover.undo(id, stop, by)),
    release: onStop((recover, id, stop, by) => recover.releaseClients(id, stop, by)),
    end: onStop((recover, id, stop, by) => recover.end(id, stop, by)),
  },
  forms: {
    'approve-typed': {
      access: 'recover',
      answer: 'edit',
      async run({ args: [id = '', hash = ''], fields, ...asker }, operations) {
        return show(await operations.recover.approve(id, hash, asker.memberId, readTyped(fields)), asker, operations);
      },
    },
    'break-glass': {
      access: 'recover',
      answer: 'edit',
      async run({ args: [id = '', hash = ''], fields, ...asker }, operations) {
        const { recover } = operations;
        const reason = readReason(fields);
        if (reason === '') throw new UserFacingError('Say why the glass is broken: it stands in the timeline.');
        return show(await recover.breakGlass(id, hash, asker.memberId, readTyped(fields), reason), asker, operations);
      },
    },
  },
} satisfies Command;

type Decide = (recover: Recover, id: string, hash: string, by: string) => Promise<RecoverAnswer>;
type Direct = (recover: Recover, id: string, stop: number, by: string) => Promise<RecoverAnswer>;

/** A button of a request: it names exactly the plan that was shown. */
function onRequest(decide: Decide) {
  return {
    access: 'recover',
    answer: 'edit',
    async run({ args: [id = '', hash = ''], ...click }: ButtonClick, operations: Operations): Promise<Answer> {
      return show(await decide(operations.recover, id, hash, click.memberId), click, operations);
    },
  } as const;
}

/** A button of a run that has stopped: it names at which stop it was shown. */
function onStop(direct: Direct) {
  return {
    access: 'recover',
    answer: 'edit',
    async run({ args: [id = '', stop = ''], ...click }: ButtonClick, operations: Operations): Promise<Answer> {
      if (!/^\d{1,6}$/.test(stop)) throw lost();
      return show(await direct(operations.recover, id, Number(stop), click.memberId), click, operations);
    },
  } as const;
}

async function propose(request: RecoverRequest, asker: Asker, operations: Operations): Promise<Answer> {
  return show(await operations.recover.propose(request, asker.memberId, asker.isPublic), asker, operations);
}

/** The bot itself goes on editing a run's message, once it knows where everybody sees it. */
async function show(
  answer: RecoverAnswer,
  { memberId }: Pick<Asker, 'memberId'>,
  { recover, killStale }: Operations,
): Promise<Answer> {
  if (answer.kind === 'kill-stale') {
    const { database, application, diagnosis } = answer;
    const preview = await killStale.preview({ database, application: application ?? undefined }, memberId);
    const shown = showKillPreview(preview, killStale);
    return { ...shown, message: withDiagnosis(shown.message, diagnosis) };
  }
  const message = renderRecoverAnswer(answer);
  if (answer.kind !== 'run') return { message };
  return {
    message,
    shown({ visibility, ...place }) {
      if (visibility === 'public') recover.standsAt(answer.view.run.id, place);
    },
  };
}

/** A button carries the mark of a name that is too long. */
function requestOf({ args }: Pick<ButtonClick, 'args'>, { databases }: Pick<Operations, 'databases'>): RecoverRequest {
  const database = findReferred(args[0] ?? '', databases);
  if (database === null || database === '') throw lost();
  return { database, strategy: undefined, application: undefined };
}

/** The run of exactly the plan that the button was shown with. */
function findRun(recover: Recover, [id = '', hash = '']: readonly string[]): RecoveryRun {
  const run = recover.find(id)?.run;
  if (run === undefined || run.hash !== hash) throw lost();
  return run;
}

function lost(): UserFacingError {
  return new UserFacingError('This button names something that is not known any more. Run /db recover again.');
}

function containing(names: readonly string[], typed: string): readonly string[] {
  return names.filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
}
