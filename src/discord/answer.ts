import { UserFacingError } from '../model/user-facing-error.ts';
import type { Form } from '../render/form.ts';
import type { Message } from '../render/message.ts';
import { mention } from '../render/timeline-line.ts';
import { proseUntrusted } from '../render/untrusted.ts';
import type { Answer, ShownAt } from './command.ts';
import { fitForm } from './fit-form.ts';
import { createProgress } from './progress.ts';
import type { Responder } from './responder.ts';
import { findHandler, type Routing } from './routing.ts';

/** An interaction that was acknowledged and waits for its answer. */
export interface Deferred {
  readonly respond: Responder;
  /** A new message, or the one whose button was used. */
  readonly as: 'answer' | 'edit';
  /** The message that is edited; null for a new one. */
  readonly messageId: string | null;
  /** What is done, for the log. */
  readonly what: string;
}

type ShowProgress = (message: Message) => Promise<void>;

/** Does the work and shows what comes of it: an answer, a refusal, or a reference to the log. Rejects if nothing can be shown. */
export async function answerWith(
  routing: Routing,
  { respond, as, messageId, what }: Deferred,
  work: (progress: ShowProgress) => Promise<Message | Answer | null>,
): Promise<void> {
  const { living, log, newReference } = routing;
  let standsAt = messageId;

  async function show(
    message: Message,
    how: 'complete' | 'showProgress',
  ): Promise<{ turn: number; place: ShownAt | null }> {
    const turn = await living.take(standsAt);
    const place = await respond[how](message);
    standsAt = place?.messageId ?? standsAt;
    return { turn, place };
  }

  const progress = createProgress((message) => show(message, 'showProgress'), log);
  let given: Message | Answer | null;
  try {
    given = await work(async (message) => progress.show(message));
  } catch (error) {
    const text = describeFailure(routing, error, what);
    // What was shown as under way must not stand there for ever.
    if (await progress.end()) await showOrTell({ message: { content: text } }, () => text);
    else await respond.refuseLate(text, as);
    return;
  }
  await progress.end();
  if (given !== null) {
    await showOrTell(
      'message' in given ? given : { message: given },
      (reference) =>
        `The answer could not be shown here; what was asked for was done. The log has the details under \`${reference}\`.`,
    );
  }

  async function showOrTell(answer: Answer, otherwise: (reference: string) => string): Promise<void> {
    try {
      const { turn, place } = await show(answer.message, 'complete');
      if (place !== null) follow(answer, turn, place);
      else log.warn({ what }, 'where an answer stands is not known');
    } catch (err) {
      const reference = newReference();
      log.error({ err, what, reference }, 'an answer could not be shown');
      await respond.refuseLate(otherwise(reference), as);
    }
  }

  function follow(answer: Answer, turn: number, place: ShownAt): void {
    try {
      answer.shown?.(place);
    } catch (err) {
      log.error({ err, what }, 'who answered could not be told where the answer stands');
    }
    if (!answer.later) return;
    void living.become(turn, place.messageId, answer.later, (message) => respond.complete(message));
  }
}

/** Asks in a form, as an interaction's first answer; true: it is answered, with the form or with why there is none. */
export async function askFirst(
  routing: Routing,
  respond: Responder,
  what: string,
  ask: () => Form | null,
): Promise<boolean> {
  let modal: ReturnType<typeof fitForm>;
  try {
    const form = ask();
    if (form === null) return false;
    if (!findHandler(form.id, routing.registry, ({ forms }) => forms)) throw new Error(`nobody takes form ${form.id}`);
    modal = fitForm(form);
  } catch (error) {
    await respond.refuse(describeFailure(routing, error, what));
    return true;
  }
  await respond.openForm(modal);
  return true;
}

function describeRefusal({ message, doneBy, seenIn }: UserFacingError): string {
  const who = doneBy === null ? '' : ` It was ${mention(doneBy)}.`;
  const where = seenIn === null ? '' : ` It stands in <#${seenIn.replaceAll(/\D/g, '')}>.`;
  return `${proseUntrusted(message, 1_500)}${who}${where}`;
}

/** What a person reads of an error: its own words, or a reference to the log line that this writes. */
function describeFailure({ log, newReference }: Routing, error: unknown, what: string): string {
  if (error instanceof UserFacingError) return describeRefusal(error);
  const reference = newReference();
  log.error({ err: error, what, reference }, 'a command failed');
  return `That failed inside Breakwater. Look at the state again before you repeat it; the log has the details under \`${reference}\`.`;
}
