import { createConfigSchemaCommand } from './cli/commands/config-schema.ts';
import { runCli } from './cli/run-cli.ts';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  commands: [createConfigSchemaCommand([])],
});
