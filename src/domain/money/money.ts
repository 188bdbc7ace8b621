/** To whole cents, so that rows add up to the total that is shown below them. */
export function toCents(amount: number): number {
  // The nudge keeps 1.005, which is a little less in binary, from losing its half cent.
  return Math.round(amount * 100 + 1e-7) / 100;
}

/** `$1,234.50`, `1,234.50 EUR`; whole amounts without cents. */
export function formatMoney(amount: number, currency: string): string {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const number = amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return currency === 'USD' ? `$${number}` : `${number} ${currency}`;
}
