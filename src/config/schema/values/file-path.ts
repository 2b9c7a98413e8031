import type { z } from 'zod';
import { textLeaf } from './leaf.ts';

/** A file's path, relative to the configuration file. Whether it exists is `check`'s question. */
export function filePathSchema(description: string, example: string): z.ZodType<string, string> {
  return textLeaf({ description, examples: [example] }, (text) => {
    return text.trim() === '' || text.includes('\0') ? `is no path: write one, as in ${example}` : null;
  });
}
