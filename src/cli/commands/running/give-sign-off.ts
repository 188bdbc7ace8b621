import type { WorkshopClient } from '../../../client.ts';
import { readLaptopCode, type LaptopEvidence } from '../../../domain/papers/laptop-evidence.ts';
import { laptopNote, takesLaptopEvidence } from '../../../domain/papers/laptop-sign-off.ts';
import { WrongInput } from '../../input/exit.ts';
import { countdown } from '../../../domain/clock/clock.ts';
import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { oneLine } from '../../terminal/style.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface SignOffOptions {
  readonly by: string;
  readonly note?: string;
  readonly evidence: readonly string[];
  readonly force?: boolean;
  readonly no?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Records an answer, with the evidence in words. @throws {WrongInput} when a yes rests on too little. */
export async function giveSignOff(workshop: string | undefined, item: string, options: SignOffOptions): Promise<void> {
  const evidence = evidenceIn(item, options);
  await inWorkshop(workshop, async (client, id) => {
    const { by, no, json } = options;
    const note = await noteOf(client, id, item, evidence, options);
    if (!no) await askOverNo(client, id, item, options.yes);
    const receipt = await client.signOff(id, {
      item,
      by,
      answer: no ? 'no' : 'yes',
      ...(note === undefined ? {} : { note }),
    });
    if (json) printJson(receipt);
    else print(receipt.recorded);
  });
}

/** A no is not taken back by accident: whoever says yes is told of it first. */
async function askOverNo(client: WorkshopClient, id: string, item: string, yes: boolean | undefined): Promise<void> {
  const { checklist } = await client.progress(id);
  const last = checklist.find((line) => line.id === item)?.said?.at(-1);
  if (last?.answer !== 'no') return;
  const note = last.note === undefined ? '' : `: ${last.note}`;
  say(
    oneLine(`${last.by} said no to "${item}" ${countdown(Date.now() - last.at)} ago${note}. That answer is kept, too.`),
  );
  await confirm('Sign it off all the same?', yes);
}

/** What the codes say, before anybody is asked. @throws {WrongInput} for a typo, which nothing can force. */
function evidenceIn(item: string, { evidence: codes, force, note }: SignOffOptions): LaptopEvidence[] {
  if (force && codes.length === 0)
    throw new WrongInput('--force is for --evidence that shows too little. Without evidence, just sign off.');
  if (force && (note ?? '').trim().length < 3)
    throw new WrongInput('--force needs a --note that says why the code is enough all the same.');
  if (codes.length > 0 && !takesLaptopEvidence(item))
    throw new WrongInput(`The code of a laptop check says nothing about "${item}": say in a --note what was seen.`);
  return codes.map((code) => {
    const read = readLaptopCode(code);
    if (!read.ok) throw new WrongInput(`The code ${code} cannot be used. ${read.why}`);
    return read.evidence;
  });
}

/** The evidence in words, then the note. @throws {WrongInput} when a yes rests on evidence that shows too little. */
async function noteOf(
  client: WorkshopClient,
  id: string,
  item: string,
  evidence: readonly LaptopEvidence[],
  { note, no, force }: SignOffOptions,
): Promise<string | undefined> {
  if (evidence.length === 0) return note;
  const workspace = (await client.look(id)).about?.workspace;
  const host = workspace === undefined ? undefined : new URL(workspace).host;
  const kept = laptopNote(item, evidence, {
    answer: no ? 'no' : 'yes',
    note,
    force: force === true,
    host,
    now: Date.now(),
  });
  if (kept.ok) return kept.note;
  throw new WrongInput(
    `That laptop check is not enough to sign off "${item}": ${kept.why}\nMend that and run the ` +
      'check again; say that it is not so with --no; or sign off all the same with --force and a ' +
      '--note that says why.',
  );
}
