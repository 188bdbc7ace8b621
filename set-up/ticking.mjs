/**
 * Shows on stderr that something slow is still working: one line that counts on a terminal, a line every ten
 * seconds in a log.
 * @template T
 * @param {string} label
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function ticking(label, work) {
  const terminal = process.stderr.isTTY;
  const started = Date.now();
  const show = () => {
    const seconds = Math.round((Date.now() - started) / 1_000);
    process.stderr.write(terminal ? `\r\u001B[2K${label} … ${seconds} s` : `${label} … ${seconds} s\n`);
  };
  process.stderr.write(`${label} …${terminal ? '' : '\n'}`);
  const timer = setInterval(show, terminal ? 1_000 : 10_000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (terminal) process.stderr.write('\r\u001B[2K');
  }
}
