/** A part of an answer, before it takes the form of one API or another. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool'; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

export interface Tool {
  readonly name: string;
  /** JSON Schema of its input. */
  readonly schema: unknown;
}

/** What a made-up answer is made from: the last thing that was asked. */
export interface Prompt {
  /** The last words of the user; empty when the last message only brings results of tools. */
  readonly text: string;
  readonly toolResults: readonly { readonly text: string; readonly failed: boolean }[];
  /** Only those that may be used. */
  readonly tools: readonly Tool[];
  /** A tool that must be used. */
  readonly mustUse: Tool | undefined;
  /** JSON Schema that the answer is to follow. */
  readonly answerSchema: unknown;
}
