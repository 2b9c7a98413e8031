import { fileURLToPath } from 'node:url';

/** For the environment of our own processes: one that finds there what another has compiled starts in half the time. */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/node-compile', import.meta.url)),
};
