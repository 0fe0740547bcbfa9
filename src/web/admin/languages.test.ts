import { afterAll, expect, test } from 'vitest';
import { translateTo } from '../../lib/i18n/translate.ts';
import { adminWorld, fieldsIn } from './testing.ts';

const say = translateTo('ca');
const { world, oac, formOf, send } = await adminWorld();
afterAll(() => world.close());

const offer = async (...languages: string[]) => {
  const form = await formOf('/languages');
  form.delete('languages');
  for (const each of languages) form.append('languages', each);
  expect((await send('/languages', form)).status).toBe(303);
};

test('texts in a language that isn’t offered for a while stay through every form', async () => {
  const before = (await oac()).procedures['volant-padro'];
  await offer('ca', 'es', 'en');
  const texts = '/procedures/volant-padro';
  expect((await send(texts, await formOf(texts), { 'name-ca': 'Volant' })).status).toBe(303);
  const documents = `${texts}/documents`;
  const typed = { 'documents-0-name-ca': 'DNI', act: 'up:documents-1' };
  const moved = await send(documents, await formOf(documents), typed);
  expect((await send(documents, fieldsIn(moved.html))).status).toBe(303);
  const after = (await oac()).procedures['volant-padro'];
  expect(after.name).toEqual({ ...before.name, ca: 'Volant' });
  expect(after.text).toEqual(before.text);
  expect(after.documents[1].name).toEqual({ ...before.documents[0].name, ca: 'DNI' });
  expect(after.documents[0]).toEqual(before.documents[1]);
  await offer('ca', 'es', 'en', 'eu');
});

test('a language that another person adds meanwhile isn’t lost and doesn’t make old texts look changed', async () => {
  await offer('ca', 'es');
  const [office, places] = [await formOf('/office'), await formOf('/places')];
  await offer('ca', 'es', 'en');
  const theirs = await formOf('/office');
  expect((await send('/office', theirs, { 'name-en': 'Help office' })).status).toBe(303);
  expect((await send('/places', await formOf('/places'), { 'walkIn-1-phone': '010' })).status).toBe(
    303,
  );

  const clash = await send('/office', office, { 'intro-ca': 'Hola' });
  expect(clash.status).toBe(409);
  expect(clash.html).toContain(say('admin.clash.taken'));
  expect((await send('/office', fieldsIn(clash.html))).status).toBe(303);
  expect(await oac()).toMatchObject({ name: { en: 'Help office' }, intro: { ca: 'Hola' } });

  const joined = await send('/places', places, { 'walkIn-0-phone': '112' });
  expect(joined.status).toBe(409);
  expect(joined.html.match(/<tbody>[\s\S]*?<\/tbody>/)?.[0].match(/<tr>/g)).toHaveLength(1);
  expect((await send('/places', fieldsIn(joined.html))).status).toBe(303);
  expect((await oac()).walkIn).toMatchObject([{ phone: '112' }, { phone: '010' }]);
});
