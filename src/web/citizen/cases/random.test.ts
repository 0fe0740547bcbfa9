import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answersSchema } from '../../../domain/form/answers-schema.ts';
import { groupOf } from '../../../domain/form/applied.ts';
import { chanceFrom } from '../../../domain/form/testing/random-form.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';
import { publish, randomOnlineForm, walk } from './testing.ts';

/*
 * Random forms, each filled in by a random citizen who follows the real pages. What is handed in is what they answered, and fits the schema that
 * follows from the form; no page is a dead end.
 */

const FORMS = Number(process.env['FORMS'] ?? 12);
const FIRST = Number(process.env['SEED'] ?? 1);
const ajv = addFormats.default(new Ajv2020({ strict: false, code: { optimize: false } }));

let town: TestTown;
beforeAll(async () => {
  town = await testTown();
});
afterAll(() => town.close());

test(`${FORMS} random forms are filled in page by page to their end`, async () => {
  const office = (await town.deps.offices.find('oac'))!;
  let looked = 0;
  for (let seed = FIRST; seed < FIRST + FORMS; seed++) {
    const form = randomOnlineForm(seed);
    await publish(town, form);
    const { given, secret } = await walk(town, form, chanceFrom(seed), async ({ html }) => {
      // Every page is made by the same parts, so some of them are enough.
      if (++looked % 40 === 0) expect(await faultsOf(html), `seed ${seed}`).toEqual([]);
    });
    const { id } = (await town.deps.cases.bySecret(secret))!;
    const viewer: ApplicantViewer = { kind: 'applicant', case: id, identified: null };
    const { record } = (await town.deps.cases.open(viewer, office, id))!;
    const fits = ajv.compile(answersSchema(form));
    expect(fits(record?.answers), `seed ${seed}: ${ajv.errorsText(fits.errors)}`).toBe(true);
    for (const { id: step, questions } of form.steps)
      for (const question of questions) {
        if (question.type === 'computed' || question.type === 'group') continue;
        const handedIn = groupOf(record?.answers[step])[question.id];
        if (handedIn === undefined) continue;
        const name = `${step}.${question.id}`;
        const said = question.type === 'file' ? namesIn(handedIn) : handedIn;
        expect(said, `seed ${seed}, ${name}`).toEqual(given.get(name));
      }
  }
}, 600_000);

const namesIn = (files: unknown): string[] => (files as { name: string }[]).map(({ name }) => name);
