import { parseArgs } from 'node:util';
import { runDrill } from './drill/run-drill.ts';
import { findScenario, SCENARIOS } from './scenarios/catalogue.ts';

const USAGE = `npm run drill -- [NAME] [--list] [--json]

Replays a scenario (connection-surge unless named) headless with a scripted responder.`;

const { values, positionals } = readArguments();

if (values.help) {
  console.log(USAGE);
} else if (values.list) {
  for (const { name, summary } of SCENARIOS) console.log(`${name.padEnd(20)} ${summary}`);
} else {
  const scenario = findScenario(positionals[0] ?? 'connection-surge');
  if (scenario === undefined) {
    console.error(`There is no scenario ${positionals[0]}. See: npm run drill -- --list`);
    process.exitCode = 2;
  } else {
    const recovered = await runDrill(scenario, { json: values.json ?? false });
    process.exitCode = recovered ? 0 : 1;
  }
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
