/** The bytes of a text in base64, with or without line breaks in it; undefined when it is none. */
export function fromBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/\r\n]*={0,2}\s*$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
