import PostalMime, { type Attachment } from 'postal-mime';

/** What a mail says of another one that was sent. */
export interface Bounce {
  /** What stood before the @ of Message-IDs in it. */
  readonly ids: readonly string[];
  /** `delayed` is no end: the server goes on trying. */
  readonly is: 'failed' | 'delayed' | 'no bounce';
  /** The server's words, in a line. */
  readonly words: string;
}

const ACTION = /^Action:\s*(failed|delayed)/im;
const STATUS = /^Status:\s*(\d\.\d+\.\d+)/im;
/** Goes on in lines that begin with a blank. */
const DIAGNOSTIC = /^Diagnostic-Code:\s*(?:[\w-]+\s*;)?\s*(.*(?:\r?\n[ \t]+.*)*)/im;
const OURS = /<([0-9a-f]{32})@/g;

/**
 * Reads a mail that came back: the delivery report in it (RFC 3464), and the mail that it is about, or its head.
 * @param raw as a mail program saves it (.eml)
 */
export async function readBounce(raw: Uint8Array): Promise<Bounce> {
  const { attachments, text = '', html = '', headers } = await PostalMime.parse(raw, { forceRfc822Attachments: true });
  const parts = attachments.map(textOf);
  const report = parts.find((part) => ACTION.test(part)) ?? '';
  const heads = headers.map(({ key, value }) => `${key}: ${value}`);
  const ids = [
    ...new Set([...heads, ...parts, text, html].flatMap((part) => [...part.matchAll(OURS)].map(([, id = '']) => id))),
  ];
  const is = (ACTION.exec(report)?.[1]?.toLowerCase() as 'failed' | 'delayed' | undefined) ?? 'no bounce';
  const said = (DIAGNOSTIC.exec(report)?.[1] ?? '').replaceAll(/\s+/g, ' ').trim();
  const status = STATUS.exec(report)?.[1];
  const words =
    said !== '' ? said : status === undefined ? 'The mail came back.' : `The mail came back with ${status}.`;
  return { ids, is, words };
}

const textOf = ({ content }: Attachment): string =>
  typeof content === 'string' ? content : Buffer.from(content as ArrayBuffer).toString('utf8');
