import type { Log } from '../model/log.ts';
import type { Operations } from '../operations/operations.ts';
import { decideAccess, describeRefusal, type LevelRoles } from './access.ts';
import type { Asker, Command, Level } from './command.ts';
import type { LivingMessages } from './living-messages.ts';
import type { Registry } from './registry.ts';
import type { Responder } from './responder.ts';

/** What the routes of all kinds of interactions share. */
export interface Routing {
  readonly roles: LevelRoles;
  /** Where everybody may see answers: the alert channel and the threads of incidents. */
  readonly isPublicPlace: (channelId: string) => boolean;
  readonly registry: Registry;
  readonly operations: Operations;
  readonly living: LivingMessages;
  readonly log: Log;
  /** A short id that ties what a person sees to a log line. */
  readonly newReference: () => string;
}

/** Who caused an interaction, with the roles of this very moment. */
export interface Person {
  readonly memberId: string;
  readonly roles: readonly string[];
  readonly channelId: string | undefined;
  /** The message whose button was used, or whose button opened the form; null: there is none. */
  readonly messageId: string | null;
}

/** Who asks, if their roles reach the level; else they are told what is missing, and it is null. */
export async function admit(
  routing: Routing,
  command: Command,
  person: Person,
  needed: Level,
  respond: Responder,
): Promise<Asker | null> {
  const { memberId, channelId } = person;
  const decision = decideAccess(person.roles, routing.roles, needed);
  if (decision.allowed) {
    const isPublic = visibilityOf(routing, command, person) === 'public';
    return { memberId, level: decision.level, channelId, isPublic };
  }
  await respond.refuse(describeRefusal(decision));
  return null;
}

/** Who sees a new answer of a command. */
export function visibilityOf(
  { isPublicPlace }: Routing,
  command: Command,
  { channelId }: Person,
): 'public' | 'ephemeral' {
  const isPublic = command.answer === 'public-in-alert-channel' && channelId !== undefined && isPublicPlace(channelId);
  return isPublic ? 'public' : 'ephemeral';
}

interface Found<Handler> {
  readonly handler: Handler;
  readonly command: Command;
  readonly args: readonly string[];
}

/** `db.status:refresh:main` → the handler `refresh` of `/db status` with the argument `main`; null for anything else. */
export function findHandler<Handler>(
  customId: string,
  { commands }: Registry,
  handlersOf: (command: Command) => Readonly<Record<string, Handler>> | undefined,
): Found<Handler> | null {
  const [name = '', action = '', ...rest] = customId.split(':');
  const command = commands.get(name.replace('.', ' '));
  const handlers = (command && handlersOf(command)) ?? {};
  // A forged id may name anything: only the command's own handlers count, never what every object inherits.
  const handler = Object.hasOwn(handlers, action) ? handlers[action] : undefined;
  if (!command || !handler) return null;
  try {
    return { handler, command, args: rest.map(decodeURIComponent) };
  } catch {
    return null; // a forged id with broken escapes
  }
}
