import { expect, test } from 'vitest';
import { blocksOf } from '../../../src/domain/messages/blocks.ts';
import { htmlOf } from '../../../src/domain/messages/html.ts';

const html = (text: string, subject = 'Please prepare') => htmlOf({ subject, text });
/** What a reader sees and copies: without tags, a line for each end of one. */
const seen = (page: string) =>
  page
    .replaceAll(/<(style|title)>[^]*?<\/\1>|<!--[^]*?-->/g, '')
    .replaceAll('<br>\n', '\n')
    .replaceAll(/<\/?(?:p|td|table|code)\b[^>]*>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

test('prose flows, and what is indented stays as lines', () => {
  expect(
    seen(html('Hello Ann,\n\nThis was\nbroken by hand.\n\nWho helps:\n  Ann, a@example.com\n  Bo, 123\n')),
  ).toEqual(['Hello Ann,', 'This was broken by hand.', 'Who helps:', 'Ann, a@example.com', 'Bo, 123']);
});

test('steps are numbered, and hold what is to be typed, for whom, and what comes after it', () => {
  const text = `1. Install it:
     macOS, Linux  curl -fsSL https://example.com/install.sh | sh
     Windows       winget install It
   Open a new
   terminal.
2. Sign in:
     it login --host https://example.com

Afterwards.`;
  expect(blocksOf(text)).toEqual([
    {
      kind: 'step',
      number: '1',
      blocks: [
        { kind: 'paragraph', text: 'Install it:' },
        {
          kind: 'commands',
          commands: [
            { label: 'macOS, Linux', command: 'curl -fsSL https://example.com/install.sh | sh' },
            { label: 'Windows', command: 'winget install It' },
          ],
        },
        { kind: 'paragraph', text: 'Open a new terminal.' },
      ],
    },
    {
      kind: 'step',
      number: '2',
      blocks: [
        { kind: 'paragraph', text: 'Sign in:' },
        { kind: 'commands', commands: [{ command: 'it login --host https://example.com' }] },
      ],
    },
    { kind: 'paragraph', text: 'Afterwards.' },
  ]);
});

test('what is typed is copied as it was written, however it is shown', () => {
  const typed = [
    `$env:A='https://adb-1234567890123456.7.azuredatabricks.net'; iex (Get-Content -Raw .\\check.ps1) <x> & "y"`,
    'ssh-keygen -R workshop-spring-apps',
  ];
  const page = html(typed.map((line) => `     ${line}`).join('\n'));
  expect(seen(page)).toEqual(typed);
  expect(page).toContain('<span style="white-space:nowrap">ssh-keygen</span>');
});

test('addresses are links, without the sign after them; in what is typed they are not', () => {
  const page = html(
    'See (https://example.com/a?b=1&c=2).\n\n     curl https://example.com/x\n\n     https://f.example.com',
  );
  expect(page.match(/<a href="[^"]*"/g)).toEqual([
    '<a href="https://example.com/a?b=1&amp;c=2"',
    '<a href="https://f.example.com"',
  ]);
  expect(seen(page)).toContain('See (https://example.com/a?b=1&c=2).');
});

test('a line of dashes is a line', () => {
  expect(html('Now\n\n-----\n\nLater')).toContain('<hr ');
});

test('nothing in a letter becomes markup, also not in an address', () => {
  const evil = `<script>alert('1')</script> & "quoted" https://example.com/"onmouseover='x'><img src=x>\0\u001B`;
  const page = html(`${evil}\n\n1. ${evil}\n     ${evil}\n     <b>  ${evil}\n\n  ${evil}`, evil);
  expect(page).not.toMatch(/<(script|img|b)\b/);
  for (const [tag] of page.matchAll(/<[a-z][^>]*>/g)) expect(tag).not.toMatch(/onmouseover|quoted/);
  expect(page.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('a page needs nothing from elsewhere, and no class', () => {
  const page = html('Hello\n\n1. Type\n     it\n\nhttps://example.com');
  expect(page).not.toMatch(/\b(class|src)=|@import|url\(|<(img|link|script)\b/);
  expect(page.match(/https?:\/\/[^"<]+/g)).toEqual(['https://example.com', 'https://example.com']);
});

test('a page says which language it is in, where that is known', () => {
  expect(htmlOf({ subject: 'Bitte', text: 'Hallo', language: 'de' })).toContain('<html lang="de">');
  expect(html('Hello')).toContain('<html>');
});

test('every text is some page', () => {
  for (const text of ['', '\n\n\n', '   ', '1.', '99. x', '     ', '---', '\t\ttyped', '1. a\n\n\n   b\nc'])
    expect(html(text)).toContain('</html>');
});
