import { ApiError } from './errors.ts';

/**
 * The one part of a file that a Range header asks for, both ends included; undefined for the whole. As HTTP wants it,
 * a header in another unit, of several parts or of no sense is treated as none.
 * @throws 416 when the part begins behind the end.
 */
export function byteRange(
  header: string | undefined,
  size: number,
): { readonly first: number; readonly last: number } | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (from === '' && to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last)
    throw new ApiError({
      status: 416,
      errorCode: 'INVALID_PARAMETER_VALUE',
      message: `The range '${(header ?? '').slice(0, 60)}' begins behind the end of the file, which has ${size} bytes.`,
    });
  return { first, last };
}
