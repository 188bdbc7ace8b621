/** To stdout: what was asked for. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** As JSON, for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** To stderr: what happens meanwhile, and warnings. stdout may be somebody's JSON. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
