import type { RuleDescription } from '../../model/rule-options.ts';
import type { Censor } from '../censor.ts';
import type { Finding } from '../finding.ts';
import type { Hints } from '../hints.ts';
import type { Raw } from '../raw.ts';

export interface CheckContext {
  readonly rules: readonly RuleDescription[];
  readonly hints: Hints;
  readonly censor: Censor;
}

/**
 * One question across keys, asked of the data as YAML gave it: each looks only at the parts it can read and says
 * nothing about the others, which the schema reports. Pure.
 */
export type Check = (data: Raw, context: CheckContext) => readonly Finding[];
