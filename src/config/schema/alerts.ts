import { z } from 'zod';
import {
  DEFAULT_KEEP,
  DEFAULT_REPEAT,
  isExtra,
  NONE,
  type RuleDescription,
  type RuleOption,
  type RuleSettings,
  SEVERITIES,
} from '../../model/rule-options.ts';
import type { Threshold } from '../../model/threshold.ts';
import { defaultClear } from './default-clear.ts';
import { durationSchema } from './values/duration.ts';
import { optionSchema } from './values/option.ts';

type RuleSchema = z.ZodType<RuleSettings>;

/** `alerts` of one database: a key for each known rule, defaults filled in for those the file says nothing about. */
export function alertsSchema(rules: readonly RuleDescription[]) {
  const shape: Record<string, RuleSchema> = Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)]));
  return z
    .strictObject(shape)
    .prefault({})
    .meta({
      description: 'Changes to the alert rules.',
      examples: [{ 'connections-total': { fire: '90%', clear: '80%' } }],
    });
}

function ruleSchema(rule: RuleDescription): RuleSchema {
  const { clear, ...others } = rule.options;
  const thresholds = Object.entries(others).map(([name, option]) => [name, withDefault(option)] as const);
  const shape = {
    enabled: z
      .boolean()
      .prefault(true)
      .meta({ description: 'False switches the rule off.', examples: [false] }),
    severity: z
      .enum(SEVERITIES)
      .prefault(rule.severity)
      .meta({ description: 'Critical alerts ping the on-call role and open an incident.', examples: [rule.severity] }),
    for: durationSchema({
      description: 'How long it must hold before it fires.',
      example: '30s',
      allowZero: true,
    }).prefault(rule.for),
    keep: durationSchema({
      description: 'How long it must be clear before it resolves.',
      example: '60s',
      allowZero: true,
    }).prefault(rule.keep ?? DEFAULT_KEEP),
    repeat: durationSchema({
      description: 'After how long it is posted again while nobody acknowledges it.',
      example: DEFAULT_REPEAT,
    }).prefault(DEFAULT_REPEAT),
  };
  const options: Record<string, z.ZodType<Threshold | undefined, string | number | undefined>> = Object.fromEntries(
    thresholds,
  );
  if (clear) options['clear'] = optionSchema(clear).optional();
  return z
    .strictObject({ ...options, ...shape })
    .transform((given): RuleSettings => {
      const values = given as object as Readonly<Record<string, Threshold | undefined>>;
      const fire = values['fire'] ?? NONE;
      const extra = thresholds.map(([name]) => name).filter(isExtra);
      return {
        enabled: given.enabled,
        severity: given.severity,
        forMs: given.for,
        keepMs: given.keep,
        repeatMs: given.repeat,
        fire,
        clear: values['clear'] ?? (clear ? defaultClear(rule, fire) : NONE),
        extra: Object.fromEntries(extra.map((name) => [name, values[name] ?? NONE])),
      };
    })
    .prefault({})
    .meta({
      description: clear ? `The rule ${rule.id}. Without clear: ${clear.default}.` : `The rule ${rule.id}.`,
      examples: [exampleOf(rule)],
    });
}

function withDefault(option: RuleOption): z.ZodType<Threshold, string | number | undefined> {
  return optionSchema(option).prefault(option.default);
}

function exampleOf({ options, for: held }: RuleDescription): object {
  const defaults = Object.entries(options).map(([name, option]) => [name, option.default]);
  return defaults.length > 0 ? Object.fromEntries(defaults) : { for: held };
}
