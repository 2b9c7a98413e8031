import { parseArgs } from 'node:util';
import { runDrill } from './drill/run-drill.ts';
import { findScenario, SCENARIOS } from './scenarios/catalogue.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});

if (values.help) {
  console.log(
    'npm run drill [-- NAME] [-- --list] [-- --json]\n\nReplays a scenario headless with a scripted responder.',
  );
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
