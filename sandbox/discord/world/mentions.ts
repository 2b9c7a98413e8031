import type { MessageBody } from './message-body.ts';
import type { Seed } from './seed.ts';
import type { Message, User } from './state.ts';

type Mentions = Pick<Message, 'mention_everyone' | 'mentions' | 'mention_roles'>;

/** Whom a content pings: what it names, as far as `allowed_mentions` lets it. Without that field, everyone it names. */
export function readMentions(content: string, allowed: MessageBody['allowed_mentions'], seed: Seed): Mentions {
  const may = (kind: 'users' | 'roles' | 'everyone', id?: string): boolean => {
    if (allowed === undefined || allowed === null) return true;
    if (allowed.parse?.includes(kind) === true) return true;
    return kind !== 'everyone' && id !== undefined && (allowed[kind] ?? []).includes(id);
  };
  const named = (pattern: RegExp): string[] => [
    ...new Set([...content.matchAll(pattern)].map((match) => match[1] as string)),
  ];
  return {
    mention_everyone: /@(everyone|here)\b/.test(content) && may('everyone'),
    mentions: named(/<@!?(\d+)>/g)
      .filter((id) => may('users', id))
      .map((id) => seed.members.get(id)?.user)
      .filter((user): user is User => user !== undefined),
    mention_roles: named(/<@&(\d+)>/g).filter((id) => seed.roles.has(id) && may('roles', id)),
  };
}
