/** Returns a label as it stands before what belongs to it: with a colon, unless it ends with a sign of its own, as a question does. */
export const before = (label: string): string =>
  /[?!:.…]$/.test(label) ? `${label} ` : `${label}: `;
