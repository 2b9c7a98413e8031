import { ComponentType, InteractionType } from 'discord-api-types/v10';
import { z } from 'zod';

/**
 * The parts of a raw gateway interaction that the bot reads, checked: what does not fit is dropped at the edge instead
 * of throwing inside the client (facts.md, Discord 2). The member's roles are those of this very click.
 */
const common = {
  id: z.string(),
  token: z.string(),
  guild_id: z.string().optional(),
  channel_id: z.string().optional(),
  member: z.object({ user: z.object({ id: z.string() }), roles: z.array(z.string()) }).optional(),
};

interface RawOption {
  readonly name: string;
  readonly type: number;
  readonly value?: string | number | boolean | undefined;
  readonly focused?: boolean | undefined;
  readonly options?: readonly RawOption[] | undefined;
}

const optionSchema: z.ZodType<RawOption> = z.lazy(() =>
  z.object({
    name: z.string(),
    type: z.number(),
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
    focused: z.boolean().optional(),
    options: z.array(optionSchema).optional(),
  }),
);

/** The message whose button was used, or whose button opened the form. */
const message = z.object({ id: z.string() }).optional();

const commandData = z.object({ name: z.string(), options: z.array(optionSchema).default([]) });

const interactionSchema = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal(InteractionType.ApplicationCommand), data: commandData }),
  z.object({ ...common, type: z.literal(InteractionType.ApplicationCommandAutocomplete), data: commandData }),
  z.object({
    ...common,
    type: z.literal(InteractionType.MessageComponent),
    message,
    data: z.object({ custom_id: z.string() }),
  }),
  z.object({
    ...common,
    type: z.literal(InteractionType.ModalSubmit),
    message,
    data: z.object({ custom_id: z.string(), components: z.unknown().optional() }),
  }),
]);

export type Interaction = z.infer<typeof interactionSchema>;

/** Reads a raw INTERACTION_CREATE; null when it is not one the bot can read. */
export function parseInteraction(raw: unknown): Interaction | null {
  const parsed = interactionSchema.safeParse(raw);
  return parsed.success ? parsed.data : null;
}

export interface Invocation {
  /** `db status` */
  readonly command: string;
  readonly options: Readonly<Record<string, string>>;
  /** The option being typed, for autocompletion. */
  readonly focused: { readonly name: string; readonly typed: string } | null;
}

const SUBCOMMAND_TYPES = new Set([1, 2]); // ApplicationCommandOptionType.Subcommand, SubcommandGroup

/** Flattens a command with its subcommand into one name and its options. */
export function readInvocation(data: z.infer<typeof commandData>): Invocation {
  const path = [data.name];
  let options: readonly RawOption[] = data.options;
  while (options[0] !== undefined && SUBCOMMAND_TYPES.has(options[0].type)) {
    path.push(options[0].name);
    options = options[0].options ?? [];
  }
  const focused = options.find((option) => option.focused === true);
  return {
    command: path.join(' '),
    options: Object.fromEntries(options.map(({ name, value }) => [name, String(value ?? '')])),
    focused: focused ? { name: focused.name, typed: String(focused.value ?? '') } : null,
  };
}

/** facts.md, Discord 7: no field takes more. */
const LONGEST_TEXT = 4_000;
/** A text field stands in a row or in a label, and these stand in nothing. */
const DEEPEST = 2;

const componentSchema = z.object({
  type: z.unknown().optional(),
  custom_id: z.string().optional(),
  value: z.string().optional(),
  component: z.unknown().optional(),
  components: z.array(z.unknown()).catch([]),
});

/** What was typed into a form, by the field's id. Hostile text; a component in an unknown form is left out. */
export function readFields(components: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(listTexts(components, DEEPEST));
}

function listTexts(components: unknown, deep: number): [string, string][] {
  if (!Array.isArray(components) || deep === 0) return [];
  return components.flatMap((raw: unknown): [string, string][] => {
    const parsed = componentSchema.safeParse(raw);
    if (!parsed.success) return [];
    const { type, custom_id: id, value, component, components: inner } = parsed.data;
    if (type !== ComponentType.TextInput) return listTexts([component, ...inner], deep - 1);
    return id === undefined || value === undefined ? [] : [[id, value.slice(0, LONGEST_TEXT)]];
  });
}
