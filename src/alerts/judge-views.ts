import { defaultSettings, type RuleSettings } from '../model/rule-options.ts';
import type { Judgement } from './lifecycle.ts';
import type { ClusterView, DatabaseView, Finding, Rule, ServiceView, SourceView } from './rule.ts';

/** By rule id, as configured for one database; null for what belongs to none, where each rule's defaults hold. */
export type SettingsByRule = Readonly<Record<string, RuleSettings>> | null;

/** Judges one database by every rule about databases. A rule without settings, or switched off, is not asked. Pure. */
export function judgeDatabase(
  rules: readonly Rule[],
  view: DatabaseView,
  settings: SettingsByRule,
): readonly Judgement[] {
  return judge(rules, view.snapshot.database, settings, (rule, given) =>
    rule.scope === 'database' ? rule.evaluate(view, given) : null,
  );
}

/** Judges the cluster under one database. Pure. */
export function judgeCluster(
  rules: readonly Rule[],
  view: ClusterView,
  settings: SettingsByRule,
): readonly Judgement[] {
  return judge(rules, view.database, settings, (rule, given) =>
    rule.scope === 'cluster' ? rule.evaluate(view, given) : null,
  );
}

/** Judges the services that are filed under one database, or under none. Pure. */
export function judgeServices(
  rules: readonly Rule[],
  database: string,
  view: ServiceView,
  settings: SettingsByRule,
): readonly Judgement[] {
  return judge(rules, database, settings, (rule, given) =>
    rule.scope === 'services' ? rule.evaluate(view, given) : null,
  );
}

/** Judges whether the bot sees its sources, those of one database or its own. Pure. */
export function judgeSources(
  rules: readonly Rule[],
  database: string,
  view: SourceView,
  settings: SettingsByRule,
): readonly Judgement[] {
  return judge(rules, database, settings, (rule, given) =>
    rule.scope === 'sources' ? rule.evaluate(view, given) : null,
  );
}

function judge(
  rules: readonly Rule[],
  database: string,
  settings: SettingsByRule,
  evaluate: (rule: Rule, given: RuleSettings) => readonly Finding[] | null,
): readonly Judgement[] {
  return rules.flatMap((rule) => {
    const given = settings === null ? defaultSettings(rule) : settings[rule.id];
    if (!given?.enabled) return [];
    const findings = evaluate(rule, given);
    return findings === null ? [] : { rule: rule.id, database, settings: given, findings };
  });
}
