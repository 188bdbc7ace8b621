/** What the bytes of a roster are: text to go through, a workbook to open, or neither. */
export type Decoded =
  | { readonly kind: 'text'; readonly text: string; readonly encoding: string }
  | { readonly kind: 'workbook' }
  | { readonly kind: 'refused'; readonly why: string };

const begins = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

/** How files tell what they are, at their first byte. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const OLD_OFFICE = [0xd0, 0xcf, 0x11, 0xe0];
const PDF = [0x25, 0x50, 0x44, 0x46];

const AS_TEXT = 'In Excel: File, Save As, "CSV UTF-8 (Comma delimited)" or "Excel Workbook (.xlsx)"';

/**
 * Tells what a roster's bytes are. UTF-8 and UTF-16 with their marks; without a mark UTF-8 where it is valid, else
 * Windows-1252, which is what Excel's plain "CSV" and older programs of Windows write in western countries.
 */
export function decode(bytes: Uint8Array): Decoded {
  if (begins(bytes, ZIP)) return { kind: 'workbook' };
  if (begins(bytes, OLD_OFFICE))
    return {
      kind: 'refused',
      why: `is an Excel file of the old kind (.xls), or has a password, and cannot be read. ${AS_TEXT}, no password`,
    };
  if (begins(bytes, PDF)) return { kind: 'refused', why: `is a PDF, and no list. ${AS_TEXT}` };
  if (begins(bytes, [0xff, 0xfe])) return text(bytes, 'utf-16le', 'UTF-16');
  if (begins(bytes, [0xfe, 0xff])) return text(bytes, 'utf-16be', 'UTF-16');
  if (bytes.includes(0)) return { kind: 'refused', why: `is not plain text. ${AS_TEXT}` };
  try {
    return text(bytes, 'utf-8', 'UTF-8');
  } catch {
    return text(bytes, 'windows-1252', 'Windows-1252');
  }
}

/** A byte order mark is taken away by the decoder. */
function text(bytes: Uint8Array, label: string, encoding: string): Decoded {
  return { kind: 'text', text: new TextDecoder(label, { fatal: label === 'utf-8' }).decode(bytes), encoding };
}
