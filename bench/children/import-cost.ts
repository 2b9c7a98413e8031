/** Imports one package (or nothing) in this process, and prints what that took: `{ms, rssKib}`. */
import { readMemoryKib } from '../read-process.ts';

const [name] = process.argv.slice(2);
const begun = performance.now();
if (name !== undefined) await import(name);
const ms = performance.now() - begun;
process.stdout.write(JSON.stringify({ ms, rssKib: (await readMemoryKib(process.pid)).rss }));
