/** A form that Discord opens over the channel (a modal): what the options left out, or a name typed on purpose. */
export interface Form {
  /** `command.name:action:argument…`, at most 100 characters; its action is one of the command's `forms`. */
  readonly id: string;
  /** At most 45 characters (facts.md, Discord 7). */
  readonly title: string;
  /** One to five. */
  readonly fields: readonly FormField[];
}

export interface FormField {
  readonly id: string;
  /** At most 45 characters. */
  readonly label: string;
  readonly lines: 'one' | 'many';
  readonly required: boolean;
  readonly maxLength: number;
  /** Shown in the empty field, at most 100 characters. */
  readonly placeholder?: string;
  readonly value?: string;
}
