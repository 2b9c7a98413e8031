import { parseArgs } from 'node:util';
import { runDrill } from './drill/run-drill.ts';
import { findScenario, SCENARIOS } from './scenarios/catalogue.ts';
import type { Scenario } from './scenarios/scenario.ts';

const USAGE = `npm run drill -- [NAME | all] [--list] [--json]

Replays a scenario (connection-surge unless named), or all of them, headless with a scripted responder.
  --list   the scenarios
  --json   prints one JSON object and nothing else; for one scenario`;

const { values, positionals } = readArguments();
const [name = 'connection-surge', ...more] = positionals;

if (values.help) {
  console.log(USAGE);
} else if (values.list) {
  for (const { name: each, summary } of SCENARIOS) console.log(`${each.padEnd(20)} ${summary}`);
} else if (more.length > 0) {
  refuse(`One scenario at a time, or all: ${positionals.join(' ')} are ${positionals.length}.`);
} else if (name === 'all') {
  if (values.json) refuse('--json prints one object, for one scenario: name it, or leave --json out.');
  else process.exitCode = (await playAll()) ? 0 : 1;
} else {
  const scenario = findScenario(name);
  if (scenario === undefined) refuse(`There is no scenario ${name}. See: npm run drill -- --list`);
  else process.exitCode = (await playOne(scenario, values.json ?? false)) ? 0 : 1;
}

async function playOne(scenario: Scenario, json: boolean): Promise<boolean> {
  const summary = await runDrill(scenario, { quiet: json });
  if (json) console.log(JSON.stringify(summary));
  return summary.recovered;
}

/** One after the other: they would take each other's time on the processor, and be measured by it. */
async function playAll(): Promise<boolean> {
  const lines: string[] = [];
  let recovered = true;
  for (const scenario of SCENARIOS) {
    const { failures } = await runDrill(scenario, { quiet: false });
    console.log('');
    recovered &&= failures.length === 0;
    lines.push(`  ${failures.length === 0 ? '✓' : '✗'} ${scenario.name}`, ...failures.map((text) => `      ${text}`));
  }
  console.log([recovered ? 'All recovered:' : 'Not all recovered:', ...lines].join('\n'));
  return recovered;
}

function refuse(reason: string): void {
  console.error(reason);
  process.exitCode = 2;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { list: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}
