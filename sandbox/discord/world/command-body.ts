import { z } from 'zod';

/** The shape of an application command in a request; unknown keys are refused (facts.md, Discord 9). */
export interface CommandOption {
  /** 1 subcommand, 2 group, 3 string, 4 integer, 5 boolean, 6 user, 7 channel, 8 role, 9 mentionable, 10 number, 11 file. */
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly required?: boolean | null | undefined;
  readonly autocomplete?: boolean | null | undefined;
  readonly choices?: readonly CommandChoice[] | null | undefined;
  readonly options?: readonly CommandOption[] | null | undefined;
  readonly min_value?: number | null | undefined;
  readonly max_value?: number | null | undefined;
  readonly min_length?: number | null | undefined;
  readonly max_length?: number | null | undefined;
}

export interface CommandChoice {
  readonly name: string;
  readonly value: string | number;
}

const localizations = z.record(z.string(), z.string()).nullish();
const choice = z.strictObject({
  name: z.string(),
  name_localizations: localizations,
  value: z.union([z.string(), z.number()]),
});
const bound = z.number().nullish();
const option: z.ZodType<CommandOption> = z.strictObject({
  type: z.int().min(1).max(11),
  name: z.string(),
  name_localizations: localizations,
  // A missing description is reported by a rule of its own; empty here means missing.
  description: z.string().default(''),
  description_localizations: localizations,
  required: z.boolean().nullish(),
  autocomplete: z.boolean().nullish(),
  choices: z.array(choice).nullish(),
  min_value: bound,
  max_value: bound,
  min_length: bound,
  max_length: bound,
  channel_types: z.array(z.int()).nullish(),
  get options() {
    return z.array(option).nullish();
  },
});

export const commandBody = z.strictObject({
  id: z.string().nullish(),
  type: z.int().nullish(),
  name: z.string(),
  name_localizations: localizations,
  description: z.string().nullish(),
  description_localizations: localizations,
  options: z.array(option).nullish(),
  /** Travels as a string although the OpenAPI document says integer (facts.md, Discord 9). */
  default_member_permissions: z
    .union([z.string().regex(/^\d+$/), z.int()])
    .transform(String)
    .nullish(),
  dm_permission: z.boolean().nullish(),
  default_permission: z.boolean().nullish(),
  contexts: z.array(z.int()).nullish(),
  integration_types: z.array(z.int()).nullish(),
  nsfw: z.boolean().nullish(),
  handler: z.int().nullish(),
});

export type CommandBody = z.infer<typeof commandBody>;
