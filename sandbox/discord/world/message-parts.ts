/** Parts of a message, loosely typed: what a bot sends is validated before it gets here. */
export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly url: string;
  readonly proxy_url: string;
  readonly content_type: string;
  readonly description?: string;
  readonly width?: number;
  readonly height?: number;
}

/** A file as it came in a multipart body. */
export interface Upload {
  /** The n of `files[n]`. */
  readonly index: number;
  readonly filename: string;
  readonly contentType: string;
  readonly data: Uint8Array;
}

export interface EmbedMedia {
  readonly url: string;
  readonly proxy_url?: string;
  readonly width?: number;
  readonly height?: number;
}

export interface Embed {
  readonly type: 'rich';
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly timestamp?: string;
  readonly color?: number;
  readonly footer?: { readonly text: string; readonly icon_url?: string };
  readonly image?: EmbedMedia;
  readonly thumbnail?: EmbedMedia;
  readonly author?: { readonly name: string; readonly url?: string; readonly icon_url?: string };
  readonly fields?: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[];
}

export interface SelectOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly default?: boolean;
}

/** Any component: a row, a button, a select, a text input, a v2 block. `id` is given by the server. */
export interface Component {
  readonly type: number;
  readonly id?: number;
  readonly custom_id?: string;
  readonly style?: number;
  readonly label?: string;
  readonly url?: string;
  readonly disabled?: boolean;
  readonly placeholder?: string;
  readonly emoji?: { readonly name?: string | null };
  readonly options?: readonly SelectOption[];
  readonly min_values?: number;
  readonly max_values?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly required?: boolean;
  readonly value?: string;
  readonly content?: string;
  readonly components?: readonly Component[];
  readonly component?: Component;
  readonly accessory?: Component;
}

export const COMPONENT = { row: 1, button: 2, stringSelect: 3, textInput: 4, label: 18 } as const;
export const LINK_BUTTON = 5;

/** Every component of a tree, outermost first. */
export function flattenComponents(components: readonly Component[]): Component[] {
  return components.flatMap((component) => [
    component,
    ...flattenComponents(component.components ?? []),
    ...flattenComponents([component.component, component.accessory].filter((inner) => inner !== undefined)),
  ]);
}

/** The same tree with the ids that Discord gives to components. */
export function numberComponents(components: readonly Component[], next = { id: 1 }): Component[] {
  return components.map((component) => {
    const id = component.id ?? next.id;
    next.id += 1;
    return {
      ...component,
      id,
      ...(component.components && { components: numberComponents(component.components, next) }),
      ...(component.component && { component: numberComponents([component.component], next)[0] as Component }),
      ...(component.accessory && { accessory: numberComponents([component.accessory], next)[0] as Component }),
    };
  });
}
