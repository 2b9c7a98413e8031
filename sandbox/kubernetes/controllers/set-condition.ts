export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastUpdateTime: string;
  readonly lastTransitionTime: string;
}

/**
 * A Deployment's conditions with this one put last, as the real controller does; what says the same for the same reason
 * stays as it is, and the time of the transition stays while the status does.
 */
export function setCondition(
  conditions: readonly Condition[],
  { at, ...condition }: Omit<Condition, 'lastUpdateTime' | 'lastTransitionTime'> & { readonly at: string },
): readonly Condition[] {
  const before = conditions.find(({ type }) => type === condition.type);
  if (before?.status === condition.status && before.reason === condition.reason) return conditions;
  const since = before?.status === condition.status ? before.lastTransitionTime : at;
  return [
    ...conditions.filter(({ type }) => type !== condition.type),
    {
      type: condition.type,
      status: condition.status,
      lastUpdateTime: at,
      lastTransitionTime: since,
      reason: condition.reason,
      message: condition.message,
    },
  ];
}
