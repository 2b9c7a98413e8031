import { defaultSettings, parseOption, type RuleDescription, type RuleSettings } from '../../src/model/rule-options.ts';

/** A rule's settings: its defaults, with what is written here in their place. */
export function settingsOf(
  rule: RuleDescription,
  written: Readonly<Record<string, string | number>> = {},
): RuleSettings {
  const { extra, ...settings } = defaultSettings(rule);
  const parsed = Object.entries(written).map(([name, value]) => {
    const option = rule.options[name];
    const threshold = option && parseOption(option.type, value);
    if (!threshold) throw new Error(`${rule.id} has no option ${name} that could be ${value}`);
    return [name, threshold] as const;
  });
  const given = Object.fromEntries(parsed);
  return {
    ...settings,
    ...(given['fire'] && { fire: given['fire'] }),
    ...(given['clear'] && { clear: given['clear'] }),
    extra: { ...extra, ...given },
  };
}
