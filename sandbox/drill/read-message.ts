import type { Message } from '../discord/world/state.ts';

/** All the text of a message, as a person would read it: content, title, description, fields, footer. */
export function textOf({ content, embeds }: Message): string {
  const parts = embeds.flatMap((embed) => {
    const { title, description, fields = [], footer } = embed as EmbedText;
    return [title, description, ...fields.flatMap(({ name, value }) => [name, value]), footer?.text];
  });
  return [content, ...parts].filter((part) => part !== undefined && part !== '').join('\n');
}

/** An alert's key, from its footer: `rule · database · subject`. */
export function footerOf({ embeds }: Message): string {
  return (embeds[0] as EmbedText | undefined)?.footer?.text ?? '';
}

/** The title, which carries the state. */
export function titleOf({ embeds }: Message): string {
  return (embeds[0] as EmbedText | undefined)?.title ?? '';
}

interface EmbedText {
  readonly title?: string;
  readonly description?: string;
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
  readonly footer?: { readonly text: string };
}
