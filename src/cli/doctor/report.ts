/** The result of one check. */
export interface Finding {
  /** `warning`: deserves attention; `wrong`: the service or people's data are at risk. */
  state: 'right' | 'warning' | 'wrong';
  /** The finding, as a sentence. */
  words: string;
  /** The remedy, as a sentence. */
  todo?: string;
}

export const right = (words: string): Finding => ({ state: 'right', words });
export const warning = (words: string, todo?: string): Finding => ({
  state: 'warning',
  words,
  ...(todo && { todo }),
});
export const wrong = (words: string, todo?: string): Finding => ({
  state: 'wrong',
  words,
  ...(todo && { todo }),
});

const SIGNS = { right: 'ok     ', warning: 'look   ', wrong: 'WRONG  ' };
const INDENT = ' '.repeat(SIGNS.right.length);

/** Returns the report for the operator: each finding in order, with its remedy, and a summary. */
export function reportOf(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ state, words, todo }) => [
    `${SIGNS[state]}${words.replaceAll('\n', `\n${INDENT}`)}`,
    ...(todo ? [`${INDENT}→ ${todo}`] : []),
  ]);
  const count = (state: Finding['state']) => findings.filter((each) => each.state === state).length;
  return `${lines.join('\n')}\n\n${verdict(count('wrong'), count('warning'))}\n`;
}

function verdict(wrongs: number, warnings: number): string {
  if (wrongs === 0 && warnings === 0) return 'Everything is right.';
  const parts = [
    ...(wrongs > 0 ? [`${wrongs} ${wrongs === 1 ? 'thing is' : 'things are'} wrong`] : []),
    ...(warnings > 0
      ? [`${warnings} ${warnings === 1 ? 'thing deserves' : 'things deserve'} a look`]
      : []),
  ];
  return `${parts.join('; ')}.`;
}

/** Returns 1 when something is wrong, else 0. */
export const exitCodeOf = (findings: readonly Finding[]): number =>
  findings.some(({ state }) => state === 'wrong') ? 1 : 0;
