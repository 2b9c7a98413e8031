import type { Command } from '../../src/discord/command.ts';
import type { IncidentOperations } from '../../src/operations/incident-operations.ts';
import { INCIDENT_SEVERITIES, LONGEST } from '../../src/operations/incident-operations.ts';
import type { Form } from '../../src/render/form.ts';
import { renderClosed } from '../../src/render/incident-answers.ts';
import { renderCloseForm } from '../../src/render/incident-forms.ts';

export default {
  description: 'Close an incident: how bad it was, and what people lost',
  access: 'respond',
  answer: 'public-in-alert-channel',
  options: [
    {
      name: 'incident',
      description: 'Which one; without it that of this thread, or the only open one',
      autocomplete: (typed, { incidents }) => incidents.suggest(typed, 'open'),
    },
    {
      name: 'severity',
      description: 'sev1: nothing worked, sev2: something did not, sev3: nobody noticed',
      choices: INCIDENT_SEVERITIES,
    },
    { name: 'impact', description: 'What people lost, or "none"; a form asks for what you leave out' },
  ],
  ask({ options: { incident, severity = '', impact = '' }, channelId }, { incidents }) {
    if (severity !== '' && impact !== '') return null;
    const draft = incidents.draft({ id: incident, channelId });
    return draft && renderCloseForm(draft.id, { severity, impact: impact || draft.impact }, LONGEST.impact);
  },
  async run({ options: { incident, severity = '', impact = '' }, channelId, memberId }, { incidents }) {
    return renderClosed(await incidents.close({ id: incident, channelId }, { severity, impact }, memberId));
  },
  buttons: {
    ask: { access: 'respond', answer: 'form', ask: ({ args }, { incidents }) => askToClose(incidents, args[0] ?? '') },
  },
  forms: {
    done: {
      access: 'respond',
      answer: 'new',
      async run({ args, fields: { severity = '', impact = '' }, memberId }, { incidents }) {
        return renderClosed(await incidents.close({ id: args[0] }, { severity, impact }, memberId));
      },
    },
  },
} satisfies Command;

/** Where it is closed already, what is typed is refused with what to do. */
function askToClose(incidents: IncidentOperations, id: string): Form {
  return renderCloseForm(id, { impact: incidents.draft({ id })?.impact ?? '' }, LONGEST.impact);
}
