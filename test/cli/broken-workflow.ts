/** Code that does not fit what runs: its task fails again and again. */
export async function workshop(): Promise<never> {
  throw new Error('this code does not fit');
}
