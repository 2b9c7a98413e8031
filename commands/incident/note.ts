import type { Command } from '../../src/discord/command.ts';
import type { IncidentOperations, IncidentRef } from '../../src/operations/incident-operations.ts';
import { LONGEST } from '../../src/operations/incident-operations.ts';
import { renderNoted } from '../../src/render/incident-answers.ts';
import { renderNoteForm } from '../../src/render/incident-forms.ts';
import type { Message } from '../../src/render/message.ts';

export default {
  description: 'Add to the timeline what you saw, did or decided',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    { name: 'text', description: 'What to write down; without it a form asks' },
    {
      name: 'incident',
      description: 'Which one; without it that of this thread, or the only open one',
      autocomplete: (typed, { incidents }) => incidents.suggest(typed, 'open'),
    },
  ],
  ask({ options: { text = '', incident }, channelId }, { incidents }) {
    const draft = text === '' ? incidents.draft({ id: incident, channelId }) : null;
    return draft && renderNoteForm(draft.id, LONGEST.note);
  },
  run: ({ options: { text = '', incident }, channelId, memberId }, { incidents }) =>
    note(incidents, { id: incident, channelId }, text, memberId),
  buttons: {
    ask: { access: 'respond', answer: 'form', ask: ({ args }) => renderNoteForm(args[0] ?? '', LONGEST.note) },
  },
  forms: {
    write: {
      access: 'respond',
      answer: 'new',
      run: ({ args, fields, memberId }, { incidents }) =>
        note(incidents, { id: args[0] }, fields['text'] ?? '', memberId),
    },
  },
} satisfies Command;

async function note(incidents: IncidentOperations, which: IncidentRef, text: string, by: string): Promise<Message> {
  const { incident, event } = await incidents.note(which, text, by);
  return renderNoted(incident, { by, at: event.at, text: event.fact.text });
}
