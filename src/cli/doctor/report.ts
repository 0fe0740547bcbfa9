/** One thing that was looked at. */
export interface Finding {
  /** A warning deserves a look; what is wrong keeps the service, or people's data, from being right. */
  state: 'right' | 'warning' | 'wrong';
  /** What was found, as a sentence. */
  words: string;
  /** What to do about it, as a sentence. */
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

/** What the operator reads: each finding in its order, what to do below it, and how it stands altogether. */
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

/** 1 when something is wrong. */
export const exitCodeOf = (findings: readonly Finding[]): number =>
  findings.some(({ state }) => state === 'wrong') ? 1 : 0;
