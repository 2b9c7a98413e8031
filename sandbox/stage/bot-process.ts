import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { createFeed, type Feed } from '../discord/feed.ts';
import { REAL_TIME, type SimulatedTime } from './simulated-time.ts';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The real bot, unchanged, as a process of its own. */
export interface BotProcess {
  readonly pid: number;
  readonly log: Feed<LogLine>;
  /** What it wrote that is no log line: a refused configuration, a crash. */
  readonly stderr: () => string;
  /** Resolves with the exit status when it is over, however that came. */
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when that takes longer than people are promised. */
  stop(): Promise<number | null>;
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const FAST_TIME = fileURLToPath(new URL('./fast-time.ts', import.meta.url));
const STOPS_WITHIN_MS = 8_000;

/**
 * Starts `src/main.ts run` with nothing of our own environment but the path. The kernel ends it when the thread that
 * calls this dies, however that dies. Where time is to run faster, its process is made to believe so. Linux only.
 */
export function startBotProcess(
  env: Readonly<Record<string, string>>,
  { scale, from }: Pick<SimulatedTime, 'scale' | 'from'> = REAL_TIME,
): BotProcess {
  const fast = scale !== 1;
  const program = [process.execPath, ...(fast ? ['--import', FAST_TIME] : []), MAIN, 'run'];
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...program], {
    env: {
      PATH: process.env['PATH'],
      ...COMPILE_CACHE,
      ...(fast && { FAST_TIME_SCALE: String(scale), FAST_TIME_FROM: String(from) }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error('the bot cannot be started: is util-linux (setpriv) installed?');
  const log = createFeed<LogLine>();
  createInterface({ input: child.stdout }).on('line', (line) => log.push(readLine(line)));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = waitForExit(child);
  return {
    pid: child.pid,
    log,
    stderr: () => stderr,
    exited,
    kill: (signal) => child.kill(signal),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS);
      const status = await exited;
      clearTimeout(late);
      log.close();
      return status;
    },
  };
}

function waitForExit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

function readLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: 'raw', msg: line };
  }
}
