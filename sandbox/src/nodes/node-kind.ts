/**
 * How a result came about: on a node where things really run, or made up. Nothing simulated is ever reported as real.
 */
export type NodeKind = 'real' | 'simulated';

/** Said wherever the work of a simulated node is looked at, so that nobody takes it for the work of a real one. */
export const SIMULATED = "Simulated: this node exists in the sandbox's books only; nothing was run.";
