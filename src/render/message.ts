/** A Discord message as plain data: what renderers return and the transport sends. Text in it is Markdown, already safe. */
export interface Message {
  readonly content?: string;
  /** Roles that the content pings; nothing else ever does. */
  readonly pingRoles?: readonly string[];
  readonly embed?: Embed;
  /** One row, Discord's five buttons at most. */
  readonly buttons?: readonly Button[];
  /** The picture that the embed shows. */
  readonly file?: MessageFile;
  /** What people download: lists, reports. */
  readonly attachments?: readonly MessageFile[];
}

export interface Embed {
  readonly title: string;
  readonly description?: string;
  readonly colour: number;
  readonly fields?: readonly EmbedField[];
  readonly footer?: string;
  /** Epoch milliseconds. */
  readonly timestamp?: number;
}

export interface EmbedField {
  readonly name: string;
  readonly value: string;
  readonly inline?: boolean;
}

export interface Button {
  /** `command.name:action:argument…`, at most 100 characters (contract.md, Discord). */
  readonly id: string;
  /** A verb, with its count or target where it acts. */
  readonly label: string;
  readonly style: 'act' | 'danger' | 'quiet';
  readonly disabled?: boolean;
}

export interface MessageFile {
  readonly name: string;
  readonly type: 'image/png' | 'text/csv' | 'text/markdown' | 'text/plain';
  /** For people who do not see it. */
  readonly description: string;
  readonly data: Uint8Array;
}

/** The colours of embeds: the same meaning everywhere. */
export const COLOURS = {
  critical: 0xda373c,
  warning: 0xe67e22,
  resolved: 0x248046,
  calm: 0x5865f2,
  unknown: 0x80848e,
} as const;

/** A Discord timestamp: shown in each reader's own zone (`R`: relative). `at` in epoch milliseconds. */
export function timestamp(at: number, style: 'R' | 'T' | 'f' = 'R'): string {
  return `<t:${Math.floor(at / 1_000)}:${style}>`;
}
