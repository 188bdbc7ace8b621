import { planDifference, type PlanDifference } from '../../../domain/plan/plan-difference.ts';
import { WrongInput } from '../../input/exit.ts';
import { planRead } from '../../input/input-files.ts';
import { withModel } from '../../input/listed-model.ts';
import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { oneLine } from '../../terminal/style.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface AmendOptions {
  readonly by: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Shows what the file says otherwise than the plan in force, and has it changed.
 * @throws {WrongInput} for a file that is no plan, or changes what cannot be amended
 * @throws {Refused} once the removal is under way
 */
export async function amend(given: string | undefined, file: string, { by, yes, json }: AmendOptions): Promise<void> {
  const read = await planRead(file);
  const { id: named } = read.plan;
  if (given !== undefined && given !== named)
    throw new WrongInput(
      `${file} is the plan of "${named}", not of "${given}". An id is never amended: write id: ${given} in it, or ` +
        `start a new workshop with: bin/workshop start ${file}`,
    );
  await inWorkshop(named, async (client, id) => {
    const inForce = await client.planInForce(id);
    // A file that names no model asks for no other than was found when it started.
    const { plan } = read.modelLeftOut ? withModel(read, inForce.plan.serving.model) : read;
    const difference = planDifference(inForce.plan, inForce.timeline, plan);
    if (difference.refused.length > 0) throw new WrongInput(refusedWords(file, difference));
    const { changes, fields } = difference;
    if (changes.length === 0) {
      if (json) return printJson({ recorded: 'nothing differs', fields });
      print(`${file} says what the workshop goes by already: nothing to amend.`);
      return;
    }
    say(
      [
        `"${inForce.plan.title}" (${id}): what changes`,
        ...changes.map(({ field, before, after }) => `  ${oneLine(`${field}: ${before} -> ${after}`)}`),
        ...consequences(Object.keys(fields)),
      ].join('\n'),
    );
    await confirm('Amend it?', yes);
    const receipt = await client.amend(id, { by, fields });
    if (json) return printJson({ ...receipt, fields });
    print(`${receipt.recorded}.`);
    print(`Who amended what stays in: bin/workshop history ${id}. See how it goes on: bin/workshop status ${id}`);
  });
}

function refusedWords(file: string, { refused }: PlanDifference): string {
  return [
    `${file} changes what cannot be amended while the workshop runs. Nothing was changed.`,
    ...refused.map(({ field, instead }) => `  ${field}: ${instead}`),
    'Write these back as they were, and use what is named there; then amend the rest.',
  ].join('\n');
}

/** By the beginning of a field's path: what it touches, and what it does not. */
const CONSEQUENCES: readonly (readonly [string, string])[] = [
  ['title', 'Letters from now on have the new title; those that are written keep the old one.'],
  ['place', 'Letters and calendar entries from now on name the new place; those that were sent keep the old one.'],
  ['messages', 'Messages from now on leave by these channels; those that wait go the way they were meant to.'],
  ['apps', "Room for apps is counted once more; at the end people's apps become what the plan says by then."],
  ['feedback', 'The letter at the end, if it is not written yet, leads there.'],
  ['contacts', 'Letters and notices from now on name the new contacts; those that are written keep the old ones.'],
  [
    'serving.model',
    'The new endpoint is tried, and people may query it, at once. Clusters that are made already go on asking the ' +
      'old one until they are replaced; the right to query that one is not taken back by itself.',
  ],
  [
    'claudeCode',
    'Clusters that are not made yet get the new settings; those that are made keep theirs until they are replaced ' +
      '(bin/workshop replace-cluster).',
  ],
  ['serving', 'The limits are compared with the demand once more, unless somebody has answered that line.'],
  ['prices', 'What is shown and reported from now on is reckoned with the new prices; the first estimate stays.'],
  ['compute.breaker', 'It counts from now on, for launches that fail alike.'],
  [
    'compute.pool',
    'It counts the next time that the pool is filled or lowered; what the pool keeps waiting until then stays.',
  ],
  [
    'compute',
    'Clusters that are not made yet get the new compute; those that are made keep theirs until they are replaced ' +
      '(bin/workshop replace-cluster).',
  ],
];

function consequences(fields: readonly string[]): string[] {
  const meant = fields.map((field) => CONSEQUENCES.find(([begin]) => field.startsWith(begin))?.[1] ?? '');
  return [...new Set(meant)].filter((line) => line !== '').map((line) => `  ${line}`);
}
