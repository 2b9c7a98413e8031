import { answerWith } from './answer.ts';
import { readFields } from './interaction.ts';
import type { Responder } from './responder.ts';
import { admit, findHandler, type Person, type Routing, visibilityOf } from './routing.ts';

/** Takes what was typed into a form, from those whose roles allow it when they send it. */
export async function routeForm(
  routing: Routing,
  data: { readonly custom_id: string; readonly components?: unknown },
  person: Person,
  respond: Responder,
): Promise<void> {
  const { registry, operations } = routing;
  const found = findHandler(data.custom_id, registry, ({ forms }) => forms);
  if (!found) {
    await respond.refuse('This form is not known any more. Run the command again.');
    return;
  }
  const { handler, command, args } = found;
  const asker = await admit(routing, command, person, handler.access, respond);
  if (asker === null) return;
  // A form that a command opened stands over no message: there is nothing to edit.
  const { messageId } = person;
  const as = handler.answer === 'edit' && messageId !== null ? 'edit' : 'answer';
  if (as === 'edit') await respond.deferEdit();
  else await respond.deferAnswer(visibilityOf(routing, command, person));
  const deferred = { respond, as, messageId: as === 'edit' ? messageId : null, what: data.custom_id } as const;
  await answerWith(routing, deferred, (progress) =>
    handler.run({ ...asker, args, progress, fields: readFields(data.components) }, operations),
  );
}
