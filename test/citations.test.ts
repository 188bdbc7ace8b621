import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brokenCitations, citationsOf, pageOf, readTree } from './citations.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const FACTS = `# Databricks

## 1. Limits

## 3. States, events, ending

### 3.1 Events

## \`Code\` in a heading
`;

/** What is broken in one file, beside a page of facts and a design. */
function judge(file: string, text: string, others: Readonly<Record<string, string>> = {}): string[] {
  const texts = new Map(
    Object.entries({
      'docs/facts/databricks.md': FACTS,
      'docs/design.md': '# Design\n\n## Time\n',
      ...others,
      [file]: text,
    }),
  );
  return brokenCitations({ files: new Set(texts.keys()), texts });
}

describe('the repository', () => {
  const tree = readTree(root);

  it('cites and links only what is there', () => {
    expect(brokenCitations(tree)).toEqual([]);
  });

  it('is read: pages, sources and shell scripts', () => {
    expect([...tree.texts.keys()]).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/design.md',
        'docs/facts/databricks.md',
        'test/citations.ts',
        'bin/workshop',
      ]),
    );
    expect(
      [...tree.texts.values()].flatMap(citationsOf).filter(({ sections }) => sections.length > 0).length,
    ).toBeGreaterThan(400);
  });
});

describe('finding citations', () => {
  const found = (text: string) =>
    citationsOf(text).map(({ page, sections, anchor }) => [
      page,
      ...sections,
      ...(anchor === undefined ? [] : [`#${anchor}`]),
    ]);

  it.each([
    ['a comment', '/** So (docs/facts/databricks.md section 3). */', ['docs/facts/databricks.md', '3']],
    ['a string', `source: 'docs/facts/sdk.md section 1.11',`, ['docs/facts/sdk.md', '1.11']],
    ['the end of a sentence', 'As in docs/facts/databricks.md section 3. It is', ['docs/facts/databricks.md', '3']],
    ['several', 'docs/facts/databricks.md sections 3, 7 and 12: hence', ['docs/facts/databricks.md', '3', '7', '12']],
    ['a range', 'docs/facts/databricks.md sections 3 to 5', ['docs/facts/databricks.md', '3', '5']],
    ['one, and a number that is none', 'docs/facts/databricks.md section 3, 404', ['docs/facts/databricks.md', '3']],
    ['a heading', 'docs/design.md section "Who may import whom".', ['docs/design.md', 'Who may import whom']],
    ['a heading in JSON', String.raw`"docs/design.md section \"Time\""`, ['docs/design.md', 'Time']],
    ['an anchor', 'docs/runbook.md#proof-beforehand', ['docs/runbook.md', '#proof-beforehand']],
    ['a page alone', 'docs/faults.md explains it', ['docs/faults.md']],
    ['a package with docs', 'sandbox/docs/faults.md', ['sandbox/docs/faults.md']],
    ['a docstring of two lines', ' * (docs/facts/databricks.md\n   * section 7).', ['docs/facts/databricks.md', '7']],
    ['a comment of two lines', '# docs/facts/databricks.md section\n# 7', ['docs/facts/databricks.md', '7']],
  ])('in %s', (_, text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  it('of two pages in one line', () => {
    expect(found('docs/facts/databricks.md sections 4 and 8, docs/facts/databricks-workspace.md section 9')).toEqual([
      ['docs/facts/databricks.md', '4', '8'],
      ['docs/facts/databricks-workspace.md', '9'],
    ]);
  });

  it('not in the middle of an address', () => {
    expect(found('https://example.com/docs/facts/databricks.md, ./docs/x.md')).toEqual([]);
  });
});

describe('reading a page', () => {
  it('knows numbers, headings and anchors', () => {
    const { sections, anchors } = pageOf(FACTS);
    expect([...sections]).toEqual([
      '1',
      'Limits',
      '3',
      'States, events, ending',
      '3.1',
      'Events',
      '`Code` in a heading',
    ]);
    expect([...anchors]).toEqual([
      'databricks',
      '1-limits',
      '3-states-events-ending',
      '31-events',
      'code-in-a-heading',
    ]);
  });

  it('counts headings that come twice, and none inside of code', () => {
    expect([...pageOf('# A\n## B\n```sh\n## a comment\n```\n## B\n').anchors]).toEqual(['a', 'b', 'b-1']);
  });
});

