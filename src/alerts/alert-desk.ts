import type { RuleSettings } from '../model/rule-options.ts';
import { closenessOf } from './closeness.ts';
import { type Alert, type AlertBook, stepAlerts, type Transition } from './lifecycle.ts';
import type { DatabaseView, Rule } from './rule.ts';

/** What the desk must know of one watched database. */
export interface DeskDatabase {
  readonly name: string;
  /** By rule id; a rule without settings here is not judged. */
  readonly settings: Readonly<Record<string, RuleSettings>>;
}

/** Judges snapshots by all rules and keeps the book of living alerts. */
export interface AlertDesk {
  /** Takes what is seen of one database; says what changed and how near the nearest threshold is (1 = at it). */
  take(view: DatabaseView, now: number): { readonly transitions: readonly Transition[]; readonly closeness: number };
  /** The firing alerts of a database, worst first, then oldest. */
  firing(database: string): readonly Alert[];
}

export function createAlertDesk(rules: readonly Rule[], databases: readonly DeskDatabase[]): AlertDesk {
  const byName = new Map(databases.map((database) => [database.name, database]));
  let book: AlertBook = new Map();
  return {
    take(view, now) {
      const database = byName.get(view.snapshot.database);
      if (!database) throw new Error(`no database named ${view.snapshot.database} is watched`);
      const judgements = rules.flatMap((rule) => {
        const settings = database.settings[rule.id];
        if (!settings?.enabled || rule.scope !== 'database') return [];
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
