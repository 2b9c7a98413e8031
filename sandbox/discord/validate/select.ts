export interface Selected {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * The values in a JSON tree under a dotted pattern: a name, `*` for every item of an array, `**` for any depth
 * (none included). What is absent or null is left out.
 */
export function select(tree: unknown, pattern: string): Selected[] {
  return walk({ path: [], value: tree }, pattern === '' ? [] : pattern.split('.'));
}

function walk(here: Selected, [step, ...rest]: readonly string[]): Selected[] {
  if (here.value === undefined || here.value === null) return [];
  if (step === undefined) return [here];
  if (step === '**') return [here, ...below(here)].flatMap((one) => walk(one, rest));
  if (step === '*') return children(here).flatMap((child) => walk(child, rest));
  if (typeof here.value !== 'object' || Array.isArray(here.value)) return [];
  const value = (here.value as Record<string, unknown>)[step];
  return walk({ path: [...here.path, step], value }, rest);
}

function children({ path, value }: Selected): Selected[] {
  return Array.isArray(value) ? value.map((item: unknown, index) => at(path, index, item)) : [];
}

function at(path: Selected['path'], key: string | number, value: unknown): Selected {
  return { path: [...path, key], value };
}

function below(here: Selected): Selected[] {
  if (typeof here.value !== 'object' || here.value === null) return [];
  const inner = Array.isArray(here.value)
    ? children(here)
    : Object.entries(here.value).map(([key, value]) => at(here.path, key, value));
  return inner.flatMap((one) => [one].concat(below(one)));
}
