/** The longest first line, in characters: `git log` shows it whole. */
export const LONGEST = 72;

/** Messages that git itself writes, or that a rebase takes away. */
const OF_GIT = /^(?:Merge |Revert "|(?:fixup|squash|amend)! )/;
const FORM = /^[a-z0-9][\w.,/ -]*: \S/;

/** Returns what is wrong with a commit message as git hands it to the hook: its comments don't count. */
export function mistakesIn(file: string): string[] {
  const lines = file
    .split(/^# -+ >8 -+$/m)[0]!
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const [first = '', second = ''] = lines.slice(lines.findIndex((line) => line.trim() !== ''));
  if (first === '' || OF_GIT.test(first)) return [];
  const mistakes: string[] = [];
  if (!FORM.test(first))
    mistakes.push(
      'The first line must be `area: what changes`, such as `slots: count the buffer once`.',
    );
  const length = [...first].length;
  if (length > LONGEST)
    mistakes.push(
      `The first line has ${length} characters; at most ${LONGEST}. Say the rest below.`,
    );
  if (/\.\s*$/.test(first))
    mistakes.push('The first line is a title: it has no full stop at its end.');
  if (second.trim() !== '') mistakes.push('The second line must be empty.');
  return mistakes;
}
