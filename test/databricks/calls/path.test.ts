import { describe, expect, it } from 'vitest';
import { path, volumePath } from '../../../src/databricks/calls/path.ts';

describe('a path', () => {
  it('encodes what is put into it, once', () => {
    expect(path`/api/x/${'a/b?c#d'}/${'50%20'}`).toBe('/api/x/a%2Fb%3Fc%23d/50%2520');
  });

  it.each(['', '.', '..'])('refuses "%s" as a part', (part) => {
    expect(() => path`/api/x/${part}`).toThrow(RangeError);
  });

  it('of a volume is encoded segment by segment', () => {
    expect(volumePath('/Volumes/main/default/v/a b/ü#.sh')).toBe('/Volumes/main/default/v/a%20b/%C3%BC%23.sh');
    expect(volumePath('/Volumes/main/default/v/folder/')).toBe('/Volumes/main/default/v/folder');
  });

  it.each([
    'Volumes/a/b/c',
    '/Volumes/a/b',
    '/Volumes/a/b/c/../../x',
    '/Volumes/a//c/d',
    '/Workspace/a/b/c',
    '/Volumes/a/b/c/./d',
  ])('refuses %s', (text) => {
    expect(() => volumePath(text)).toThrow(RangeError);
  });
});
