import { type Capacity, usableConnections } from '../model/capacity.ts';
import type { RuleSettings } from '../model/rule-options.ts';
import { resolveThreshold } from '../model/threshold.ts';

/**
 * The counts at which `connections-total` fires and below which it is clear. Never above what applications can use:
 * 90 % of 20 is 18, but with 3 reserved slots the server is full at 17 and would never reach it.
 */
export function totalThresholds(
  settings: Pick<RuleSettings, 'fire' | 'clear'>,
  capacity: Capacity,
): { readonly fireAt: number; readonly clearBelow: number } {
  const fireAt = Math.min(resolveThreshold(settings.fire, capacity.max), usableConnections(capacity));
  return { fireAt, clearBelow: Math.min(resolveThreshold(settings.clear, capacity.max), fireAt) };
}
