import { expect, test } from 'vitest';
import { mistakesIn } from './commit-message.ts';

test.each([
  'slots: count the buffer once',
  'slots, planning: count the buffer once\n\nA desk lost ten minutes where five were meant.\n',
  'src/web/console: show the day\n# Please enter the commit message\n# On branch main\n',
  `docs: name the file\n\n# ------------------------ >8 ------------------------\ndiff --git a/x.`,
  `web: ${'x'.repeat(67)}`,
  `textos: ${'à'.repeat(64)}`,
  'Merge branch "main"',
  'Revert "slots: count the buffer once"',
  'fixup! slots: count the buffer once',
  '# nothing but comments: git itself stops the commit\n',
])('%s is right', (message) => {
  expect(mistakesIn(message)).toEqual([]);
});

test.each([
  ['A month alone is a column and no wall', ['area: what changes']],
  ['Slots: count the buffer', ['area: what changes']],
  ['slots:count the buffer', ['area: what changes']],
  [': count the buffer', ['area: what changes']],
  ['slots: count the buffer once.', ['no full stop']],
  [`web: ${'x'.repeat(68)}`, ['73 characters; at most 72']],
  ['slots: count the buffer\nonce', ['second line must be empty']],
  ['\n\nslots: count the buffer\nonce', ['second line must be empty']],
  [`Count${'x'.repeat(70)}.\nmore`, ['area: what', '76 characters', 'full stop', 'second line']],
])('%s is not', (message, wanted) => {
  const mistakes = mistakesIn(message);
  expect(mistakes).toHaveLength(wanted.length);
  for (const [index, part] of wanted.entries()) expect(mistakes[index]).toContain(part);
});
