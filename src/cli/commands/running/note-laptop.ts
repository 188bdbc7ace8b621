import {
  evidenceText,
  fingerprintOf,
  LAPTOP_CHECKS,
  readLaptopCode,
  type LaptopEvidence,
} from '../../../domain/papers/laptop-evidence.ts';
import { WrongInput } from '../../input/exit.ts';
import { print, printJson } from '../../terminal/output.ts';
import { oneLine } from '../../terminal/style.ts';
import { personNamed } from '../../which/which-person.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface LaptopOptions {
  readonly person: string;
  readonly json?: boolean;
}

/** Records the code with somebody's seat, and prints what it says. @throws {WrongInput} for a typo, or nobody. */
export async function noteLaptop(
  given: string | undefined,
  code: string,
  { person, json }: LaptopOptions,
): Promise<void> {
  const read = readLaptopCode(code);
  if (!read.ok) throw new WrongInput(`The code ${oneLine(code)} cannot be used. ${read.why}`);
  const { evidence } = read;
  await inWorkshop(given, async (client, id) => {
    const workspace = (await client.look(id)).about?.workspace;
    const { email, key } = personNamed(await client.roster(id), person, id);
    const { recorded } = await client.laptopSeen(id, { key, code });
    const next = whatFollows(evidence, workspace === undefined ? undefined : new URL(workspace).host);
    if (json) return printJson({ workshop: id, email, evidence, recorded, next });
    print(`${email}: ${recorded}.`);
    print(`${evidenceText(evidence)}.`);
    for (const line of next) print(line);
  });
}

/** What is to be done about it; nothing where the laptop is ready. */
function whatFollows({ host, checks }: LaptopEvidence, asked: string | undefined): string[] {
  const failed = LAPTOP_CHECKS.filter((check) => checks[check] === 'failed');
  const isElsewhere = asked !== undefined && fingerprintOf(asked) !== host;
  return [
    ...(isElsewhere
      ? [
          `It asked another workspace than ${asked}, so it says little about this workshop: have them run the check ` +
            'with the line of their letter.',
        ]
      : []),
    ...(failed.length > 0
      ? [
          `That laptop is not ready: ${failed.join(', ')} failed. The check itself says below each of them what to ` +
            'type; have them run it again then, and send the new code.',
        ]
      : []),
  ];
}
