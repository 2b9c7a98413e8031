import { badRequest } from '../refusals.ts';

type Labels = Readonly<Record<string, string>>;
type Matches = (labels: Labels) => boolean;

/** As in a query: `app=pg,tier in (a, b),!old`. Throws StatusError 400. */
export function parseLabelSelector(text: string): Matches {
  const requirements = split(text).map(parseRequirement);
  return (labels) => requirements.every((matches) => matches(labels));
}

/** As in a spec: `matchLabels` and `matchExpressions`. An empty one matches all, a missing one nothing. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export function matchesSelector(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  return selector !== undefined && parseLabelSelector(printSelector(selector))(labels);
}

/** As the `scale` subresource tells it: `app=pg`. */
export function printSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}=${matchLabels[key]}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
  });
  return [...labels, ...expressions].join(',');
}

/** At the commas that are not inside of brackets. */
function split(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const KEY = String.raw`([A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?)`;
const EXISTS = new RegExp(String.raw`^(!?)\s*${KEY}$`);
const EQUALS = new RegExp(String.raw`^${KEY}\s*(==|=|!=)\s*([-A-Za-z0-9_.]*)$`);
const ONE_OF = new RegExp(String.raw`^${KEY}\s+(in|notin)\s*\(([^)]*)\)$`);

function parseRequirement(text: string): Matches {
  const [, not, present = ''] = EXISTS.exec(text) ?? [];
  if (not !== undefined) return (labels) => Object.hasOwn(labels, present) === (not === '');
  const [, key, operator, value] = EQUALS.exec(text) ?? [];
  if (key !== undefined)
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  const [, name, kind, list = ''] = ONE_OF.exec(text) ?? [];
  if (name === undefined) throw unreadable(text);
  const values = new Set(list.split(',').map((item) => item.trim()));
  const isIn = (labels: Labels): boolean => Object.hasOwn(labels, name) && values.has(labels[name] ?? '');
  return kind === 'in' ? isIn : (labels) => !isIn(labels);
}

/** Golden 160; its words stand for all that cannot be read. */
function unreadable(text: string): Error {
  const odd = /(?:==|!=|=)(.)/.exec(text)?.[1] ?? text.at(-1) ?? '';
  return badRequest(`unable to parse requirement: found '${odd}', expected: identifier`);
}
