import { parseBytes } from './bytes.ts';
import { parseDuration } from './duration.ts';
import { parseThreshold, type Threshold } from './threshold.ts';

export const SEVERITIES = ['warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What may be written for an option: `90` or `"90%"`, a whole number, `5m`, `10GiB`. */
export const OPTION_TYPES = ['threshold', 'count', 'duration', 'bytes'] as const;
export type OptionType = (typeof OPTION_TYPES)[number];

/** One number that a rule lets people set, with the default that holds when they do not. */
export interface RuleOption {
  readonly type: OptionType;
  readonly default: string | number;
  readonly meaning: string;
}

/** What the configuration must know of a rule to read `databases[].alerts.<id>`; the rule's own file says it. */
export interface RuleDescription {
  readonly id: string;
  readonly severity: Severity;
  /** How long the condition must hold before it fires, as a duration. */
  readonly for: string;
  /** How long it must be clear before it resolves, as a duration; at once unless given. For values that waver. */
  readonly keep?: string;
  /**
   * How `fire` and `clear` relate. Most rules fire at ≥ `fire` and resolve below `clear` (`higher`, unless given); `lower`
   * fires at ≤ `fire` and resolves above `clear`; `unrelated` counts different things.
   */
  readonly worse?: 'higher' | 'lower' | 'unrelated';
  /** `fire` never without `clear`, and whatever else the rule lets people set. */
  readonly options: Readonly<Record<string, RuleOption>>;
}

/** `databases[].alerts.<id>` as parsed, defaults filled in. Durations are counts of milliseconds, sizes of bytes. */
export interface RuleSettings {
  readonly enabled: boolean;
  readonly severity: Severity;
  readonly forMs: number;
  /** How long a firing alert must be clear before it resolves. */
  readonly keepMs: number;
  /** After so long a firing alert that nobody acknowledged is posted again (product.md §4). */
  readonly repeatMs: number;
  /** Zero, and never looked at, for a rule without these two. */
  readonly fire: Threshold;
  readonly clear: Threshold;
  /** The rule's other options by name. */
  readonly extra: Readonly<Record<string, Threshold>>;
}

/** product.md §4: reposted after `repeat`. */
export const DEFAULT_REPEAT = '4h';
/** "Turned green the moment it resolves" (product.md §4). */
export const DEFAULT_KEEP = '0s';

/** Reads what is written for an option; null when it is not of its type. */
export function parseOption(type: OptionType, written: string | number): Threshold | null {
  if (type === 'threshold') return parseThreshold(written);
  const value = parseNumber(type, written);
  return value === null ? null : { kind: 'count', value };
}

function parseNumber(type: Exclude<OptionType, 'threshold'>, written: string | number): number | null {
  if (type === 'duration') return typeof written === 'string' ? parseDuration(written) : null;
  if (type === 'bytes') return typeof written === 'string' ? parseBytes(written) : null;
  const value = Number(written);
  return Number.isSafeInteger(value) && value >= 0 && String(written).trim() !== '' ? value : null;
}

/** The default of one of a rule's options. Throws when the rule has no such option, which is a fault of the program. */
export function optionDefault(rule: RuleDescription, name: string): Threshold {
  const option = rule.options[name];
  const parsed = option && parseOption(option.type, option.default);
  if (!parsed) throw new Error(`${rule.id} has no usable default for ${name}`);
  return parsed;
}

/** One of a rule's own options as set. Throws when the settings lack it, which is a fault of the program. */
export function extraOption({ extra }: Pick<RuleSettings, 'extra'>, name: string): Threshold {
  const option = extra[name];
  if (option === undefined) throw new Error(`no option ${name} is set`);
  return option;
}

/** What holds for a rule where no configuration speaks of it: alerts that belong to no watched database. */
export function defaultSettings(rule: RuleDescription): RuleSettings {
  const names = Object.keys(rule.options);
  const valueOf = (name: string): Threshold => (names.includes(name) ? optionDefault(rule, name) : NONE);
  return {
    enabled: true,
    severity: rule.severity,
    forMs: parseDuration(rule.for) ?? 0,
    keepMs: parseDuration(rule.keep ?? DEFAULT_KEEP) ?? 0,
    repeatMs: parseDuration(DEFAULT_REPEAT) ?? 0,
    fire: valueOf('fire'),
    clear: valueOf('clear'),
    extra: Object.fromEntries(names.filter(isExtra).map((name) => [name, optionDefault(rule, name)])),
  };
}

/** For a rule without `fire` and `clear`. */
export const NONE: Threshold = { kind: 'count', value: 0 };

export function isExtra(name: string): boolean {
  return name !== 'fire' && name !== 'clear';
}
