import type { RuleDescription } from '../model/rule-options.ts';
import { type Censor, createCensor } from './censor.ts';
import { checkSchema } from './check-schema.ts';
import { checkAlertThresholds } from './checks/alert-thresholds.ts';
import { checkBelongsTogether } from './checks/belongs-together.ts';
import type { Check } from './checks/check.ts';
import { checkReferences } from './checks/references.ts';
import { checkSampling } from './checks/sampling.ts';
import { checkSecretsInFile, collectSecrets } from './checks/secrets-in-file.ts';
import { checkUniqueNames } from './checks/unique-names.ts';
import { checkVariableClashes } from './checks/variable-clashes.ts';
import type { Config } from './config.ts';
import { describeUnknownKey } from './describe-unknown-key.ts';
import { readDocument } from './document/read-document.ts';
import type { Fault } from './fault.ts';
import type { Finding } from './finding.ts';
import { createHints, type Hints } from './hints.ts';
import { configJsonSchema } from './json-schema.ts';
import { listFaults } from './list-faults.ts';
import type { Path } from './path.ts';
import { createReadKey } from './read-key.ts';
import { resolveConfig } from './resolve-config.ts';
import { rootSchema } from './schema/root.ts';
import { listDemands } from './secrets/demands.ts';
import { readSecrets, type SecretValues } from './secrets/read-secrets.ts';
import { createReadOnce, type Environment, type ReadFile, readVariable } from './secrets/read-variable.ts';
import { isSecretVariable } from './secrets/variable-names.ts';

/** Secrets first: where two findings are about one key, the first is kept. */
const CHECKS: readonly Check[] = [
  checkSecretsInFile,
  checkBelongsTogether,
  checkUniqueNames,
  checkVariableClashes,
  checkReferences,
  checkAlertThresholds,
  checkSampling,
];

/** The token is never absent, so that who has a configuration need not ask. */
const NO_SECRETS: SecretValues = { values: new Map([['DISCORD_TOKEN', '']]), findings: [] };

export type Loaded =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly Fault[] };

interface CheckOptions {
  readonly source: string;
  /** Absolute; paths in the file are relative to it. */
  readonly directory: string;
  readonly env: Environment;
  readonly rules: readonly RuleDescription[];
  /** `ignored`: none is asked for, and none is in the configuration. */
  readonly secrets?: 'needed' | 'ignored' | undefined;
  /** For the secrets of `<NAME>_FILE`. */
  readonly readFile: ReadFile;
}

/**
 * Everything about the text of a configuration that can be known without the world: YAML, schema, cross-references,
 * secrets. Each is looked at whatever the others say, so that one fault never hides another.
 */
export function checkConfig(options: CheckOptions): Loaded {
  const { source, directory, env, rules, readFile: readAny } = options;
  const readFile = createReadOnce(readAny);
  const hints = createHints(configJsonSchema(rules));
  const document = readDocument(source, createReadKey(hints));
  const { data, places, slips } = document;
  const censor = createCensor([...collectSecrets(data, hints), ...readEnvironmentSecrets(env, readFile)]);
  const schema = checkSchema(rootSchema(rules), data, { places, hints, censor });
  const secrets = options.secrets === 'ignored' ? NO_SECRETS : readSecrets(listDemands(data), env, readFile);
  const findings: readonly Finding[] = [
    ...CHECKS.flatMap((check) => check(data, { rules, hints, censor })),
    ...secrets.findings,
    ...slips.map(({ parent, written }) => slipFinding(parent, written, hints, censor)),
    ...(schema.ok ? [] : schema.findings),
  ];
  const faults = listFaults(document, findings, censor);
  if (!schema.ok || faults.length > 0) return { ok: false, faults };
  return { ok: true, config: resolveConfig(schema.value, directory, secrets.values) };
}

function slipFinding(parent: Path, written: string, hints: Hints, censor: Censor): Finding {
  return {
    path: [...parent, written],
    about: 'unknown key',
    message: describeUnknownKey(parent, written, hints, censor),
  };
}

/** What a fault may never quote, wherever in the file it turns up. */
function readEnvironmentSecrets(env: Environment, readFile: ReadFile): readonly string[] {
  const variables = new Set(Object.keys(env).map((variable) => variable.replace(/_FILE$/, '')));
  return [...variables].filter(isSecretVariable).flatMap((variable) => {
    const value = readVariable(variable, env, readFile);
    return value.kind === 'set' ? [value.value] : [];
  });
}
