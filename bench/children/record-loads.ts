/** Preloaded into the bot by `NODE_OPTIONS=--import`: writes the address of every module it loads, in every thread, to LOADS_FILE. */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = process.env['LOADS_FILE'];
if (file === undefined) throw new Error('LOADS_FILE is not set');
registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(file, `${url}\n`);
    return nextLoad(url, context);
  },
});
