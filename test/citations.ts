import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** What git knows of the repository. */
export interface Tree {
  /** Paths from the repository's root, of every tracked file. */
  readonly files: ReadonlySet<string>;
  /** Those whose words are looked at: path → text. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Made by programs, or, in the last case, citations that are wrong on purpose. */
const NOT_READ = /(^|\/)package-lock\.json$|\.svg$|(^|\/)histories\/.*\.json$|(^|\/)citations\.test\.ts$/;

/** Files that are being moved may be known to git and not be there. */
export function readTree(root: string): Tree {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)));
  const texts = files
    .filter((path) => !NOT_READ.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
  return { files: new Set(files), texts: new Map(texts.filter(([, text]) => !text.includes('\0'))) };
}

/** A citation may be broken over two lines of a comment. */
const GAP = String.raw`(?:[ \t]+|[ \t]*\r?\n[ \t]*(?:\*|\/\/|#|>)?[ \t]*)`;
const NUMBER = String.raw`\d+(?:\.\d+)*`;
/** By its number, or by its heading in quotes, which stand behind a backslash inside of some strings. */
const NAME = String.raw`(?:${NUMBER}|\\?"[^"\\\n]+\\?")`;
const several = (one: string) => String.raw`${one}(?:(?:,|,? and|,? to)${GAP}${one})*`;

const PAGE = String.raw`(?<![\w./-])((?:[\w-]+\/)*docs\/(?:[\w-]+\/)*[\w-]+\.md)`;
const SECTIONS = String.raw`${GAP}(?:section${GAP}(${NAME})|sections${GAP}(${several(NAME)}))`;
const CITATION = new RegExp(String.raw`${PAGE}(?:#([\w-]+)|${SECTIONS})?`, 'g');
const LONE_SECTION = new RegExp(String.raw`\b(?:section${GAP}(${NUMBER})|sections${GAP}(${several(NUMBER)}))`, 'g');
/** A place of ours, in backticks; the group is the path, without a slash at its end. */
const PLACE = /`((?:src|test|sandbox|init-scripts|laptop)\/[\w./-]*\w)\/?`/g;
const WITHOUT_FOLDER = /(?<![\w./-])(?:facts\/[\w-]+\.md|design\.md)/g;

/** One page that a text names, with the sections it names of it. */
export interface Citation {
  readonly page: string;
  readonly sections: readonly string[];
  /** What stands behind a `#`. */
  readonly anchor?: string;
  /** Where it stands in the text. */
  readonly from: number;
  readonly to: number;
}

/** Every page under a folder called docs, with the sections that stand behind it, by number or by heading in quotes. */
export function citationsOf(text: string): Citation[] {
  return [...text.matchAll(CITATION)].map((match) => {
    const [whole, page = '', anchor, one, more] = match;
    return {
      page,
      sections: namesIn(one ?? more),
      ...(anchor === undefined ? {} : { anchor }),
      from: match.index,
      to: match.index + whole.length,
    };
  });
}

function namesIn(list: string | undefined): string[] {
  return [...(list ?? '').matchAll(new RegExp(NAME, 'g'))].map(([name]) => name.replace(/^\\?"|\\?"$/g, ''));
}

