/**
 * A path whose inserted parts are each one encoded segment: path`/api/2.0/permissions/${type}/${id}`.
 * @throws {RangeError} for an empty part, `.` or `..`, which a URL would resolve to another resource
 * (docs/facts/sdk.md section 2).
 */
export function path(fixed: TemplateStringsArray, ...parts: readonly string[]): string {
  return fixed.reduce((done, text, index) => done + segment(parts[index - 1] ?? '') + text);
}

/**
 * The path of a file or folder in a volume, `/Volumes/catalog/schema/volume/...`, encoded segment by segment.
 * @throws {RangeError} when it does not start with /Volumes/ or a segment is empty, `.` or `..`.
 */
export function volumePath(text: string): string {
  const [root, top, ...rest] = text.split('/');
  if (root !== '' || top !== 'Volumes' || rest.length < 3) {
    throw new RangeError(`"${text}" is not a path in a volume: write it like /Volumes/catalog/schema/volume/file`);
  }
  if (rest.at(-1) === '' && rest.length > 3) rest.pop();
  return `/Volumes/${rest.map(segment).join('/')}`;
}

function segment(text: string): string {
  if (text === '' || text === '.' || text === '..') {
    throw new RangeError(`"${text}" cannot be part of a Databricks path: give the name or id of one thing`);
  }
  return encodeURIComponent(text);
}
