import type { Operations } from '../operations/operations.ts';
import type { Message } from '../render/message.ts';

/** Access levels, each including the lower ones (product.md §3). */
export const LEVELS = ['observe', 'respond', 'recover'] as const;
export type Level = (typeof LEVELS)[number];

/** One file in `commands/` = one slash (sub)command, its default export. Its name is its path: `db/status.ts` is `/db status`. */
export interface Command {
  readonly description: string;
  /** `observe` also means "everyone with a level": it is the lowest one. */
  readonly access: Level;
  readonly options?: readonly CommandOption[];
  /** Answered in public where alerts live; `private` answers are always ephemeral. */
  readonly answer: 'public-in-alert-channel' | 'private';
  run(call: CommandCall, operations: Operations): Promise<Message>;
  /** Handlers of the buttons it creates, by the action in their custom id `db.status:refresh:…`. */
  readonly buttons?: Readonly<Record<string, ButtonHandler>>;
}

export interface CommandOption {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  /** Completes what was typed so far; at most 25 are shown. */
  autocomplete(typed: string, operations: Operations): readonly string[];
}

/** Who asks, what for, and what they may do. */
export interface CommandCall {
  readonly options: Readonly<Record<string, string>>;
  readonly memberId: string;
  readonly level: Level;
  /** Every command there is, for `/help`. */
  readonly catalogue: readonly CommandSummary[];
}

export interface CommandSummary {
  readonly name: string;
  readonly description: string;
  readonly access: Level;
}

export interface ButtonHandler {
  readonly access: Level;
  /**
   * Edits the message that carries the button, or answers with a new one; `elsewhere`: what it does shows in the messages
   * that delivery keeps, and the click itself is only taken.
   */
  readonly answer: 'edit' | 'new' | 'elsewhere';
  run(click: ButtonClick, operations: Operations): Promise<Message | null>;
}

export interface ButtonClick {
  /** What follows the action in the custom id. */
  readonly args: readonly string[];
  readonly memberId: string;
  readonly level: Level;
}
