/** What a letter's plain text consists of, as its blank lines, numbers and indentation say. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  /** Lines that stay lines. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'commands'; readonly commands: readonly Command[] }
  | { readonly kind: 'step'; readonly number: string; readonly blocks: readonly Block[] }
  /** What follows is for later. */
  | { readonly kind: 'rule' };

/** Something to type, and for whom: `Windows  winget install …`. */
export interface Command {
  readonly label?: string;
  readonly command: string;
}

const RULE = /^[-_]{3,}$/;
const STEP = /^(\d{1,2})\. +(.*)$/;
/** So far in stands what is typed, in a step and outside of one. */
const TYPED = 4;

/** Reads a letter's text. Every text is some blocks: what fits nothing else is a paragraph. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let step: string | undefined;
  let lines: string[] = [];
  const close = () => {
    if (step === undefined) blocks.push(...passages(lines, false));
    else blocks.push({ kind: 'step', number: step, blocks: passages(lines, true) });
    step = undefined;
    lines = [];
  };
  let isApart = true;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.replaceAll('\t', '    ').trimEnd();
    // A number that happens to begin a line of prose, like that of a day, is no step.
    const begun = step !== undefined || isApart ? STEP.exec(line) : null;
    if (begun) {
      close();
      step = begun[1];
      lines = [begun[2] ?? ''];
    } else if (isApart && RULE.test(line)) {
      close();
      blocks.push({ kind: 'rule' });
    } else {
      // A step goes on for as long as its lines stand further in.
      if (step !== undefined && indentation(line) === 0) close();
      lines.push(line);
    }
    isApart = line === '';
  }
  close();
  return blocks;
}

function passages(lines: readonly string[], inStep: boolean): Block[] {
  const blocks: Block[] = [];
  let isApart = true;
  for (const line of lines) {
    if (line === '') {
      isApart = true;
      continue;
    }
    const last = isApart ? undefined : blocks.at(-1);
    const next = passage(line, inStep);
    const joined = last && together(last, next);
    blocks.splice(joined ? -1 : blocks.length, joined ? 1 : 0, joined ?? next);
    isApart = false;
  }
  return blocks;
}

function passage(line: string, inStep: boolean): Block {
  const text = line.trim();
  if (indentation(line) >= TYPED) return { kind: 'commands', commands: [commandIn(text)] };
  return indentation(line) > 0 && !inStep ? { kind: 'lines', lines: [text] } : { kind: 'paragraph', text };
}

function commandIn(text: string): Command {
  const [, label, command] = /^(\S.*?) {2,}(\S.*)$/.exec(text) ?? [];
  return label === undefined || command === undefined ? { command: text } : { label, command };
}

/** Two neighbours of a kind are one block. */
function together(one: Block, next: Block): Block | undefined {
  if (one.kind === 'paragraph' && next.kind === 'paragraph')
    return { kind: 'paragraph', text: `${one.text} ${next.text}` };
  if (one.kind === 'lines' && next.kind === 'lines') return { kind: 'lines', lines: [...one.lines, ...next.lines] };
  if (one.kind === 'commands' && next.kind === 'commands')
    return { kind: 'commands', commands: [...one.commands, ...next.commands] };
  return undefined;
}

const indentation = (line: string): number => line.length - line.trimStart().length;
