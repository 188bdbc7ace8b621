import { exitWith } from './exit.ts';
import { workshopProgram } from './program.ts';

try {
  await workshopProgram().parseAsync();
} catch (error) {
  exitWith(error);
}
