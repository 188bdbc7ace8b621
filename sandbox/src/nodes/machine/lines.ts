import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/**
 * Calls with every whole line of a stream. A line longer than `longest` bytes is left out: whoever sends it never
 * gets to fill our memory.
 */
export function eachLine(stream: Readable, longest: number, onLine: (line: string) => void): void {
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (piece: Buffer): void => {
    length += piece.length;
    if (length > longest) pieces = [];
    else pieces.push(piece);
  };
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, end));
      if (length <= longest) onLine(Buffer.concat(pieces).toString());
      pieces = [];
      length = 0;
      from = end + 1;
    }
    take(chunk.subarray(from));
  });
}
