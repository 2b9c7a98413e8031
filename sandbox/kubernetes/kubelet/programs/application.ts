import { fileURLToPath } from 'node:url';
import { environmentOf, type Program } from '../program.ts';
import { runProcess } from '../run-process.ts';
import { createPodPlayer, type PodPlayer } from './pod-player.ts';

const CLIENT = fileURLToPath(new URL('client-process.ts', import.meta.url));

/** An application's image: a client of PostgreSQL. `onStart` is given each container that starts, to play it. */
export function createApplicationProgram(onStart: (podUid: string, player: PodPlayer) => void = () => {}): Program {
  return {
    stopSignal: 'SIGTERM',
    async start({ pod, container, address, print }) {
      const { name, uid } = pod.metadata;
      const env = { ...environmentOf(container), HOSTNAME: name, POD_IP: address };
      const { child, ...started } = runProcess(
        [process.execPath, '--max-semi-space-size=1', CLIENT, ...(container.args ?? [])],
        env,
        print,
      );
      const player = createPodPlayer(child, name, address);
      onStart(uid, player);
      return { ...started, ready: player.ready };
    },
  };
}
