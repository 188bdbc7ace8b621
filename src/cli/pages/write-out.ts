import { writePrivately } from '../../private-file.ts';
import { WrongInput } from '../input/exit.ts';

/** Writes what names people into a file that only its owner may read, over an earlier one. @throws {WrongInput} */
export async function writeOut(file: string, text: string): Promise<void> {
  try {
    await writePrivately(file, text);
  } catch (error) {
    throw new WrongInput(`${file} cannot be written: ${(error as Error).message}. Name another file after --out.`);
  }
}
