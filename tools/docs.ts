import { readFile, writeFile } from 'node:fs/promises';
import { loadRules } from '../src/alerts/rule-catalogue.ts';
import { loadRegistry, type Registry } from '../src/discord/registry.ts';
import { METRICS } from '../src/http/metrics/metric-table.ts';
import { renderAlerts } from './render-alerts.ts';

/**
 * Writes the tables that are generated from the catalogues (architecture, rule 3); with --check it only says which are
 * stale, and exits with 1.
 */
const ROOT = new URL('../', import.meta.url);
const registry = await loadRegistry(new URL('commands/', ROOT));
const rules = await loadRules();

const readme = await readFile(new URL('README.md', ROOT), 'utf8');
const wanted: Readonly<Record<string, string>> = {
  'README.md': replaceBlock(readme, 'commands', renderCommands(registry)),
  'docs/alerts.md': renderAlerts(rules),
  'docs/metrics.md': renderMetrics(),
};

const stale: string[] = [];
for (const [file, text] of Object.entries(wanted)) {
  const present = await readFile(new URL(file, ROOT), 'utf8').catch(() => null);
  if (present === text) continue;
  stale.push(file);
  if (!process.argv.includes('--check')) await writeFile(new URL(file, ROOT), text);
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`Generated docs are stale: ${stale.join(', ')}. Run npm run docs.`);
  process.exitCode = 1;
}

function renderCommands({ commands }: Registry): string {
  const rows = [...commands].map(([name, { access, description, options = [] }]) => {
    const usage = [`/${name}`, ...options.map((option) => (option.required ? option.name : `[${option.name}]`))];
    return `| \`${usage.join(' ')}\` | ${access} | ${description} |`;
  });
  return ['| command | access | what it does |', '|---|---|---|', ...rows].join('\n');
}

function renderMetrics(): string {
  const rows = Object.entries(METRICS).map(([name, { type, labels, help }]) => {
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ') || '–'} | ${help} |`;
  });
  return [
    '# Metrics',
    '<!-- Generated from src/http/metrics/metric-table.ts by `npm run docs`. -->',
    '',
    'Served at `/metrics` where `http` is configured, in the text format of Prometheus, collected at the moment of the scrape. What is',
    'unknown is absent, never 0. How to plug them in, with rules and a dashboard: [docs/monitoring](monitoring/README.md).',
    '',
    '| metric | type | labels | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function replaceBlock(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to === -1) throw new Error(`README.md has lost its markers for ${name}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
