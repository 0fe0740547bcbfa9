import { expect, test, vi } from 'vitest';
import { right, warning, wrong } from '../report.ts';
import { lookAtEach, rememberingFindings, reportOfTowns } from './towns.ts';

test('one report over many towns has each problem once, with its towns, the worst first', () => {
  const mail = warning('SMTP_URL is not set.', 'Set it.');
  const names = Array.from({ length: 12 }, (_, index) => `town${index}`);
  const towns = names.map((name, index) => ({
    name,
    findings: [
      right('The database answers.'),
      ...(index < 11 ? [mail] : []),
      ...(index === 3 ? [wrong('The database does not answer.')] : []),
    ],
  }));
  expect(reportOfTowns([right('Node.js is new enough.')], towns)).toBe(
    'ok     Node.js is new enough.\n' +
      'ok     12 towns were looked at; in 1 of them everything is right.\n' +
      'WRONG  town3: The database does not answer.\n' +
      'look   town0, town1, town2, town3, town4, town5, town6, town7 and 3 more: SMTP_URL is not set.\n' +
      '       → Set it.\n\n' +
      '1 thing is wrong; 1 thing deserves a look.\n',
  );
  const same = towns.map(({ name }) => ({ name, findings: [mail] }));
  expect(reportOfTowns([], same)).toContain('look   All towns: SMTP_URL is not set.');
});

test('what towns share is looked at once', async () => {
  const looks = new Map();
  const once = rememberingFindings(looks);
  const look = vi.fn(async () => [right('It answers.')]);
  for (const url of ['smtp://u:secret@a', 'smtp://u:secret@a', 'smtp://b'])
    await once('mail', url, look);
  expect(look).toHaveBeenCalledTimes(2);
  expect([...looks.keys()].join()).not.toContain('secret');
});

test('a town that can’t be looked at is a finding, and the others have theirs', async () => {
  const towns = Array.from({ length: 9 }, (_, index) => ({ name: `town${index}` }));
  const found = await lookAtEach(towns, async ({ name }) => {
    if (name === 'town2') throw new Error('a file of it is gone');
    return [right(`${name} is well.`)];
  });
  expect(found.map(({ name }) => name)).toEqual(towns.map(({ name }) => name));
  expect(found.filter(({ findings }) => findings[0]?.state === 'right')).toHaveLength(8);
  expect(found[2]?.findings).toEqual([
    wrong(
      'The town could not be looked at: a file of it is gone',
      'Look at it alone, with doctor --town.',
    ),
  ]);
});
