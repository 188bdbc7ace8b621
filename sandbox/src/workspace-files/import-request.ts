import { z } from 'zod';
import { fromBase64 } from '../http/base64.ts';
import { ApiError, malformedRequest } from '../http/errors.ts';
import { multipartFields } from '../http/multipart.ts';
import { parseJson } from '../http/request-bytes.ts';
import { readBody, text } from '../http/request-body.ts';
import type { Call } from '../http/router.ts';

const fields = {
  path: text,
  format: z.enum(['SOURCE', 'AUTO', 'RAW', 'JUPYTER', 'HTML', 'DBC', 'R_MARKDOWN']).default('SOURCE'),
  language: z.enum(['PYTHON', 'SQL', 'SCALA', 'R']).optional(),
};
const jsonBody = z.object({ ...fields, content: z.string().default(''), overwrite: z.boolean().default(false) });
const formBody = z.object({ ...fields, overwrite: z.enum(['true', 'false']).default('false') });

export interface ImportRequest extends Omit<z.output<typeof jsonBody>, 'content'> {
  readonly content: Buffer;
}

/**
 * What is to be imported: JSON with base64, or the form that the SDKs' `upload` sends, with the content as it is.
 * @throws 400 when it is neither.
 */
export function readImport(call: Call): ImportRequest {
  const parts = multipartFields(call.headers['content-type'], call.bytes);
  if (!parts) {
    const body = readBody(jsonBody, parseJson(call.bytes));
    const content = decoded(body.content);
    // In a form a file may be larger: it is the JSON that has this limit.
    mustBeSmall(content);
    return { ...body, content };
  }
  const { content, ...rest } = Object.fromEntries(parts);
  const body = readBody(
    formBody,
    Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value.toString()])),
  );
  return { ...body, overwrite: body.overwrite === 'true', content: content ?? Buffer.alloc(0) };
}

/** What JSON can carry into the workspace, and what a notebook can have. */
const LARGEST = 10 * 1_048_576;

/** @throws 400 MAX_NOTEBOOK_SIZE_EXCEEDED, which files get to hear as well (docs/facts/ssh-and-claude.md section 4). */
export function mustBeSmall({ length }: Buffer): void {
  if (length > LARGEST)
    throw new ApiError({
      status: 400,
      errorCode: 'MAX_NOTEBOOK_SIZE_EXCEEDED',
      message: `File size imported is (${length} bytes), exceeded max size (${LARGEST} bytes)`,
    });
}

function decoded(content: string): Buffer {
  const bytes = fromBase64(content);
  if (!bytes) throw malformedRequest('The field content is not valid base64.');
  return bytes;
}
