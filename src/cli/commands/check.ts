import { renderFindings } from '../../check/render-findings.ts';
import type { Config } from '../../config/config.ts';
import type { CheckFinding } from '../../model/check-finding.ts';
import type { RuleDescription } from '../../model/rule-options.ts';
import type { CliCommand } from '../command.ts';
import { loadFor } from '../load-for.ts';

/** Examines everything at once; `examine` reads the world, and changes nothing in it. */
export function createCheckCommand(
  rules: readonly RuleDescription[],
  examine: (config: Config) => Promise<readonly CheckFinding[]>,
): CliCommand {
  return {
    name: 'check',
    summary: 'Examine Discord, PostgreSQL and the cluster, and say what mends each fault.',
    details: [
      'It changes nothing. Each finding: what was found, why it matters, and the command or SQL that mends it.',
      'Exit status: 0 no fault (warnings aside), 1 faults, 2 the configuration is broken.',
    ].join('\n'),
    options: { json: { type: 'boolean' } },
    optionHelp: { '--json': 'One object: { ok, findings: [{ id, level, area, subject, what, why, mend }] }.' },
    async run(values, context) {
      const config = loadFor(context, { rules });
      if (config === null) return 2;
      const findings = await examine(config);
      const ok = findings.every(({ level }) => level !== 'fault');
      context.stdout.write(
        values['json'] === true ? `${JSON.stringify({ ok, findings }, null, 2)}\n` : renderFindings(findings),
      );
      return ok ? 0 : 1;
    },
  };
}
