/** Returns what is being written with a prepared answer put in: after the words that are there, with its source on a line of its own. */
export function withAnswer(written: string, answer: string, source: string | null): string {
  const added = source === null || answer.includes(source) ? answer : `${answer}\n${source}`;
  const before = written.trimEnd();
  return before === '' ? added : `${before}\n\n${added}`;
}
