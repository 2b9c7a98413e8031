import { answerWith, askFirst } from './answer.ts';
import type { Responder } from './responder.ts';
import { admit, findHandler, type Person, type Routing, visibilityOf } from './routing.ts';

/** Does what a button says, for those whose roles allow it at this very click. */
export async function routeClick(
  routing: Routing,
  customId: string,
  person: Person,
  respond: Responder,
): Promise<void> {
  const { registry, operations } = routing;
  const found = findHandler(customId, registry, ({ buttons }) => buttons);
  if (!found) {
    await respond.refuse('This button is not known any more. Run the command again.');
    return;
  }
  const { handler, command, args } = found;
  const asker = await admit(routing, command, person, handler.access, respond);
  if (asker === null) return;
  const click = { ...asker, args, progress: async () => {} };
  if (handler.answer === 'form') {
    await askFirst(routing, respond, customId, () => handler.ask(click, operations));
    return;
  }
  if (handler.answer === 'new') await respond.deferAnswer(visibilityOf(routing, command, person));
  else await respond.deferEdit();
  const deferred =
    handler.answer === 'new'
      ? ({ respond, as: 'answer', messageId: null, what: customId } as const)
      : ({ respond, as: 'edit', messageId: person.messageId, what: customId } as const);
  await answerWith(routing, deferred, (progress) =>
    // What shows elsewhere must not be drawn over by the click: that message is kept by others.
    handler.run(handler.answer === 'elsewhere' ? click : { ...click, progress }, operations),
  );
}
