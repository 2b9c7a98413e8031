import type { Inhibition, Rule, RuleScope } from '../src/alerts/rule.ts';

/** The alert reference, docs/alerts.md, from the rules as they are. */
export function renderAlerts(all: readonly Rule[]): string {
  return [
    '# Alert reference',
    '<!-- Generated from src/alerts/rules/ by `npm run docs`. -->',
    '',
    'Set under `databases[].alerts.<rule>`: `for`, `keep`, `repeat`, `severity`, `enabled`, and the options that each rule has below. A web address',
    'is judged by the settings of the database that it depends on; where it depends on none, by the defaults. Between firing and resolving,',
    'and while its source gives no answer, an alert stays as it is: unknown is neither healthy nor over. Where `fire` is set and `clear` is not,',
    '`clear` moves along with it. What belongs to no database (`source-blind` for Discord and the journal) is judged by the defaults.',
    '',
    all.map((rule) => renderRule(rule, all)).join('\n\n'),
    '',
  ].join('\n');
}

function renderRule(rule: Rule, all: readonly Rule[]): string {
  const options = Object.entries(rule.options);
  const thresholds = describeThresholds(rule);
  return [
    `## \`${rule.id}\``,
    rule.summary,
    '',
    `${SCOPES[rule.scope]} Severity: ${rule.severity}. Held for: ${rule.for}.${rule.keep === undefined ? '' : ` Kept until it was clear for ${rule.keep}.`}${thresholds === '' ? '' : ` ${thresholds}`}`,
    ...(rule.inhibitedBy ?? []).flatMap((inhibition) => ['', describeInhibition(rule, inhibition, all)]),
    '',
    `**What to do first:** ${rule.firstStep}`,
    ...(options.length > 0 ? ['', '| option | default | meaning |', '|---|---|---|'] : []),
    ...options.map(([name, option]) => `| \`${name}\` | \`${option.default}\` | ${option.meaning} |`),
  ].join('\n');
}

const SCOPES: Readonly<Record<RuleScope, string>> = {
  database: 'Judged for each database.',
  services: 'Judged for each web address under `services`.',
  cluster: 'Judged for each database whose cluster is configured.',
  sources: 'Judged for each source that Breakwater lives by.',
};

/** How `fire` and `clear` relate; for what has other options, or none, those and the summary say when it fires. */
function describeThresholds({ options, worse = 'higher' }: Rule): string {
  if (Object.keys(options).length === 0) return 'It has no thresholds to set.';
  if (options['fire'] === undefined) return '';
  if (worse === 'higher') return 'Fires at ≥ `fire`, resolves below `clear`.';
  return worse === 'lower' ? 'Fires at ≤ `fire`, resolves above `clear`.' : '';
}

/** As src/alerts/attend.ts has it: a cause that pings nobody takes no ping. */
function describeInhibition({ severity }: Rule, { by, mutes }: Inhibition, all: readonly Rule[]): string {
  const cause = all.find(({ id }) => id === by);
  if (severity === 'critical' && cause?.severity === 'warning') {
    return `While \`${by}\` fires, its cause, which pings nobody, it is posted with its ping, and not again.`;
  }
  return mutes === 'all'
    ? `Not posted while \`${by}\` fires, its cause.`
    : `While \`${by}\` fires, its cause, it is posted once without a ping, and not again.`;
}
