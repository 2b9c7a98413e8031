import type { Operations } from '../operations/operations.ts';
import type { Form } from '../render/form.ts';
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
  /** Answered in public where alerts live and in incident threads; `private` answers are always ephemeral. */
  readonly answer: 'public-in-alert-channel' | 'private';
  /** Asks in a form first for what the options left out; null: nothing is missing. At once: it does no I/O. */
  ask?(call: CommandCall, operations: Operations): Form | null;
  run(call: CommandCall, operations: Operations): Promise<Message | Answer>;
  /** Handlers of the buttons it creates, by the action in their custom id `db.status:refresh:…`. */
  readonly buttons?: Readonly<Record<string, ButtonHandler>>;
  /** Handlers of the forms it opens, by the action in their custom id. */
  readonly forms?: Readonly<Record<string, FormHandler>>;
}

/** Completed as it is typed, or one of `choices`, or free text. */
export interface CommandOption {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  /** The only values there are; Discord shows them as a list. At most 25. */
  readonly choices?: readonly string[];
  /** Completes what was typed so far; at most 25 are shown. */
  autocomplete?(typed: string, operations: Operations): readonly string[];
}

/** Who asks, and from where. */
export interface Asker {
  readonly memberId: string;
  readonly level: Level;
  /** The channel or thread it was asked in. */
  readonly channelId: string | undefined;
  /** Everybody sees a new answer there. */
  readonly isPublic: boolean;
}

/** Who asks, what for, and what they may do. */
export interface CommandCall extends Asker {
  readonly options: Readonly<Record<string, string>>;
  /** Every command there is, for `/help`. */
  readonly catalogue: readonly CommandSummary[];
}

export interface CommandSummary {
  readonly name: string;
  readonly description: string;
  readonly access: Level;
}

/** A message that goes on living after it was shown. */
export interface Answer {
  readonly message: Message;
  /** Told where the message stands, once it does. */
  shown?(place: ShownAt): void;
  /**
   * What it turns into at `at` (epoch milliseconds), unless something else has been shown in it by then; null: it stays.
   * Only while this process lives and Discord keeps the interaction's token, 15 minutes.
   */
  readonly later?: {
    readonly at: number;
    becomes(): Message | null;
    /** Told once it stands there. */
    shown?(): void;
  };
}

/** Where a message stands. Of an ephemeral one nobody but its interaction's token can edit it. */
export interface ShownAt {
  readonly channelId: string;
  readonly messageId: string;
  readonly visibility: 'public' | 'ephemeral';
}

export type ButtonHandler = ActHandler | AskHandler;

interface ActHandler {
  readonly access: Level;
  /**
   * Edits the message that carries the button, or answers with a new one; `elsewhere`: what it does shows in the messages
   * that delivery keeps, and the click itself is only taken.
   */
  readonly answer: 'edit' | 'new' | 'elsewhere';
  run(click: ButtonClick, operations: Operations): Promise<Message | Answer | null>;
}

/** Opens a form; what is typed in it comes to one of the command's `forms`. */
interface AskHandler {
  readonly access: Level;
  readonly answer: 'form';
  /** At once: it does no I/O. */
  ask(click: ButtonClick, operations: Operations): Form;
}

/** What came in a form. Its answer edits the message whose button opened it, where there is one. */
export interface FormHandler {
  readonly access: Level;
  readonly answer: 'edit' | 'new';
  run(submission: FormSubmission, operations: Operations): Promise<Message | Answer>;
}

export interface ButtonClick extends Asker {
  /** What follows the action in the custom id. */
  readonly args: readonly string[];
  /** Shows how far it has come, in the place of the answer to come. Never throws: a lost edit is no failed act. */
  readonly progress: (message: Message) => Promise<void>;
}

export interface FormSubmission extends ButtonClick {
  /** By the field's id. */
  readonly fields: Readonly<Record<string, string>>;
}
