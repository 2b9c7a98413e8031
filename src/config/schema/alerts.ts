import { z } from 'zod';
import { type RuleDescription, type RuleSettings, SEVERITIES } from '../../model/rule-options.ts';
import { defaultClear } from './default-clear.ts';
import { durationSchema } from './values/duration.ts';
import { thresholdSchema } from './values/threshold.ts';

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
  const { fire, clear } = rule.options;
  return z
    .strictObject({
      enabled: z
        .boolean()
        .prefault(true)
        .meta({ description: 'False switches the rule off.', examples: [false] }),
      severity: z
        .enum(SEVERITIES)
        .prefault(rule.severity)
        .meta({
          description: 'Critical alerts ping the on-call role and open an incident.',
          examples: [rule.severity],
        }),
      for: durationSchema({
        description: 'How long it must hold before it fires.',
        example: '30s',
        allowZero: true,
      }).prefault(rule.for),
      fire: thresholdSchema(fire.meaning, fire.default).prefault(fire.default),
      clear: thresholdSchema(clear.meaning, clear.default).optional(),
    })
    .transform(({ for: forMs, clear: given, ...rest }) => ({
      ...rest,
      forMs,
      clear: given ?? defaultClear(rule, rest.fire),
    }))
    .prefault({})
    .meta({
      description: `The rule ${rule.id}. Without clear: ${clear.default}.`,
      examples: [{ fire: fire.default, clear: clear.default }],
    });
}
