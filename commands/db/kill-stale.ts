import type { Command } from '../../src/discord/command.ts';
import { STALE_KINDS } from '../../src/model/stale-criteria.ts';
import { UserFacingError } from '../../src/model/user-facing-error.ts';
import type { KillBegun } from '../../src/operations/kill-stale.ts';
import type { Operations } from '../../src/operations/operations.ts';
import { paintBeforeAfter } from '../../src/render/before-after-chart-file.ts';
import { renderKillCancelled } from '../../src/render/kill-stale-ended.ts';
import { renderKillProgress, renderKillResult } from '../../src/render/kill-stale-result.ts';
import { findReferred } from '../../src/render/name-reference.ts';
import { showKillPreview } from './_show-kill-preview.ts';

export default {
  description: 'Ends sessions that nobody needs: shows which first, and waits for your click',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'database',
      description: 'Which database; may be left out when there is only one',
      autocomplete: (typed, { databases }) => containing(databases, typed),
    },
    {
      name: 'application',
      description: 'Only of this application',
      autocomplete: (typed, { alerts }) => containing(alerts.applications(), typed),
    },
    { name: 'kind', description: 'Which sessions are stale; orphaned unless you say', choices: STALE_KINDS },
    {
      name: 'older-than',
      description: 'For how long at least, as in 10m (orphaned 1m, idle 10m, idle-in-transaction 5m unless you say)',
      autocomplete: (typed) => ['1m', '5m', '10m', '30m', '1h'].filter((each) => each.startsWith(typed)),
    },
  ],
  async run({ options, memberId }, { killStale }) {
    const { database, application, kind, 'older-than': olderThan } = options;
    return showKillPreview(await killStale.preview({ database, application, kind, olderThan }, memberId), killStale);
  },
  buttons: {
    /** From the message of an alert or a status: a new answer beside it. */
    show: {
      access: 'respond',
      answer: 'new',
      async run({ args: [database, application], memberId }, operations) {
        const names = resolveNames(database, application, operations);
        return showKillPreview(await operations.killStale.preview(names, memberId), operations.killStale);
      },
    },
    choose: {
      access: 'respond',
      answer: 'edit',
      async run({ args: [database, kind, olderThan, application], memberId }, operations) {
        const request = { ...resolveNames(database, application, operations), kind, olderThan };
        return showKillPreview(await operations.killStale.preview(request, memberId), operations.killStale);
      },
    },
    go: {
      access: 'respond',
      answer: 'edit',
      async run(click, { killStale }) {
        const [id = '', hash = ''] = click.args;
        const tell = (begun: KillBegun) => click.progress(renderKillProgress(begun));
        const result = await killStale.execute(id, hash, click.memberId, tell);
        return { message: renderKillResult(result, await paintBeforeAfter(result)), shown: () => killStale.told(id) };
      },
    },
    cancel: {
      access: 'respond',
      answer: 'edit',
      async run({ args: [id = '', hash = ''], memberId }, { killStale }) {
        const message = renderKillCancelled(await killStale.cancel(id, hash, memberId), memberId);
        return { message, shown: () => killStale.told(id) };
      },
    },
  },
} satisfies Command;

/** A button carries the mark of a name that is too long. Throws UserFacingError where nothing known has it any more. */
function resolveNames(
  database = '',
  application = '',
  operations: Pick<Operations, 'databases' | 'applications'>,
): { readonly database: string; readonly application: string } {
  const names = {
    database: findReferred(database, operations.databases),
    application: findReferred(application, operations.applications()),
  };
  if (names.database === null || names.application === null) {
    throw new UserFacingError('This button names something that is not known any more. Run /db kill-stale again.');
  }
  return { database: names.database, application: names.application };
}

function containing(names: readonly string[], typed: string): readonly string[] {
  return names.filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
}
