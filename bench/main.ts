import { parseArgs } from 'node:util';
import { parseDuration } from '../src/model/duration.ts';
import { BENCHMARKS } from './catalogue.ts';
import { describeMachine } from './machine.ts';
import { renderMachine, renderOutcome } from './render-report.ts';
import { type Outcome, runBenchmarks } from './run-benchmarks.ts';

const HELP = `npm run bench [-- NAME…] [-- --list] [-- --json] [-- --soak 10m]

Measures the real bot on a PostgreSQL and a Discord of its own. Exit status 1 when something could not be measured.`;
const INTERRUPTED = 130;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    json: { type: 'boolean' },
    soak: { type: 'string', default: '60s' },
    help: { type: 'boolean', short: 'h' },
  },
});
const soakMs = parseDuration(values.soak);
const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));

if (values.help) console.log(HELP);
else if (values.list) for (const { name, summary } of BENCHMARKS) console.log(`${name.padEnd(14)} ${summary}`);
else if (soakMs === null || soakMs < 10_000)
  refuse(`--soak ${values.soak} is not a duration of 10s or more, as in 10m.`);
else if (unknown.length > 0) refuse(`There is no benchmark ${unknown.join(', ')}. See: npm run bench -- --list`);
else await measure(soakMs);

function refuse(reason: string): void {
  console.error(reason);
  process.exitCode = 2;
}

async function measure(soakMs: number): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
  const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const machine = describeMachine();
  if (!values.json) console.log(renderMachine(machine));
  const outcomes: Outcome[] = [];
  const progress = (text: string): void => console.error(text);
  for await (const outcome of runBenchmarks(chosen, { soakMs, signal: interrupted.signal, progress })) {
    outcomes.push(outcome);
    if (!values.json) console.log(renderOutcome(outcome));
  }
  // What was broken off may still have timers.
  if (interrupted.signal.aborted) process.exit(INTERRUPTED);
  if (values.json) console.log(JSON.stringify({ machine, soakMs, benchmarks: outcomes }));
  process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
}
