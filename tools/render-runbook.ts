import { loadRules } from '../src/alerts/rule-catalogue.ts';
import { readRecoverySettings } from '../src/bot-settings.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { composeRunbook } from '../src/recovery/compose-runbook.ts';
import { loadSteps } from '../src/recovery/step-catalogue.ts';
import { loadStrategies } from '../src/recovery/strategy-catalogue.ts';
import { renderRunbookMarkdown } from '../src/render/runbook.ts';

/** docs/runbook.md, from the strategies and steps and breakwater.example.yaml. */
export async function renderExampleRunbook(): Promise<string> {
  const path = new URL('../breakwater.example.yaml', import.meta.url).pathname;
  const loaded = loadConfig({ path, env: {}, rules: await loadRules(), secrets: 'ignored' });
  if (!loaded.ok) throw new Error(`breakwater.example.yaml: ${JSON.stringify(loaded.faults)}`);
  const settings = readRecoverySettings(loaded.config.databases[0]);
  return renderRunbookMarkdown(composeRunbook(settings, await loadStrategies(), await loadSteps()), [
    '<!-- Generated from src/recovery/strategies/ and src/recovery/steps/ by `npm run docs`. -->',
    '',
    'Written from the same steps that the bot carries out, for the names of [breakwater.example.yaml](../breakwater.example.yaml);',
    '`/runbook` writes it for yours.',
    '',
  ]);
}
