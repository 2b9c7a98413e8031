import type { RunView } from '../recovery/view.ts';
import { escapeUntrusted, plainUntrusted } from './untrusted.ts';

/** As in `main: restart done in 1 min 12 s`. */
export function titleRun({ run: { plan } }: RunView, fact: string): string {
  return `${escapeUntrusted(plan.database, 40)}: ${plan.strategy} ${fact}`;
}

export function footRun({ run: { plan, id } }: RunView): string {
  return plainUntrusted(`${plan.database} · recovery · ${id}`, 200);
}
