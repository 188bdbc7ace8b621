import packageJson from '../../package.json' with { type: 'json' };
import { exitWith } from './input/exit.ts';
import { workshopProgram } from './program.ts';
import { traced } from './traced.ts';

// Whoever read us has seen enough, as `head` does: no reason to end with an error, whatever else was found out.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

const program = (await workshopProgram(process.argv[2])).version(packageJson.version);
// By itself, Commander answers "help nonsense" with the help of everything.
const [first, about] = process.argv.slice(2);
const unknown =
  first === 'help' &&
  about !== undefined &&
  !about.startsWith('-') &&
  ![...program.commands.map((command) => command.name()), 'help'].includes(about);

try {
  if (unknown) program.error(`error: unknown command '${about}'`);
  const command = program.commands.find((one) => one.name() === first);
  await traced(command?.name(), () => program.parseAsync());
} catch (error) {
  exitWith(error);
}
