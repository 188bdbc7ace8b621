import { malformedRequest } from './errors.ts';

/** A form has few fields; thousands are no form. */
const MOST_PARTS = 100;

/**
 * The fields of a multipart/form-data body by name, files like any other; undefined when the content type is another
 * one. The values share the body's memory.
 * @throws 400 MALFORMED_REQUEST.
 */
export function multipartFields(contentType: string | undefined, body: Buffer): Map<string, Buffer> | undefined {
  const boundary = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(
    contentType ?? '',
  );
  if (!boundary) return undefined;
  const fields = new Map<string, Buffer>();
  const mark = `--${boundary[1] ?? boundary[2] ?? ''}`;
  let at = body.indexOf(mark) + mark.length;
  if (at < mark.length) throw malformed();
  while (body.toString('latin1', at, at + 2) !== '--') {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(`\r\n${mark}`, Math.max(headEnd, at));
    const name = /^content-disposition:.*;\s*name="([^"]*)"/im.exec(
      body.toString('utf8', at, Math.min(headEnd, at + 8_192)),
    )?.[1];
    if (headEnd < 0 || end < headEnd || name === undefined || fields.size === MOST_PARTS) throw malformed();
    // An empty value ends where its own blank line does.
    fields.set(name, body.subarray(Math.min(headEnd + 4, end), end));
    at = end + 2 + mark.length;
  }
  return fields;
}

const malformed = (): Error =>
  malformedRequest('The multipart/form-data body could not be read: a part is not closed, or has no name.');
