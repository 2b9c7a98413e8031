import type { Command } from '../world/commands.ts';
import type { InteractionType } from '../world/interactions.ts';
import { COMPONENT, type Component, flattenComponents, LINK_BUTTON } from '../world/message-parts.ts';
import type { StoredMessage } from '../world/messages.ts';
import type { Channel, Member, Message } from '../world/state.ts';
import type { World } from '../world/world.ts';
import { interactionPayload } from './interaction-payload.ts';
import { fillModal } from './modal-fields.ts';
import { fillCommand, type OptionValue } from './options.ts';
import { awaitOutcome, type Outcome } from './outcome.ts';
import { phantomMessage } from './phantom-message.ts';
import { sceneChannel, type Where } from './scene.ts';

/** A member of the guild, doing what Discord's client lets a member do. */
export interface Player {
  readonly member: Member;
  /** The commands that the member is shown. */
  commands(): readonly Command[];
  /** `line` as in `db status`. Throws for a command that is not shown, unless `hidden` (an admin's override). */
  command(line: string, options?: Options, where?: Where & { readonly hidden?: boolean }): Promise<Outcome>;
  /** What an option being typed is completed with; its text is in `options`. */
  autocomplete(line: string, options: Options, focused: string, where?: Where): Promise<Outcome>;
  /** Clicks a button by its custom id or its label. Throws when the member sees none such, or it is disabled. */
  click(messageId: string, button: string | RegExp): Promise<Outcome>;
  select(messageId: string, customId: string, values: readonly string[]): Promise<Outcome>;
  submitModal(opened: Outcome, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Outcome>;
  /**
   * Sends an interaction that no client would, such as a forged click; the fields are laid over a complete one. A
   * click comes from the message `messageId`, or from one that was never posted.
   */
  raw(interaction: RawInteraction, where?: Where & { readonly messageId?: string }): Promise<Outcome>;
  /** Writes a message. */
  say(channelId: string, content: string): Message;
  /** What the member sees in a channel, oldest first. */
  messages(channelId: string): readonly Message[];
}

type Options = Readonly<Record<string, OptionValue>>;
export type RawInteraction = { readonly type: InteractionType; readonly data: object } & Readonly<
  Record<string, unknown>
>;

export function createPlayer(world: World, member: Member): Player {
  const visible = (stored: StoredMessage): boolean => stored.visibleTo === null || stored.visibleTo === member.user.id;

  const send = (type: InteractionType, channel: Channel, data: object, source: StoredMessage | null, over = {}) => {
    const interaction = world.interactions.create({
      type,
      userId: member.user.id,
      channelId: channel.id,
      guildId: channel.guildId,
      source,
      payload: (id, token) => ({
        ...interactionPayload(
          world,
          { member, channel },
          {
            id,
            token,
            type,
            data: { ...data },
            message: source?.message ?? null,
          },
        ),
        ...over,
      }),
    });
    return awaitOutcome(world, interaction);
  };

  const commandsIn = (channel: Channel): readonly Command[] =>
    world.commands.visibleTo(member, world.permissionsOf(member, channel));

  const findCommand = (line: string, channel: Channel, hidden: boolean): Command => {
    const name = line.trim().split(/\s+/)[0];
    const shown = hidden ? [...world.commands.list('guild'), ...world.commands.list('global')] : commandsIn(channel);
    const command = shown.find((one) => one.name === name);
    if (command === undefined) throw new Error(`Discord shows ${member.user.username} no command /${name}`);
    return command;
  };

  const commandData = (command: Command, options: readonly object[]) => ({
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guild_id !== undefined && { guild_id: command.guild_id }),
    ...(options.length > 0 && { options }),
  });

  const seen = (messageId: string): StoredMessage => {
    const stored = world.messages.find(messageId);
    if (stored === undefined || !visible(stored)) throw new Error(`${member.user.username} sees no such message`);
    return stored;
  };

  const channelOf = (stored: StoredMessage): Channel => {
    const channel = world.channels.get(stored.message.channel_id);
    if (channel === undefined) throw new Error('the message is in no channel');
    return channel;
  };

  const use = (stored: StoredMessage, component: Component, data: object): Promise<Outcome> => {
    if (component.disabled === true) throw new Error(`${component.label ?? component.custom_id} is disabled`);
    const base = { custom_id: component.custom_id, component_type: component.type, id: component.id };
    return send(3, channelOf(stored), { ...base, ...data }, stored);
  };

  return {
    member,
    commands: () => commandsIn(sceneChannel(world, member, {})),
    command(line, options = {}, { hidden = false, ...where } = {}) {
      const channel = sceneChannel(world, member, where);
      const command = findCommand(line, channel, hidden);
      return send(2, channel, commandData(command, fillCommand(command, line, options)), null);
    },
    autocomplete(line, options, focused, where = {}) {
      const channel = sceneChannel(world, member, where);
      const command = findCommand(line, channel, false);
      return send(4, channel, commandData(command, fillCommand(command, line, options, { focused })), null);
    },
    click(messageId, wanted) {
      const stored = seen(messageId);
      const buttons = flattenComponents(stored.message.components).filter(({ type }) => type === COMPONENT.button);
      const matches = ({ label = '', custom_id }: Component): boolean =>
        typeof wanted === 'string' ? label === wanted || custom_id === wanted : wanted.test(label);
      const button = buttons.find(matches);
      if (button === undefined) {
        throw new Error(`no button ${wanted} there, only ${buttons.map(({ label }) => label).join(', ')}`);
      }
      if (button.style === LINK_BUTTON) throw new Error(`${button.label} is a link to ${button.url}`);
      return use(stored, button, {});
    },
    select(messageId, customId, values) {
      const stored = seen(messageId);
      const menu = flattenComponents(stored.message.components).find(({ custom_id }) => custom_id === customId);
      if (menu === undefined) throw new Error(`no menu ${customId} there`);
      const offered = menu.options?.map(({ value }) => value);
      const unknown = values.find((value) => offered?.includes(value) === false);
      if (unknown !== undefined) throw new Error(`${customId} does not offer ${unknown}`);
      if (values.length < (menu.min_values ?? 1) || values.length > (menu.max_values ?? 1)) {
        throw new Error(`${customId} does not take ${values.length} values`);
      }
      return use(stored, menu, { values });
    },
    submitModal({ modal, interaction }, fields) {
      if (modal === null) throw new Error('no modal was opened');
      const channel = world.channels.get(interaction.channelId) ?? sceneChannel(world, member, {});
      const data = { custom_id: modal.customId, components: fillModal(modal, fields) };
      return send(5, channel, data, interaction.source);
    },
    raw({ type, data, ...over }, { messageId, ...where } = {}) {
      const channel = sceneChannel(world, member, where);
      const known = messageId === undefined ? undefined : world.messages.find(messageId);
      const source = type === 3 ? (known ?? phantomMessage(world, channel, member)) : null;
      return send(type, channel, data, source, over);
    },
    say(channelId, content) {
      const channel = sceneChannel(world, member, { channelId });
      const arrivedAt = world.clock.now();
      return world.messages.create({ channel, author: member.user, body: { content }, uploads: [], arrivedAt }).message;
    },
    messages: (channelId) =>
      world.messages
        .list(channelId, { ephemeral: true })
        .filter(visible)
        .map(({ message }) => message),
  };
}
