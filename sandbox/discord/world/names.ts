import type { Names } from '../render/readable.ts';
import type { World } from './world.ts';

/** The names that mentions of this guild stand for. */
export function namesOf(world: World): Names {
  return {
    user: (id) => {
      const user = world.members.get(id)?.user;
      return user?.global_name ?? user?.username;
    },
    role: (id) => world.roles.get(id)?.name,
    channel: (id) => world.channels.get(id)?.name,
  };
}
