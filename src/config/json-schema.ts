import { z } from 'zod';
import type { RuleDescription } from '../model/rule-options.ts';
import { rootSchema } from './schema/root.ts';

/** The part of a JSON Schema that this schema uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}

/** The JSON Schema of the file as people write it, for editors: descriptions, defaults and examples included. */
export function configJsonSchema(rules: readonly RuleDescription[]): JsonSchema {
  return z.toJSONSchema(rootSchema(rules), {
    io: 'input',
    // The draft that editors' YAML language servers know best.
    target: 'draft-7',
    // zod leaves the examples of transformed values out, as they might be of the output; ours are all of the input.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  }) as JsonSchema;
}
