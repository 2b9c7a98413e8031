import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { setStage } from './stage/set-stage.ts';
import { actOnLine, type Desk, HELP } from './terminal/act-on-line.ts';
import { completeLine } from './terminal/complete-line.ts';
import { followChannels } from './terminal/follow-channels.ts';
import { parseLine } from './terminal/parse-line.ts';

const DEFAULT_PORT = 3000;
const DIRECTORY = 'sandbox-out';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: String(DEFAULT_PORT) },
    scenario: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log(
    'npm run sandbox [-- --port N] [-- --scenario NAME]\n\nThe real bot on a Discord and a PostgreSQL of its own.',
  );
  process.exit(0);
}

console.log('Setting the stage: a Discord, a PostgreSQL, and the bot…');
const stage = await setStage({ discordPort: Number(values.port) });
const interactive = process.stdin.isTTY && process.stdout.isTTY;
let leaving = false;
const readline = createInterface({
  input: process.stdin,
  output: process.stdout,
  completer: async (line: string): Promise<[string[], string]> => [await completeLine(stage, desk.member, line), line],
});
const write = (text: string): void => {
  // Clears the prompt, so that what arrives while one types does not end up inside it.
  process.stdout.write(`${interactive ? '\r\u001B[K' : ''}${text}\n`);
  ask();
};
const ask = (): void => {
  if (!interactive || leaving) return;
  readline.setPrompt(`${desk.member} in #alerts> `);
  readline.prompt(true);
};
const shown = followChannels(stage, { directory: DIRECTORY, colour: process.stdout.isTTY, write });
const desk: Desk = { stage, shown, write, member: 'remy' };

await actOnLine(desk, { kind: 'world', verb: 'quiet', count: null });
write(
  `${HELP}\n\nDiscord's API is ${stage.discord.apiUrl}, PostgreSQL is 127.0.0.1:${stage.postgres.port}; charts go to ${DIRECTORY}/.`,
);
if (values.scenario !== undefined) await actSafely(`play ${values.scenario}`);

void stage.bot.exited.then((status) => {
  if (!leaving) write(`The bot ended with status ${status}. ${stage.bot.stderr()}`);
});
readline.on('SIGINT', () => readline.close());
process.once('SIGTERM', () => readline.close());
readline.on('line', (text) => {
  void actSafely(text).then((stays) => {
    if (!stays) readline.close();
    ask();
  });
});
readline.once('close', () => {
  leaving = true;
  shown.stop();
  void stage.close().then(() => process.exit(0));
});

async function actSafely(text: string): Promise<boolean> {
  try {
    return await actOnLine(desk, parseLine(text));
  } catch (error) {
    write(error instanceof Error ? error.message : String(error));
    return true;
  }
}