/** What a page can be cited by. */
interface Page {
  /** Numbers of numbered headings, and the words of all headings. */
  readonly sections: ReadonlySet<string>;
  /** As GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
}

/** Reads the headings of a Markdown page; the title of the page is no section. */
export function pageOf(markdown: string): Page {
  const sections = new Set<string>();
  const anchors = new Set<string>();
  for (const [, level = '', heading = ''] of withoutFences(markdown).matchAll(/^(#{1,6})[ \t]+(.+?)[ \t]*$/gm)) {
    anchors.add(free(anchorOf(heading), anchors));
    if (level === '#') continue;
    const [, number, words = heading] = /^(\d+(?:\.\d+)*)\.?[ \t]+(.+)$/.exec(heading) ?? [];
    if (number !== undefined) sections.add(number);
    sections.add(words);
  }
  return { sections, anchors };
}

/** A heading that comes twice gets -1, -2 and so on. */
function free(anchor: string, taken: ReadonlySet<string>): string {
  let candidate = anchor;
  for (let n = 1; taken.has(candidate); n += 1) candidate = `${anchor}-${n}`;
  return candidate;
}

/** `#3-states-events-ending` for `3. States, events, ending`. */
function anchorOf(heading: string): string {
  const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return words
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

const blank = (text: string) => text.replace(/[^\n]/g, ' ');
/** Keeps every position, so that lines can still be counted. */
const withoutFences = (markdown: string) =>
  markdown.replace(/^([ \t]*)(```+|~~~+)[\s\S]*?(?:^[ \t]*\2[ \t]*$|$(?![\s\S]))/gm, blank);
const withoutCode = (markdown: string) => withoutFences(markdown).replace(/`[^`\n]*`/g, blank);
const LINK = /\]\(([^()\s]+)(?:[ \t]+"[^"\n]*")?\)|\b(?:src|href)="([^"\n]+)"/g;

/**
 * Everything that is cited or linked and not there, one line each: `file:line: what`. A page is named from the
 * repository's root; a package with docs of its own may leave out its own folder.
 */
export function brokenCitations({ files, texts }: Tree): string[] {
  const pages = new Map<string, Page>();
  const pageAt = (path: string): Page => {
    const known = pages.get(path) ?? pageOf(texts.get(path) ?? '');
    pages.set(path, known);
    return known;
  };
  const broken: string[] = [];
  for (const [file, text] of texts) {
    const words = file.endsWith('.md') ? withoutTargets(text) : text;
    const citations = citationsOf(words);
    const say = (at: number, what: string) => broken.push(`${file}:${lineOf(text, at)}: ${what}`);

    for (const { page, sections, anchor, from } of citations) {
      const path = [page, `${file.split('/')[0]}/${page}`].find((candidate) => files.has(candidate));
      if (path === undefined) {
        say(from, `${page} does not exist`);
        continue;
      }
      for (const section of sections)
        if (!pageAt(path).sections.has(section)) say(from, `${page} has no section ${section}`);
      if (anchor !== undefined && !pageAt(path).anchors.has(anchor)) say(from, `${page} has no heading for #${anchor}`);
    }

    for (const { names, at } of loneSections(words, citations)) {
      if (!isFacts(file))
        say(at, `section ${names.join(', ')} of which page? Say it like docs/facts/databricks.md section 3`);
      else for (const name of names) if (!pageAt(file).sections.has(name)) say(at, `this page has no section ${name}`);
    }

    for (const match of words.matchAll(WITHOUT_FOLDER)) say(match.index, `${match[0]} is cited as docs/${match[0]}`);

    if (!file.endsWith('.md')) continue;
    if (describesUs(file)) {
      for (const { 1: path = '', index } of withoutFences(text).matchAll(PLACE))
        if (!files.has(path) && !isFolder(path, files)) say(index, `${path} does not exist`);
    }
    for (const match of withoutCode(text).matchAll(LINK)) {
      const what = brokenLink(file, match[1] ?? match[2] ?? '', files, pageAt);
      if (what !== undefined) say(match.index, what);
    }
  }
  return broken;
}

const lineOf = (text: string, at: number) => text.slice(0, at).split('\n').length;

/** A page of facts may speak of its own sections by number alone. */
const isFacts = (file: string) => /(^|\/)docs\/facts\/(?!README)[^/]+\.md$/.test(file);

/** Pages that tell of this project; those of facts tell of other people's files too. */
const describesUs = (file: string) => file === 'README.md' || /(^|\/)docs\/[^/]+\.md$/.test(file);

const isFolder = (path: string, files: ReadonlySet<string>) => [...files].some((known) => known.startsWith(`${path}/`));

/** Where a link leads is judged as a link, from the page's own folder. */
const withoutTargets = (markdown: string) =>
  markdown.replace(/\]\([^()\s]+\)/g, (link) => `]${' '.repeat(link.length - 1)}`);

function loneSections(text: string, citations: readonly Citation[]): { names: string[]; at: number }[] {
  return [...text.matchAll(LONE_SECTION)]
    .filter(({ index }) => !citations.some(({ from, to }) => from <= index && index < to))
    .map(({ index, 1: one, 2: more }) => ({ names: namesIn(one ?? more), at: index }));
}

function brokenLink(
  file: string,
  link: string,
  files: ReadonlySet<string>,
  pageAt: (path: string) => Page,
): string | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(link)) return undefined;
  const [target = '', anchor] = link.split('#');
  const path =
    target === ''
      ? file
      : posix.normalize(posix.join(posix.dirname(file), decodeURIComponent(target))).replace(/\/$/, '');
  if (!files.has(path)) {
    return isFolder(path, files) ? undefined : `the link ${link} leads nowhere`;
  }
  return anchor === undefined || !path.endsWith('.md') || pageAt(path).anchors.has(anchor)
    ? undefined
    : `the link ${link} leads to no heading`;
}
