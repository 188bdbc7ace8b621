import { onlyOneWorkshop } from '../../../event/as-one.ts';
import { handoverPage } from '../../../domain/papers/handover-page.ts';
import { writeOut } from '../../pages/write-out.ts';
import { print, say } from '../../terminal/output.ts';
import { lookingAt } from '../../which/which-workshop.ts';

export interface HandoverOptions {
  readonly out?: string;
}

/** Prints the handover page as of now, or writes it into a file. @throws {WrongInput} @throws {NoAnswer} */
export async function showHandover(given: string | undefined, { out }: HandoverOptions): Promise<void> {
  const page = await lookingAt(given, async (reader, id) => {
    onlyOneWorkshop(reader);
    // One after the other: a lifecycle that is busy takes no second question at once.
    const inForce = await reader.planInForce(id);
    return handoverPage({ inForce, seats: await reader.roster(id), silent: 0, writtenAt: Date.now() });
  });
  if (out === undefined) return print(page);
  await writeOut(out, page);
  say(`Written to ${out}. It names people: keep it to yourself, and print it.`);
}
