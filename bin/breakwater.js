#!/usr/bin/env node
// Plain JavaScript that any Node reads: the program itself is TypeScript and needs Node 24 or newer.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;
const main = new URL('../src/main.ts', import.meta.url);

if (Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR) {
  await import(main.href);
} else {
  runOnBundledNode(fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url)));
}

function runOnBundledNode(node) {
  if (!existsSync(node)) {
    const root = fileURLToPath(new URL('..', import.meta.url));
    process.stderr.write(
      `breakwater needs Node ${OLDEST_MAJOR} or newer, this is ${process.versions.node}: ` +
        `run "npm ci" in ${root}, which brings one, or start it with a newer Node\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  const forwarded = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2'];
  for (const signal of forwarded) {
    process.on(signal, () => {
      // A terminal sends these two to the whole foreground group, the child included: once is enough.
      const fromTerminal = process.stdin.isTTY === true && (signal === 'SIGINT' || signal === 'SIGQUIT');
      if (!fromTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`breakwater cannot start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    // Ends the way the child ended, so that a supervisor sees the same.
    for (const name of forwarded) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
