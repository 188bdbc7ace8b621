/** What a file of answers says, column by column: rows of people, with a header. */
export interface AnswersSummary {
  /** Rows that hold any answer at all. */
  readonly people: number;
  readonly columns: readonly AnsweredColumn[];
}

export interface AnsweredColumn {
  readonly question: string;
  readonly answered: number;
  readonly kind: 'numbers' | 'choices' | 'texts';
  /** Of numbers: arithmetic mean, standard deviation, smallest and largest. */
  readonly numbers?: { readonly mean: number; readonly spread: number; readonly least: number; readonly most: number };
  /** Of choices: how many chose each, the commonest first. */
  readonly choices?: readonly { readonly answer: string; readonly count: number }[];
  /** Of texts: each of them; left out for addresses and moments, which say who and when, and nothing of the day. */
  readonly texts?: readonly string[];
}

export type AnswersReading =
  | { readonly ok: true; readonly summary: AnswersSummary }
  | { readonly ok: false; readonly why: string };

const MOST_CHOICES = 12;
const LONGEST_CHOICE = 80;
const LONGEST_TEXT = 600;
const DELIMITERS = [';', '\t', ','] as const;

/** Strangers wrote it, and it is shown in a terminal: one line, and nothing that could steer it. */
function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Co}\s]+/gu, ' ').trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}

/** Reads a CSV with a header, separated by commas, semicolons or tabs, as forms and Excel write it. Never throws. */
export async function readAnswers(text: string): Promise<AnswersReading> {
  const { parse, CsvError } = await import('csv-parse/sync');
  const [first = ''] = text.split(/\r\n|\n|\r/, 1);
  const bare = first.replaceAll(/"[^"]*"/g, '');
  const delimiter = DELIMITERS.toSorted((a, b) => bare.split(b).length - bare.split(a).length)[0] ?? ',';
  try {
    const rows = parse(text, { delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
    const [header = [], ...answers] = rows.map((row) => row.map(plain));
    const people = answers.filter((row) => row.some((cell) => cell !== ''));
    if (header.every((cell) => cell === ''))
      return { ok: false, why: 'has no header: its first line names the questions' };
    if (people.length === 0) return { ok: false, why: 'holds no answers below its header' };
    const columns = header.map((question, at) =>
      columnOf(
        question || `column ${at + 1}`,
        people.flatMap((row) => row[at] || []),
      ),
    );
    return { ok: true, summary: { people: people.length, columns } };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ok: false, why: `is no CSV that can be read: ${plain(error.message)}` };
  }
}

function columnOf(question: string, answers: readonly string[]): AnsweredColumn {
  const about = { question, answered: answers.length };
  const numbers = answers.map(numberIn);
  if (answers.length > 0 && numbers.every((number) => number !== undefined))
    return { ...about, kind: 'numbers', numbers: spreadOf(numbers) };
  const counts = [...Map.groupBy(answers, (answer) => answer)]
    .map(([answer, those]) => ({ answer, count: those.length }))
    .toSorted((a, b) => b.count - a.count);
  const areFew = counts.length <= MOST_CHOICES && 2 * counts.length <= answers.length;
  if (areFew && counts.every(({ answer }) => answer.length <= LONGEST_CHOICE))
    return { ...about, kind: 'choices', choices: counts };
  return { ...about, kind: 'texts', ...(answers.every(isWhoOrWhen) ? {} : { texts: answers }) };
}

/** `4`, `4.5` and `4,5`. */
function numberIn(text: string): number | undefined {
  return /^-?\d{1,15}(?:[.,]\d{1,6})?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
}

const isWhoOrWhen = (text: string): boolean =>
  /^\S+@\S+$/.test(text) || /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b/.test(text) || text === 'anonymous';

function spreadOf(numbers: readonly number[]): NonNullable<AnsweredColumn['numbers']> {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const variance = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / numbers.length;
  return { mean, spread: Math.sqrt(variance), least: Math.min(...numbers), most: Math.max(...numbers) };
}

const TEXTS_SHOWN = 40;

/** The summary as a page of text, like the rest of a report. */
export function answersPage({ people, columns }: AnswersSummary): string {
  return ['', `Answers     of ${people} people`, ...columns.flatMap(columnLines), ''].join('\n');
}

function columnLines({ question, answered, numbers, choices, texts }: AnsweredColumn): string[] {
  const said = answered === 0 ? 'nobody answered' : `${answered} answered`;
  const head = (more: string) => `            - ${question}: ${said}${more}`;
  if (numbers) {
    const { mean, spread, least, most } = numbers;
    return [head(`; mean ${short(mean)}, spread ${short(spread)}, from ${short(least)} to ${short(most)}`)];
  }
  if (choices) return [head(''), ...choices.map(({ answer, count }) => `                ${count} × ${answer}`)];
  const shown = (texts ?? []).slice(0, TEXTS_SHOWN);
  const more = (texts ?? []).length - shown.length;
  return [
    head(''),
    ...shown.map((text) => `                “${text}”`),
    ...(more > 0 ? [`                … and ${more} more, with --json`] : []),
  ];
}

const short = (number: number): string => String(Math.round(number * 100) / 100);
