import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PREFILLS } from '../../domain/form/prefills.ts';
import { question } from '../../domain/form/questions.ts';
import { OPERATORS } from '../../domain/form/rules/operators.ts';
import { formSchema } from '../../domain/form/schema.ts';
import { checkFormFile } from './check.ts';

const guide = readFileSync('docs/forms.md', 'utf8');
const example = /```yaml\n(# yaml-language-server.*?)```/s.exec(guide)?.[1] ?? '';

test('the example in the guide passes the check, without a warning', () => {
  expect(checkFormFile(example)).toMatchObject({ ok: true, warnings: [] });
});

test('the mistake that the guide shows is reported in these words', () => {
  const checked = checkFormFile(
    example.replace('when: { var: gos.perillos', 'when: { var: gos.perilos'),
  );
  if (checked.ok) throw new Error('it passed');
  const shown = checked.mistakes.map(
    ({ line, column, path, message }) => `gos.yaml:${line}:${column}  ${path}: ${message}`,
  );
  expect(guide).toContain(shown[0]);
});

test('the states in the guide pass the check', () => {
  const states = /```yaml\n(states:.*?)```/s.exec(guide)?.[1] ?? '';
  expect(checkFormFile(`${example}${states}`)).toMatchObject({ ok: true, warnings: [] });
});

test('the guide describes every key, type, operator and source of answers', () => {
  const words = [
    ...Object.keys(formSchema.shape),
    ...question.options.flatMap(({ shape }) => [shape.type.value, ...Object.keys(shape)]),
    ...Object.keys(OPERATORS),
    ...PREFILLS,
  ];
  const text = guide.replace(example, '');
  expect(
    [...new Set(words)].filter(
      (each) => !text.includes(`\`${each}`) && !text.includes(`${each}\``),
    ),
  ).toEqual([]);
});
