import { createInterface, type Interface } from 'node:readline/promises';
import { findScenario } from './scenarios/catalogue.ts';
import { setStage } from './stage/set-stage.ts';
import { actOnLine, actOnText, type Desk } from './terminal/act-on-line.ts';
import { completeLine } from './terminal/complete-line.ts';
import { currentField } from './terminal/fill-form.ts';
import { followChannels } from './terminal/follow-channels.ts';
import { renderHelp, renderWelcome } from './terminal/help.ts';
import { readArguments, USAGE } from './terminal/read-arguments.ts';

const DIRECTORY = 'sandbox-out';

const given = readArguments(process.argv.slice(2));
if (given.kind !== 'go') {
  (given.kind === 'help' ? console.log : console.error)(given.kind === 'help' ? USAGE : `${given.reason}\n\n${USAGE}`);
  process.exit(given.kind === 'help' ? 0 : 2);
}

const interactive = process.stdin.isTTY && process.stdout.isTTY;
let readline: Interface | null = null;
let leaving = false;
let closed = false;

const options = (given.scenario === null ? null : findScenario(given.scenario)?.stage) ?? { cluster: true };
console.log(`Setting the stage: a Discord, a PostgreSQL${options.cluster ? ' in a cluster' : ''}, and the bot…`);
const stage = await setStage({
  ...options,
  discordPort: given.port,
  onBotLost: (bot, status) => write(`The bot ended with status ${status}. ${bot.stderr()}`),
}).catch((error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE';
  console.error(taken ? `Port ${given.port} is taken: npm run sandbox -- --port 0 takes a free one.` : error.message);
  process.exit(1);
});

const shown = followChannels(stage, { directory: DIRECTORY, colour: process.stdout.isTTY, write });
const desk: Desk = {
  stage,
  setFor: given.scenario,
  shown,
  write,
  member: 'remy',
  channelId: stage.discord.channels.alerts,
  form: null,
};

await actOnLine(desk, { kind: 'world', verb: 'quiet', count: null });
const inCluster = stage.cluster !== null;
const places = [`Discord's API is ${stage.discord.apiUrl}`, `PostgreSQL is 127.0.0.1:${stage.postgres.port}`];
if (stage.cluster !== null) places.push(`Kubernetes' API is ${stage.cluster.kubernetes.url}`);
write(`${renderHelp({ inCluster })}\n\n${places.join(', ')}; charts go to ${DIRECTORY}/.`);
if (given.scenario === null) write(`\n${renderWelcome({ inCluster })}`);
if (given.scenario !== null) await actSafely(`play ${given.scenario}`);

// Only now, so that nothing typed early is lost; what comes is done one after the other, the end of the input too.
let work: Promise<unknown> = Promise.resolve();
readline = createInterface({
  input: process.stdin,
  output: process.stdout,
  completer: async (line: string): Promise<[string[], string]> => [await completeLine(stage, desk.member, line), line],
});
readline.on('line', (text) => {
  work = work.then(async () => {
    if (!leaving && !(await actSafely(text))) readline?.close();
    ask();
  });
});
readline.on('SIGINT', () => readline?.close());
readline.once('close', () => {
  closed = true;
  work = work.then(leave);
});
process.once('SIGTERM', () => void leave());
ask();

async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  shown.stop();
  await stage.close();
  process.exit(0);
}

function write(text: string): void {
  // Clears the prompt, so that what arrives while one types does not end up inside it.
  process.stdout.write(`${interactive ? '\r\u001B[K' : ''}${text}\n`);
  ask();
}

function ask(): void {
  // A closed readline throws when it is asked to prompt.
  if (!interactive || leaving || closed || readline === null) return;
  const field = desk.form && currentField(desk.form);
  const place = stage.discord.world.channels.get(desk.channelId)?.name;
  readline.setPrompt(field ? `${field.label}> ` : `${desk.member} in #${place}> `);
  readline.prompt(true);
}

async function actSafely(text: string): Promise<boolean> {
  try {
    return await actOnText(desk, text);
  } catch (error) {
    write(error instanceof Error ? error.message : String(error));
    return true;
  }
}
