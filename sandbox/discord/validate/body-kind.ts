/** What a request's body is, as far as the rules are concerned. */
export type BodyKind =
  | 'message'
  | 'message-edit'
  | 'interaction-callback'
  | 'command'
  | 'command-edit'
  | 'command-list'
  | 'thread'
  | 'channel-edit';