describe('what is broken', () => {
  it.each([
    [
      'a section',
      'src/a.ts',
      '\n// docs/facts/databricks.md section 2',
      'src/a.ts:2: docs/facts/databricks.md has no section 2',
    ],
    [
      'one of several',
      'src/a.ts',
      '// docs/facts/databricks.md sections 1 and 9',
      'src/a.ts:1: docs/facts/databricks.md has no section 9',
    ],
    ['a heading', 'src/a.ts', '// docs/design.md section "Space"', 'src/a.ts:1: docs/design.md has no section Space'],
    ['a page', 'bin/a', '# docs/facts/nothing.md', 'bin/a:1: docs/facts/nothing.md does not exist'],
    ['an anchor', 'src/a.ts', '// docs/design.md#space', 'src/a.ts:1: docs/design.md has no heading for #space'],
    [
      'facts without their folder',
      'test/a.yaml',
      'source: facts/databricks.md section 3',
      'test/a.yaml:1: facts/databricks.md is cited as docs/facts/databricks.md',
    ],
    [
      'the design without its folder',
      'src/a.ts',
      '// (design.md, "Time")',
      'src/a.ts:1: design.md is cited as docs/design.md',
    ],
    [
      'a number without a page',
      'src/a.ts',
      '// refused (section 7)',
      'src/a.ts:1: section 7 of which page? Say it like docs/facts/databricks.md section 3',
    ],
    [
      'a number of its own page',
      'docs/facts/sdk.md',
      '## 1. One\n\nSee section 2.',
      'docs/facts/sdk.md:3: this page has no section 2',
    ],
    ['a link', 'docs/a.md', '[b](b.md)', 'docs/a.md:1: the link b.md leads nowhere'],
    [
      'a link to a heading',
      'docs/a.md',
      '[b](facts/databricks.md#4-more)',
      'docs/a.md:1: the link facts/databricks.md#4-more leads to no heading',
    ],
    ['a link to a heading of its own', 'README.md', '# A\n[b](#b)', 'README.md:2: the link #b leads to no heading'],
    ['a place', 'docs/a.md', 'See\n`src/gone.ts`.', 'docs/a.md:2: src/gone.ts does not exist'],
    ['a folder', 'README.md', 'In `laptop/gone/` lies', 'README.md:1: laptop/gone does not exist'],
    ['a picture', 'README.md', '<img src="docs/a.svg">', 'README.md:1: the link docs/a.svg leads nowhere'],
  ])('%s', (_, file, text, expected) => {
    const broken = judge(file, text);
    expect(broken).toContain(expected);
    // The number is left over behind a page without its folder.
    expect(broken.filter((line) => !line.includes('of which page?') || line === expected)).toEqual([expected]);
  });
});

describe('what is well', () => {
  it.each([
    [
      'citations of all kinds',
      'src/a.ts',
      '// docs/facts/databricks.md sections 1 and 3.1, docs/design.md section "Time"',
    ],
    ['a number of its own page', 'docs/facts/sdk.md', '## 1. One\n\nSee section 1.'],
    [
      'links',
      'docs/a.md',
      '[b](facts/databricks.md#3-states-events-ending) [c](design.md) [d](facts/) [e](https://x.example) [f](../src)',
    ],
    [
      'places',
      'docs/a.md',
      '`src/b.ts`, `src/`, `sandbox/docs/`, `src/<any>.ts`, `test/*`, `their/src/x.ts`\n\n```\n`src/gone.ts`\n```\n',
    ],
    ['places of others, on a page of facts', 'docs/facts/sdk.md', '`src/theirs.ts`'],
    ['links in code', 'docs/a.md', '`[b](b.md)`\n\n```\n[c](c.md)\n```\n'],
    ['the page of its own package', 'sandbox/src/a.ts', `'docs/faults.md'`],
  ])('%s', (_, file, text) => {
    expect(judge(file, text, { 'sandbox/docs/faults.md': '', 'src/b.ts': '' })).toEqual([]);
  });
});
