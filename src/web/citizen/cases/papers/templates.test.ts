import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileQuestions, filesIn } from '../../../../domain/form/files.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import { chanceFrom } from '../../../../domain/form/testing/random-form.ts';
import { checkFormFile } from '../../../../formats/form/check.ts';
import { checkTownFile } from '../../../../formats/town-file/reading/check.ts';
import { DEMO_TOWN } from '../../../../paths.ts';
import { identified } from '../../../testing/identified.ts';
import { faultsOf, type TestTown, testTown, withCookie } from '../../testing.ts';
import { publish, walk } from '../testing.ts';

/*
 * The forms of the demo town that ask for files, each filled in page by page by a random citizen who is identified: it is handed in with its
 * files, or they go to sign or to pay.
 */

const FOLDER = 'towns/vilaclara/forms';
const file = checkTownFile(readFileSync(DEMO_TOWN, 'utf8'));
const forms = readdirSync(FOLDER).flatMap((name): Form[] => {
  if (!file.ok) throw new Error('The demo town has a mistake');
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
  const checked = checkFormFile(text, file.town.town.languages, file.town);
  if (!checked.ok) throw new Error(name);
  return fileQuestions(checked.form).length > 0 ? [checked.form] : [];
});

let town: TestTown;
let rosa: TestTown;
beforeAll(async () => {
  town = await testTown();
  rosa = withCookie(town, (await identified(town, '12345678Z', 'high')).cookie());
});
afterAll(() => town.close());

test('they are eight', () => expect(forms).toHaveLength(8));

test.each(forms.map((form) => [form.procedure, form] as const))(
  '%s',
  async (_, form) => {
    await publish(town, form);
    const office = (await town.deps.offices.find('oac'))!;
    let looked = 0;
    const { secret, end, at } = await walk(rosa, form, chanceFrom(1), async ({ html }) => {
      if (++looked % 20 === 0) expect(await faultsOf(html)).toEqual([]);
    });
    const isSigned = form.sign === 'valid';
    expect(isSigned ? ['sign'] : ['done', ...(form.fee ? ['pay'] : [])]).toContain(end);
    const found = (await town.deps.cases.bySecret(secret))!;
    const last = await rosa.get(at);
    expect(last.status).toBe(200);
    expect(await faultsOf(last.html)).toEqual([]);
    if (end !== 'done') return;
    const system = { kind: 'system', why: 'cases' } as const;
    const { record, papers } = (await town.deps.cases.open(system, office, found.id))!;
    const named = filesIn(form, record!.answers).map((each) => each.file.document);
    expect(papers.map(({ id }) => id).toSorted()).toEqual(named.toSorted());
  },
  120_000,
);
