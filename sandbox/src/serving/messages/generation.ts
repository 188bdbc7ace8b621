import type { Piece } from './pieces.ts';
import { firstTokens, tokensOf } from '../token-estimate.ts';

export interface Generation {
  readonly pieces: readonly Piece[];
  readonly outputTokens: number;
  readonly stopReason: 'end_turn' | 'max_tokens' | 'stop_sequence' | 'tool_use';
  readonly stopSequence: string | undefined;
}

/** An answer as far as it may go: it ends before the first stop sequence, and where max_tokens is used up. */
export function generate(answer: readonly Piece[], maxTokens: number, stopSequences: readonly string[]): Generation {
  const pieces: Piece[] = [];
  let left = maxTokens;
  const ended = (stopReason: Generation['stopReason'], stopSequence?: string): Generation => ({
    pieces,
    outputTokens: maxTokens - left,
    stopReason,
    stopSequence,
  });
  for (const piece of answer) {
    const stop = piece.type === 'text' ? firstStop(piece.text, stopSequences) : undefined;
    const wanted: Piece = piece.type === 'text' && stop ? { type: 'text', text: piece.text.slice(0, stop.at) } : piece;
    const cost = tokensOfPiece(wanted);
    if (cost > left) {
      // Half an input of a tool is of no use to anybody: a tool that does not fit is left out.
      if (wanted.type === 'text') pieces.push({ type: 'text', text: firstTokens(wanted.text, left) });
      left = 0;
      return ended('max_tokens');
    }
    left -= cost;
    if (wanted.type === 'tool' || wanted.text !== '') pieces.push(wanted);
    if (stop) return ended('stop_sequence', stop.sequence);
  }
  return ended(pieces.some((piece) => piece.type === 'tool') ? 'tool_use' : 'end_turn');
}

/** A text cut into what arrives at once, four tokens at most; a character is never cut. */
export const deltasOf = (text: string): string[] => text.match(/[\s\S]{1,16}/gu) ?? [];

function firstStop(
  text: string,
  sequences: readonly string[],
): { readonly at: number; readonly sequence: string } | undefined {
  return sequences
    .map((sequence) => ({ sequence, at: text.indexOf(sequence) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
}

const tokensOfPiece = (piece: Piece): number =>
  piece.type === 'text' ? tokensOf(piece.text) : tokensOf(piece.name + JSON.stringify(piece.input));
