import type { LaterRung, Runbook, RunbookRung } from '../recovery/view.ts';
import { joinLines } from './join-lines.ts';
import { COLOURS, type EmbedField, type Message } from './message.ts';
import { countSteps, recoverButton, statusButton } from './recover-buttons.ts';
import { nameApproval, renderRunbookMarkdown } from './runbook.ts';
import { escapeUntrusted, proseUntrusted } from './untrusted.ts';

/** `/runbook`: the rungs in short, and the whole of it with its commands as a file. Pure. */
export function renderRunbook(runbook: Runbook): Message {
  const { database, rungs, later } = runbook;
  return {
    embed: {
      title: `${escapeUntrusted(database, 40)}: recovery by hand`,
      description: [
        rungs.length === 0
          ? 'Not carried out by this version, and without commands: these are the steps in words.'
          : 'The attached file has every step with its commands, to be copied as they stand.',
        'Climb no further than needed, and stop once new connections get in.',
      ].join('\n'),
      colour: COLOURS.calm,
      fields: [...rungs.map(renderRung), ...later.map(renderLater)],
    },
    buttons: [statusButton(database), recoverButton(database)],
    attachments: [
      {
        name: 'runbook.md',
        type: 'text/markdown',
        description: 'The recovery by hand, step by step, with its commands',
        data: new TextEncoder().encode(renderRunbookMarkdown(runbook)),
      },
    ],
  };
}

function renderRung(rung: RunbookRung): EmbedField {
  const { strategy, summary, impact, steps, missing } = rung;
  const how =
    missing === null
      ? `-# ${countSteps(steps.length)} · approved by ${nameApproval(rung)}`
      : `⚠️ Not possible here: ${proseUntrusted(missing, 250)}`;
  const lines = [proseUntrusted(summary, 400), `Clients notice: ${proseUntrusted(impact, 300)}`, how];
  return { name: `${rung.rung} · ${strategy}`, value: joinLines(lines, 900) };
}

function renderLater({ strategy, rung, todo }: LaterRung): EmbedField {
  const steps = todo.map((each, index) => `${index + 1}. ${proseUntrusted(each, 280)}`);
  return { name: `${rung} · ${strategy}, by hand only`, value: joinLines(steps, 1_000) };
}
