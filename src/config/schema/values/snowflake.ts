import type { z } from 'zod';
import { textLeaf } from './leaf.ts';

/** A Discord id: 17 to 20 digits in quotes. https://discord.com/developers/docs/reference#snowflakes */
export function snowflakeSchema(description: string, example = '100000000000000001'): z.ZodType<string, string> {
  return textLeaf({ description, examples: [example], pattern: '^\\d{17,20}$' }, (text) =>
    /^\d{17,20}$/.test(text)
      ? null
      : 'is no Discord id: turn on Developer Mode in Discord, right-click, "Copy ID", and write its 17 to 20 digits in quotes',
  );
}
