import type { z } from 'zod';
import { textLeaf } from './leaf.ts';

/** An `http://` or `https://` address. */
export function urlSchema(description: string, example: string): z.ZodType<string, string> {
  return textLeaf({ description, examples: [example] }, (text) => {
    return isHttpUrl(text)
      ? null
      : `is no web address: write one that starts with https:// or http://, as in "${example}"`;
  });
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
