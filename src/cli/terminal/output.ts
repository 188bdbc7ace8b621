import { columnsOf, hanging } from '../pages/wrapped.ts';

/** To stdout: what was asked for. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** As JSON, for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * To stderr: what happens meanwhile, and warnings. stdout may be somebody's JSON. On a terminal no word is broken, but
 * for lines with a command, which are to be copied as they are.
 */
export function say(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? betweenWords(text, columnsOf(process.stderr)) : text}\n`);
}

const COMMAND = /bin\/workshop|databricks |temporal |https?:/;

/** Every line that is too long and has no command in it goes on below where it began. */
export const betweenWords = (text: string, columns: number): string =>
  text
    .split('\n')
    .flatMap((line) => (COMMAND.test(line) ? [line] : hanging(line, columns)))
    .join('\n');
