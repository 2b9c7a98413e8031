import type { Form } from './form.ts';

/** What happened, in people's words. Pure. */
export function renderNoteForm(id: string, longest: number): Form {
  return {
    id: `incident.note:write:${id}`,
    title: `Note for ${id}`,
    fields: [
      {
        id: 'text',
        label: 'What you saw, did or decided',
        lines: 'many',
        required: true,
        maxLength: longest,
        placeholder: 'It stands in the timeline and in the post-mortem.',
      },
    ],
  };
}

/** How bad it was, and what people lost; filled in as far as that is known. Pure. */
export function renderCloseForm(
  id: string,
  known: { readonly severity?: string | undefined; readonly impact: string },
  longestImpact: number,
): Form {
  const { severity, impact } = known;
  return {
    id: `incident.close:done:${id}`,
    title: `Close ${id}`,
    fields: [
      {
        id: 'severity',
        label: 'Severity: sev1, sev2 or sev3',
        lines: 'one',
        required: true,
        maxLength: 10,
        placeholder: 'sev1 nothing worked, sev2 something did not, sev3 nobody noticed',
        ...(severity !== undefined && severity !== '' && { value: severity }),
      },
      {
        id: 'impact',
        label: 'Impact: what people lost, or "none"',
        lines: 'many',
        required: true,
        maxLength: longestImpact,
        ...(impact !== '' && { value: impact }),
      },
    ],
  };
}
