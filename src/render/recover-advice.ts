import type { RecoverAnswer } from '../recovery/view.ts';
import { attachManual, MANUAL_FILE } from './manual-steps.ts';
import { type Button, COLOURS, type Message } from './message.ts';
import { chooseButton, recoverButton, statusButton } from './recover-buttons.ts';
import { describeDiagnosis, listWords } from './recover-diagnosis.ts';
import { escapeUntrusted, plainUntrusted, proseUntrusted } from './untrusted.ts';

type Answer<Kind extends RecoverAnswer['kind']> = Extract<RecoverAnswer, { readonly kind: Kind }>;

/** Nothing is to be run: to wait, to do nothing, or what only people can do. Pure. */
export function renderAdvice({ database, diagnosis, at }: Answer<'advice'>): Message {
  const { fact, todo, colour } = describeAdvice(diagnosis);
  return {
    embed: {
      title: `${escapeUntrusted(database, 40)}: ${fact}`,
      description: [...describeDiagnosis(diagnosis), ...todo].join('\n'),
      colour,
      footer: plainUntrusted(`${database} · recovery · ${diagnosis.condition}`, 200),
      timestamp: at,
    },
    buttons: [
      statusButton(database),
      recoverButton(database, '', 'Look again'),
      ...recommend(database, diagnosis.advice, null),
    ],
  };
}

function describeAdvice({ advice, condition }: Answer<'advice'>['diagnosis']) {
  switch (advice.kind) {
    case 'wait':
      return {
        fact: 'wait, do not recover',
        todo: [`**Wait** ${proseUntrusted(advice.until, 400)}.`],
        colour: COLOURS.warning,
      };
    case 'nothing':
      return { fact: 'nothing to recover', todo: [], colour: COLOURS.resolved };
    case 'by-hand':
      return {
        // The server is well: it is something beside it.
        ...(condition === 'healthy'
          ? { fact: 'needs no recovery; something beside it is not well', colour: COLOURS.warning }
          : { fact: 'no recovery mends this; people must', colour: COLOURS.critical }),
        todo: ['**Do this:**', listWords(advice.todo, 1_600)],
      };
    case 'recover':
      return { fact: `${advice.strategy} is recommended`, todo: [], colour: COLOURS.warning };
  }
}

/** It cannot be done: what is missing, what fits instead, and how it is done by hand all the same. Pure. */
export function renderRefused({ database, strategy, reasons, diagnosis, manual }: Answer<'refused'>): Message {
  return {
    embed: {
      title: `${escapeUntrusted(database, 40)}: ${strategy} refused, nothing was done`,
      description: [
        listWords(gatherReasons(reasons), 1_600),
        '**True now:**',
        ...describeDiagnosis(diagnosis),
        ...(manual.length === 0 ? [] : [`-# How it is done by hand, at your own risk: \`${MANUAL_FILE}\``]),
      ].join('\n'),
      colour: COLOURS.warning,
      footer: plainUntrusted(`${database} · recovery · ${diagnosis.condition}`, 200),
    },
    buttons: [
      statusButton(database),
      recoverButton(database, '', 'Look again'),
      ...recommend(database, diagnosis.advice, strategy),
    ],
    attachments: attachManual(`${database}: ${strategy}, by hand`, manual),
  };
}

/** What has one cause is said once, the cause first: `No answer, so A cannot be read; B cannot be read`. */
function gatherReasons(reasons: readonly string[]): readonly string[] {
  const parts = reasons.map((reason) => {
    const at = reason.indexOf(': ');
    return at === -1
      ? { reason, what: reason, why: reason }
      : { reason, what: reason.slice(0, at), why: reason.slice(at + 2) };
  });
  return [...Map.groupBy(parts, ({ why }) => why.replace(/\.$/, ''))].map(([why, alike]) =>
    alike.length === 1
      ? (alike[0]?.reason ?? why)
      : `${why}, so ${alike.map(({ what }) => what.charAt(0).toLowerCase() + what.slice(1)).join('; ')}.`,
  );
}

/** What fits instead, where it is not what was refused. */
function recommend(
  database: string,
  advice: Answer<'advice'>['diagnosis']['advice'],
  refused: string | null,
): readonly Button[] {
  return advice.kind === 'recover' && advice.strategy !== refused ? [chooseButton(database, advice.strategy)] : [];
}
