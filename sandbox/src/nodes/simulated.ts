/** Said wherever the work of a simulated node is looked at, so that nobody takes it for the work of a real one. */
export const SIMULATED = "Simulated: this node exists in the sandbox's books only; nothing was run.";
