import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The template's text, without the heading that only GitHub reads. */
const textOf = (path: string) => readFileSync(path, 'utf8').replace(/^---\n[\s\S]*?\n---\n+/, '');

test.each([
  ['.github/ISSUE_TEMPLATE/bug.md', '.gitlab/issue_templates/Bug.md'],
  ['.github/ISSUE_TEMPLATE/idea.md', '.gitlab/issue_templates/Idea.md'],
  ['.github/pull_request_template.md', '.gitlab/merge_request_templates/Default.md'],
])('%s and %s have the same questions', (github, gitlab) => {
  expect(textOf(github)).toBe(textOf(gitlab));
  expect(textOf(gitlab)).toMatch(/^## /m);
});

test('the files that the templates name are there', () => {
  const text = ['bug.md', 'idea.md'].map((name) => textOf(`.github/ISSUE_TEMPLATE/${name}`));
  text.push(textOf('.github/pull_request_template.md'));
  const paths = [...text.join().matchAll(/`([\w/.-]+\.md)`/g)].map((match) => match[1] ?? '');
  expect(paths).toContain('docs/security.md');
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});
