import type { StoredMessage } from '../world/messages.ts';
import type { Channel, Member } from '../world/state.ts';
import type { World } from '../world/world.ts';

/** A message of the bot that was never posted: what a forged click claims to come from. */
export function phantomMessage(world: World, channel: Channel, member: Member): StoredMessage {
  return {
    message: {
      id: world.mint(),
      channel_id: channel.id,
      author: world.bot.user,
      content: '',
      timestamp: new Date(world.clock.now()).toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: [],
      embeds: [],
      components: [],
      pinned: false,
      type: 0,
      flags: 0,
    },
    files: [],
    firstPostAt: world.clock.now(),
    visibleTo: member.user.id,
    deleted: false,
  };
}
