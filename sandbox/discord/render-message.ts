import { renderEmbed } from './render/embed.ts';
import { type Paint, paint } from './render/paint.ts';
import { type Names, readable } from './render/readable.ts';
import { COMPONENT, type Component, flattenComponents, LINK_BUTTON } from './world/message-parts.ts';
import { MESSAGE_FLAGS, type Message } from './world/state.ts';

export interface RenderOptions {
  readonly names: Names;
  /** Epoch milliseconds, for relative times. */
  readonly now: number;
  /** Columns; 100 by default. */
  readonly width?: number;
  /** ANSI colours: when the stream is a terminal. */
  readonly colour?: boolean;
}

/**
 * A message as text for a terminal: who and when, content, embeds with their colour bar, files, and components
 * numbered as `listControls` lists them. Pure; control characters in hostile text come out as `�`.
 */
export function renderMessage(message: Message, { names, now, width = 100, colour = false }: RenderOptions): string {
  const style = paint(colour);
  const text = (raw: string): string => readable(raw, names, now);
  const lines = [
    header(message, style, text),
    ...bodyLines(message, text),
    ...message.embeds.flatMap((embed) => renderEmbed(embed, { width, style, text })),
    ...message.attachments.map(({ filename, size }) => `  [file: ${text(filename)}, ${bytes(size)}]`),
    ...controlLines(message, style, text),
  ];
  return lines.join('\n');
}

/** The buttons and menus that can be used, in the order of their numbers: `[1: Refresh]` is the first. */
export function listControls(message: Message): readonly Component[] {
  return flattenComponents(message.components).filter(
    ({ type, style, disabled, custom_id }) =>
      custom_id !== undefined && type !== COMPONENT.textInput && style !== LINK_BUTTON && disabled !== true,
  );
}

function header({ author, timestamp, edited_timestamp, flags }: Message, style: Paint, text: (raw: string) => string) {
  const name = style.bold(text(author.global_name ?? author.username));
  const marks = [
    author.bot ? ' [bot]' : '',
    `  ${timestamp.slice(11, 19)} UTC`,
    edited_timestamp === null ? '' : ` (edited ${edited_timestamp.slice(11, 19)})`,
    (flags & MESSAGE_FLAGS.ephemeral) === 0 ? '' : ' (only you see this)',
  ];
  return name + style.dim(marks.join(''));
}

function bodyLines(message: Message, text: (raw: string) => string): string[] {
  if ((message.flags & MESSAGE_FLAGS.loading) !== 0) return ['… is thinking'];
  if (message.type === 6) return ['pinned a message to this channel'];
  const blocks = flattenComponents(message.components).flatMap(({ content }) => content ?? []);
  return [message.content, ...blocks].filter((part) => part !== '').flatMap((part) => text(part).split('\n'));
}

function controlLines(message: Message, style: Paint, text: (raw: string) => string): string[] {
  const controls = listControls(message);
  const shown = (component: Component): string => {
    const number = controls.indexOf(component) + 1;
    const label = text(component.label ?? component.placeholder ?? component.emoji?.name ?? 'choose…');
    if (component.style === LINK_BUTTON) return `[${label}: ${component.url}]`;
    if (number === 0) return style.dim(`[${label}]`);
    return style.button(
      `[${number}: ${component.type === COMPONENT.button ? '' : '▾ '}${label}]`,
      component.style ?? 2,
    );
  };
  const rows = flattenComponents(message.components).filter(({ type }) => type === COMPONENT.row);
  return rows.map(({ components = [] }) => `  ${components.map(shown).join(' ')}`);
}

function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  return size < 1024 * 1024 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / 1024 / 1024).toFixed(1)} MiB`;
}
