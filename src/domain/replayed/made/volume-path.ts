/** `/Volumes/main/default/init_scripts` for `main.default.init_scripts`, with what lies below it appended. */
export function volumePath(volume: string, ...below: readonly string[]): string {
  return ['/Volumes', ...volume.split('.'), ...below].join('/');
}
