import type { RecoverAnswer } from '../recovery/view.ts';
import { attachManual, MANUAL_FILE } from './manual-steps.ts';
import { type Button, COLOURS, type Message } from './message.ts';
import { chooseButton, recoverButton, statusButton } from './recover-buttons.ts';
import { describeDiagnosis, listWords } from './recover-diagnosis.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

type Answer<Kind extends RecoverAnswer['kind']> = Extract<RecoverAnswer, { readonly kind: Kind }>;

/** Nothing is to be run: to wait, to do nothing, or what only people can do. Pure. */
export function renderAdvice({ database, diagnosis, at }: Answer<'advice'>): Message {
  const { fact, todo, colour } = describeAdvice(diagnosis.advice);
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

function describeAdvice(advice: Answer<'advice'>['diagnosis']['advice']) {
  switch (advice.kind) {
    case 'wait':
      return {
        fact: 'wait, do not recover',
        todo: [`**Wait until:** ${escapeUntrusted(advice.until, 400)}`],
        colour: COLOURS.warning,
      };
    case 'nothing':
      return { fact: 'nothing to recover', todo: [], colour: COLOURS.resolved };
    case 'by-hand':
      return {
        fact: 'no recovery mends this; people must',
        todo: ['**Do this:**', listWords(advice.todo, 1_600)],
        colour: COLOURS.critical,
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
        listWords(reasons, 1_600),
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

/** What fits instead, where it is not what was refused. */
function recommend(
  database: string,
  advice: Answer<'advice'>['diagnosis']['advice'],
  refused: string | null,
): readonly Button[] {
  return advice.kind === 'recover' && advice.strategy !== refused ? [chooseButton(database, advice.strategy)] : [];
}
