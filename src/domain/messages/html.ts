import { blocksOf, type Block, type Command } from './blocks.ts';

const FONT = "font-family:'Segoe UI',Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5";
const TYPED = "font-family:Consolas,Menlo,'Courier New',monospace;font-size:13px;line-height:1.5";
/** Outlook knows the older of the two names. */
const BREAKING = 'word-wrap:break-word;overflow-wrap:break-word';
const INK = { page: '#ffffff', text: '#1b1f24', typed: '#eef1f4', link: '#0b57d0', line: '#8a939e' } as const;

/**
 * Only a clearer dark: a program for mail that knows no style sheets, and one that turns colours round by itself, finds
 * a text colour wherever there is a background.
 */
const IN_THE_DARK = `@media (prefers-color-scheme:dark){
body,body>table>tbody>tr>td{background-color:#16191d!important;color:#e8eaed!important}
td[bgcolor]{background-color:#2a2f36!important;color:#f1f3f4!important}
a{color:#8ab4f8!important}}`;

/**
 * A letter's plain text as a whole page for programs that show mail in HTML: tables and inline styles, which Outlook
 * needs, nothing from elsewhere, at most 600 pixels wide. Nothing in a letter becomes markup.
 */
export function htmlOf(letter: {
  readonly subject: string;
  readonly text: string;
  readonly language?: string;
}): string {
  const { subject, text, language } = letter;
  return `<!DOCTYPE html>
<html${language === undefined ? '' : ` lang="${escaped(language)}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no">
<title>${escaped(subject)}</title>
<style>${IN_THE_DARK}</style>
</head>
<body style="margin:0;padding:0;background-color:${INK.page};color:${INK.text}">
${table(`<td align="center" style="padding:20px 16px;background-color:${INK.page};color:${INK.text}">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
${table(
  `<td align="left" style="${FONT};${BREAKING}">
${blocksOf(text).map(blockHtml).join('\n')}
</td>`,
  'max-width:600px;table-layout:fixed',
)}
<!--[if mso]></td></tr></table><![endif]-->
</td>`)}
</body>
</html>
`;
}

const table = (cells: string, style = ''): string =>
  '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" ' +
  `style="width:100%${style && `;${style}`}"><tr>\n${cells}\n</tr></table>`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      // What ends with a colon belongs to what comes below it.
      return paragraph(prose(block.text), block.text.endsWith(':') ? 6 : 14);
    case 'lines':
      return paragraph(block.lines.map(prose).join('<br>\n'));
    case 'commands':
      return block.commands.map(commandHtml).join('\n');
    case 'step':
      return table(
        `<td valign="top" width="30" style="${FONT};font-weight:bold">${escaped(block.number)}.</td>\n` +
          `<td valign="top" style="${FONT};${BREAKING}">\n` +
          `${block.blocks.map(blockHtml).join('\n')}\n</td>`,
        'table-layout:fixed;margin:0 0 4px',
      );
    case 'rule':
    default:
      return `<hr style="margin:20px 0;border:0;border-top:1px solid ${INK.line}">`;
  }
}

const paragraph = (html: string, below = 14): string => `<p style="margin:0 0 ${below}px">${html}</p>`;

/** Each in a block of its own: where a long one is broken, it must not look like two. */
function commandHtml({ label = '', command }: Command): string {
  // An address to go to is nothing to type.
  if (/^https:\/\/\S+$/.test(command)) return paragraph(`${prose(label)}${label && ' '}${prose(command)}`);
  const style = `padding:8px 10px;background-color:${INK.typed};color:${INK.text};${BREAKING}`;
  return (
    (label && `<p style="margin:0 0 2px;font-size:14px">${prose(label)}</p>\n`) +
    table(
      `<td bgcolor="${INK.typed}" style="${style}"><code style="${TYPED}">${words(command)}</code></td>`,
      'table-layout:fixed;margin:0 0 12px',
    )
  );
}

/** Narrower than a phone's line of what is typed. */
const LONGEST_UNBROKEN = 32;
/** The underline of a link does not come into a block by itself. */
const LONG = 'display:inline-block;max-width:100%;word-break:break-all;text-decoration:inherit';

/**
 * Lines break between words, not at the dashes within one. What is longer than a line begins a new one and is broken
 * where that ends. Nothing is put in: what is copied is what was written.
 */
const words = (text: string): string =>
  text
    .split(' ')
    .map((word) => {
      if (word.length > LONGEST_UNBROKEN) return `<span style="${LONG}">${escaped(word)}</span>`;
      return word.includes('-') ? `<span style="white-space:nowrap">${escaped(word)}</span>` : escaped(word);
    })
    .join(' ');

const ADDRESS = /(https:\/\/[^\s<>"]+|mailto:[^\s<>"]+)/;

/** Text with its addresses as links; the dot that ends a sentence is not part of one. */
const prose = (text: string): string =>
  text
    .split(ADDRESS)
    .map((part, at) => {
      if (at % 2 === 0) return words(part);
      const address = part.replace(/[.,;:!?)\]']+$/, '');
      const link = `<a href="${escaped(address)}" style="color:${INK.link}">${words(address)}</a>`;
      return link + escaped(part.slice(address.length));
    })
    .join('');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters have no place in HTML; whoever wrote one gets a blank. */
const escaped = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
