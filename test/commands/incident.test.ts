import { describe, expect, it } from 'vitest';
import close from '../../commands/incident/close.ts';
import list from '../../commands/incident/list.ts';
import note from '../../commands/incident/note.ts';
import open from '../../commands/incident/open.ts';
import postmortem from '../../commands/incident/postmortem.ts';
import status from '../../commands/incident/status.ts';
import type { ButtonClick, CommandCall, FormSubmission } from '../../src/discord/command.ts';
import type { IncidentOperations } from '../../src/operations/incident-operations.ts';
import type { Form } from '../../src/render/form.ts';
import { closed, incident, opened } from '../incidents/builders.ts';
import { NOW } from '../support/builders.ts';
import { fakeOperations, NO_INCIDENTS } from '../support/operations.ts';

const ID = '20201211-1324';
const OPEN = incident(opened());
const CLOSED = incident(opened(), closed(NOW));
const asker = { memberId: '42', level: 'respond', channelId: 'thread', isPublic: true } as const;

function call(options: CommandCall['options'] = {}): CommandCall {
  return { ...asker, options, catalogue: [] };
}

function click(...args: string[]): ButtonClick {
  return { ...asker, args, progress: async () => {} };
}

function submission(fields: FormSubmission['fields'], ...args: string[]): FormSubmission {
  return { ...click(...args), fields };
}

/** Operations that remember what they were asked. */
function setUp(parts: Partial<IncidentOperations> = {}) {
  const asked: unknown[] = [];
  const ask =
    <T>(answer: T) =>
    (...given: unknown[]): T => {
      asked.push(given);
      return answer;
    };
  const view = { incident: OPEN, at: NOW };
  const noted = { incident: OPEN, event: { at: NOW, by: '42', fact: { type: 'note' as const, text: 'looking' } } };
  const incidents: IncidentOperations = {
    ...NO_INCIDENTS,
    open: ask(Promise.resolve(view)),
    note: ask(Promise.resolve(noted)),
    status: ask(view),
    list: () => ({ incidents: [OPEN], at: NOW }),
    draft: () => ({ id: ID, impact: 'voice gate' }),
    close: ask(Promise.resolve(CLOSED)),
    reopen: ask(Promise.resolve(view)),
    postmortem: ask(Promise.resolve({ ...view, names: new Map() })),
    suggest: (typed, which) => [`${typed} ${which ?? 'all'}`],
    ...parts,
  };
  return { asked, operations: fakeOperations({ incidents }) };
}

const values = (form: Form | null) => form?.fields.map(({ id, value }) => [id, value]);

describe('/incident', () => {
  it('asks for the levels of product.md §3, and of its buttons and forms as well', () => {
    for (const command of [list, status, postmortem]) expect(command.access).toBe('observe');
    for (const command of [open, note, close]) expect(command.access).toBe('respond');
    const acts = [open.buttons.again, note.buttons.ask, note.forms.write, close.buttons.ask, close.forms.done];
    expect(acts.map(({ access }) => access)).toEqual(acts.map(() => 'respond'));
  });

  it('open opens on the database that is named', async () => {
    const { asked, operations } = setUp();
    await open.run(call({ title: 'slow', database: 'main' }), operations);
    expect(asked).toEqual([['slow', 'main', '42']]);
  });

  it('open undoes a closing by the button of its answer', async () => {
    const { asked, operations } = setUp();
    const answer = await close.run(call({ severity: 'sev1', impact: 'all' }), operations);
    const button = answer.buttons?.find(({ label }) => label === 'Reopen');
    const [name, action, id = ''] = (button?.id ?? '').split(':');
    expect([name, action]).toEqual(['incident.open', 'again']);
    await open.buttons.again.run(click(id), operations);
    expect(asked.at(-1)).toEqual([ID, '42']);
  });

  it('note writes what was given with it, and asks by a form for what was not', async () => {
    const { asked, operations } = setUp();
    expect(note.ask(call({ text: 'looking' }), operations)).toBeNull();
    await note.run(call({ text: 'looking', incident: ID }), operations);
    const form = note.ask(call(), operations);
    expect(form?.id).toBe(`incident.note:write:${ID}`);
    await note.forms.write.run(submission({ text: 'more' }, ID), operations);
    expect(asked).toEqual([
      [{ id: ID, channelId: 'thread' }, 'looking', '42'],
      [{ id: ID }, 'more', '42'],
    ]);
    expect(note.buttons.ask.ask(click(ID)).id).toBe(form?.id);
  });

  it('asks no form where it is not clear for which incident: the command itself says so', () => {
    const { operations } = setUp({ draft: () => null });
    expect([note.ask(call(), operations), close.ask(call(), operations)]).toEqual([null, null]);
  });

  it('close asks for what was left out, with what is known', async () => {
    const { asked, operations } = setUp();
    expect(close.ask(call({ severity: 'sev1', impact: 'all' }), operations)).toBeNull();
    expect(values(close.ask(call(), operations))).toEqual([
      ['severity', undefined],
      ['impact', 'voice gate'],
    ]);
    expect(values(close.ask(call({ severity: 'sev1' }), operations))).toEqual([
      ['severity', 'sev1'],
      ['impact', 'voice gate'],
    ]);
    expect(values(close.ask(call({ impact: 'all' }), operations))?.[1]).toEqual(['impact', 'all']);
    expect(values(close.buttons.ask.ask(click(ID), operations))?.[1]).toEqual(['impact', 'voice gate']);
    await close.forms.done.run(submission({ severity: 'sev2', impact: 'API' }, ID), operations);
    expect(asked).toEqual([[{ id: ID }, { severity: 'sev2', impact: 'API' }, '42']]);
  });

  it('status and postmortem show that of this thread, or the one of the button', async () => {
    const { asked, operations } = setUp();
    await status.run(call(), operations);
    await status.buttons.refresh.run(click(ID), operations);
    const unwatched = { ...operations, databases: [] };
    const { attachments } = await postmortem.run(call({ incident: ID }), unwatched);
    await postmortem.buttons.show.run(click(ID), unwatched);
    expect(asked).toEqual([
      [{ id: undefined, channelId: 'thread' }],
      [{ id: ID }],
      [{ id: ID, channelId: 'thread' }],
      [{ id: ID }],
    ]);
    expect(attachments).toMatchObject([{ name: `postmortem-${ID}.md`, type: 'text/markdown' }]);
  });

  it('list shows them', async () => {
    const { operations } = setUp();
    expect((await list.run(call(), operations)).embed?.description).toContain(ID);
  });

  it('completes open ones for what only they can take', () => {
    const { operations } = setUp();
    const complete = ({ options }: { readonly options: typeof status.options }) =>
      options.find(({ name }) => name === 'incident')?.autocomplete('x', operations);
    expect([complete(status), complete(postmortem)]).toEqual([['x all'], ['x all']]);
    expect(note.options[1]?.autocomplete?.('x', operations)).toEqual(['x open']);
    expect(close.options[0]?.autocomplete?.('x', operations)).toEqual(['x open']);
  });

  it('opens forms that Discord takes', () => {
    const { operations } = setUp();
    for (const form of [note.ask(call(), operations), close.ask(call(), operations)]) {
      expect(form?.title.length).toBeLessThanOrEqual(45);
      expect(form?.id.length).toBeLessThanOrEqual(100);
      for (const { label, placeholder = '' } of form?.fields ?? []) {
        expect(label.length).toBeLessThanOrEqual(45);
        expect(placeholder.length).toBeLessThanOrEqual(100);
      }
    }
  });
});
