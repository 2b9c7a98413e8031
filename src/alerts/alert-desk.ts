import type { Application } from '../model/application.ts';
import type { RuleSettings } from '../model/rule-options.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { closenessOf } from './closeness.ts';
import { type Alert, type AlertBook, stepAlerts, type Transition } from './lifecycle.ts';
import type { Rule } from './rule.ts';

/** What the desk must know of one watched database. */
export interface DeskDatabase {
  readonly name: string;
  readonly applications: readonly Application[];
  /** By rule id; a rule without settings here is not judged. */
  readonly settings: Readonly<Record<string, RuleSettings>>;
}

/** Judges snapshots by all rules and keeps the book of living alerts. */
export interface AlertDesk {
  /** Takes one snapshot; says what changed and how near the nearest threshold is (1 = at it). */
  take(snapshot: Snapshot, now: number): { readonly transitions: readonly Transition[]; readonly closeness: number };
  /** The firing alerts of a database, worst first, then oldest. */
  firing(database: string): readonly Alert[];
}

export function createAlertDesk(rules: readonly Rule[], databases: readonly DeskDatabase[]): AlertDesk {
  const byName = new Map(databases.map((database) => [database.name, database]));
  let book: AlertBook = new Map();
  return {
    take(snapshot, now) {
      const database = byName.get(snapshot.database);
      if (!database) throw new Error(`no database named ${snapshot.database} is watched`);
      const view = { snapshot, applications: database.applications };
      const judgements = rules.flatMap((rule) => {
        const settings = database.settings[rule.id];
        if (!settings?.enabled) return [];
        return { rule: rule.id, database: database.name, settings, findings: rule.evaluate(view, settings) };
      });
      const step = stepAlerts(book, judgements, now);
      book = step.book;
      return { transitions: step.transitions, closeness: closenessOf(judgements) };
    },
    firing(database) {
      return [...book.values()]
        .filter((alert) => alert.database === database && alert.state === 'firing')
        .sort((a, b) => rank(a) - rank(b) || a.since - b.since);
    },
  };
}

function rank(alert: Alert): number {
  return alert.severity === 'critical' ? 0 : 1;
}
