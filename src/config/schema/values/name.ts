import type { z } from 'zod';
import { textLeaf } from './leaf.ts';

/** A name that stands in messages, labels and environment variables: one line, no space around it. */
export function nameSchema(description: string, example: string): z.ZodType<string, string> {
  return textLeaf({ description, examples: [example] }, (text) => {
    if (text.trim() === '') return `is empty: write a name, as in "${example}"`;
    if (text !== text.trim()) return 'has a space before or after it: leave it out';
    if (/\p{Cc}/u.test(text)) return 'has a line break or control character: write one line';
    return text.length > 63 ? 'is longer than 63 characters: write a shorter name' : null;
  });
}

/** Free text for people, one line or several. */
export function proseSchema(description: string, example: string): z.ZodType<string, string> {
  return textLeaf({ description, examples: [example] }, (text) => {
    if (text.trim() === '') return `is empty: write it, as in "${example}", or leave the key out`;
    return text.length > 200 ? 'is longer than 200 characters: write less, it is quoted in alerts' : null;
  });
}
