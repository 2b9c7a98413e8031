import { type CheckFinding, type CheckLevel, isProse } from '../model/check-finding.ts';

/** What every terminal has. */
const WIDTH = 80;
const AREAS: Readonly<Record<CheckFinding['area'], string>> = {
  configuration: 'Configuration',
  discord: 'Discord',
  postgres: 'PostgreSQL',
  kubernetes: 'Kubernetes',
};
const MARKS: Readonly<Record<CheckLevel, string>> = {
  fault: '✗ fault',
  warning: '⚠ warning',
  ok: '✓ ok',
  unknown: '? unknown',
};
const MARK_WIDTH = 11;
/** What is to be mended must not be looked for among what is well. */
const LEVELS: readonly CheckLevel[] = ['fault', 'warning', 'unknown', 'ok'];

/** For the terminal: by area, there the worst first, in at most 80 columns unless a command is longer, the counts last. Pure. */
export function renderFindings(findings: readonly CheckFinding[]): string {
  const areas = Map.groupBy(findings, ({ area }) => area);
  const sections = [...areas].map(([area, found]) => {
    const ordered = joinUnknown(found).toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
    return [AREAS[area], ...ordered.flatMap(renderFinding), ''].join('\n');
  });
  return [...sections, `${countLevels(findings)}\n`].join('\n');
}

/** What could not be looked at for one reason is one line: the checks are many, the reason is one. */
function joinUnknown(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const groups = Map.groupBy(findings, (each) => (each.level === 'unknown' ? each.what : each));
  return [...groups.values()].flatMap((group) => (group.length > 1 ? joinGroup(group) : group));
}

const MOST_SUBJECTS = 3;

function joinGroup(group: readonly CheckFinding[]): readonly CheckFinding[] {
  const subjects = [...new Set(group.map(({ subject }) => subject))];
  const left = subjects.length - MOST_SUBJECTS;
  const subject = `${subjects.slice(0, MOST_SUBJECTS).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  return group
    .slice(0, 1)
    .map((first) => Object.assign({}, first, { subject, what: `${first.what} (${group.length} checks)` }));
}

/** `2 faults, 1 warning, 14 ok, 3 unknown`. */
export function countLevels(findings: readonly CheckFinding[]): string {
  const count = (level: CheckLevel): number => findings.filter((finding) => finding.level === level).length;
  const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${plural(count('fault'), 'fault')}, ${plural(count('warning'), 'warning')}, ${count('ok')} ok, ${count('unknown')} unknown`;
}

function renderFinding({ level, subject, what, why, mend }: CheckFinding): readonly string[] {
  const indent = ' '.repeat(2 + MARK_WIDTH);
  const [first = '', ...rest] = wrap(`${plain(subject)}: ${plain(what)}`, WIDTH - indent.length);
  return [
    `  ${MARKS[level].padEnd(MARK_WIDTH)}${first}`,
    ...rest.map((line) => `${indent}  ${line}`),
    ...(why === null ? [] : wrap(plain(why), WIDTH - indent.length - 2).map((line) => `${indent}  ${line}`)),
    ...(mend === null ? [] : mend.split('\n').flatMap(renderMend)),
  ];
}

/** Commands and SQL are to be copied: they stay as they are, far left, where most of them fit. */
function renderMend(line: string): readonly string[] {
  const clean = line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  if (!isProse(clean)) return [`    ${clean}`];
  return wrap(clean, WIDTH - MARK_WIDTH - 6).map((text) => `${' '.repeat(MARK_WIDTH + 6)}${text}`);
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Names come from elsewhere: no escape sequence of theirs reaches the terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
