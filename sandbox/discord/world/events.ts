import type { InteractionRecord } from './interactions.ts';
import type { StoredMessage } from './messages.ts';
import type { Channel, Message } from './state.ts';

/** What happened in the world, in order. `at` is epoch milliseconds; messages carry a copy as it was then. */
export type WorldEvent =
  | { readonly type: 'message-created'; readonly at: number; readonly stored: StoredMessage; readonly message: Message }
  | { readonly type: 'message-edited'; readonly at: number; readonly stored: StoredMessage; readonly message: Message }
  | { readonly type: 'message-deleted'; readonly at: number; readonly stored: StoredMessage; readonly message: Message }
  | { readonly type: 'pins-changed'; readonly at: number; readonly channel: Channel }
  | { readonly type: 'channel-changed'; readonly at: number; readonly channel: Channel }
  | { readonly type: 'thread-created'; readonly at: number; readonly channel: Channel }
  | { readonly type: 'typing'; readonly at: number; readonly channel: Channel }
  | { readonly type: 'commands-changed'; readonly at: number; readonly scope: 'guild' | 'global' }
  | { readonly type: 'interaction-created'; readonly at: number; readonly interaction: InteractionRecord }
  | { readonly type: 'interaction-acknowledged'; readonly at: number; readonly interaction: InteractionRecord }
  | { readonly type: 'interaction-expired'; readonly at: number; readonly interaction: InteractionRecord };
