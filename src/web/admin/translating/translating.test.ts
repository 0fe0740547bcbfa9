import { afterAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { applyTown, exportTown } from '../../../features/booking/administration/service.ts';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { adminWorld, BASE, fieldsIn } from '../testing.ts';

const say = translateTo('ca');
const { world, oac, page, formOf, send } = await adminWorld();
afterAll(() => world.close());

const TEXTS = '/procedures/volant-padro';
const OLDER = say('admin.older');

/** Applies the town file, with a change of the office, as the command line does. */
async function applyFile(change: (office: Awaited<ReturnType<typeof oac>>) => void) {
  const town = parse((await exportTown(world.database.kysely)) ?? '');
  change(town.offices.oac);
  const checked = checkTownFile(stringify(town));
  if (!checked.ok) throw new Error(JSON.stringify(checked.mistakes));
  expect(await applyTown(world.database.kysely, checked.town, world.clock.now())).toMatchObject({
    ok: true,
  });
}

test('a form shows one language beside the first, and keeps the texts of the others', async () => {
  const before = (await oac()).procedures['volant-padro'];
  const html = await page(`${TEXTS}?language=eu`);
  expect(html).toMatch(/<textarea id="text-ca"/);
  expect(html).toMatch(/<textarea id="text-eu"/);
  expect(html).not.toMatch(/id="text-es"/);
  expect(await faultsOf(html)).toEqual([]);
  const form = fieldsIn(html);
  // Another language is a button of the form, so that what was typed comes along.
  const typed = { 'name-eu': 'Izen berria', act: 'beside:en' };
  const other = await send(TEXTS, form, typed);
  expect(other.html).toMatch(/<textarea id="text-en"/);
  expect(fieldsIn(other.html).get('name-eu')).toBe('Izen berria');
  const saved = await send(TEXTS, fieldsIn(other.html), { 'name-en': 'New name' });
  expect(saved.to).toBe(`${BASE}${TEXTS}?done=saved&language=en`);
  const after = (await oac()).procedures['volant-padro'];
  expect(after.name).toEqual({ ...before.name, eu: 'Izen berria', en: 'New name' });
  expect(after.text).toEqual(before.text);
});

test('each part of a procedure is saved by itself, and a mistake leads to its part', async () => {
  const before = (await oac()).procedures['volant-padro'];
  const channels = `${TEXTS}/channels`;
  const wrong = await send(channels, await formOf(channels), { 'channels-phone': 'mitja' });
  expect(wrong.status).toBe(422);
  expect(wrong.html).toContain('href="#channels-phone"');
  expect(fieldsIn(wrong.html).get('channels-phone')).toBe('mitja');
  const right = await send(channels, fieldsIn(wrong.html), { 'channels-phone': '25' });
  expect(right.to).toBe(`${BASE}${channels}?done=saved`);
  const after = (await oac()).procedures['volant-padro'];
  expect(after).toEqual({ ...before, channels: { ...before.channels, phone: 25 } });
});

test('a procedure can be booked with the others, and is no companion of itself', async () => {
  const html = await page(`${TEXTS}/channels`);
  const offered = [...html.matchAll(/name="combining-with" value="([^"]*)"/g)];
  const codes = Object.keys((await oac()).procedures);
  expect(new Set(offered.map(([, code]) => code))).toEqual(
    new Set(codes.filter((each) => each !== 'volant-padro')),
  );
});

test('a translation whose original changes is marked, with what has changed, until somebody answers', async () => {
  expect(await page('')).not.toContain(OLDER);
  const { name } = (await oac()).procedures['volant-padro'];
  await send(TEXTS, await formOf(TEXTS), { 'name-ca': `${name.ca} amb segell` });
  const html = await page(TEXTS);
  expect(html).toContain(OLDER);
  expect(html).toMatch(/<ins>.*amb segell/s);
  expect(await faultsOf(html)).toEqual([]);
  expect(await page('')).toContain(say('admin.todo.older', { count: 1 }));
  expect(await page('/procedures')).toContain(say('admin.todo.older', { count: 3 }));

  // Still right in one language; newly written in the next; the third stays.
  const right = { right: 'procedures.volant-padro.name.es' };
  expect((await send(TEXTS, await formOf(TEXTS), right)).to).toContain('done=saved');
  expect(await page(`${TEXTS}?language=es`)).not.toContain(OLDER);
  const english = await formOf(`${TEXTS}?language=en`);
  expect(english.get('beside')).toBe('en');
  expect((await send(TEXTS, english, { 'name-en': 'Proof with a seal' })).status).toBe(303);
  expect(await page(`${TEXTS}?language=en`)).not.toContain(OLDER);
  expect(await page(`${TEXTS}?language=eu`)).toContain(OLDER);

  // A text that isn't older can't be confirmed: nothing is kept of it.
  const again = await send(TEXTS, await formOf(TEXTS), right);
  expect(again.to).toContain('done=same');
});

test('a town file that changes the original marks the translation too', async () => {
  const documents = `${TEXTS}/documents`;
  expect(await page(documents)).not.toContain(OLDER);
  await applyFile((office) => {
    office.procedures['volant-padro'].documents[0].name.ca = 'Un altre paper';
  });
  const html = await page(documents);
  expect(html).toContain(OLDER);
  expect(html).toMatch(/<ins>.*paper/s);
  await applyFile((office) => {
    const [{ name }] = office.procedures['volant-padro'].documents;
    for (const each of ['es', 'en', 'eu']) name[each] = `${name[each]}.`;
  });
  expect(await page(documents)).not.toContain(OLDER);
});

test('saving leads on to the next page that lacks the language', async () => {
  await applyFile((office) => {
    delete office.procedures['volant-padro'].summary.eu;
    delete office.procedures['cens-electoral'].documents[0].name.eu;
    delete office.themes[Object.keys(office.themes)[0]!].name.eu;
  });
  const visited: string[] = [];
  let here = `${TEXTS}/checklist?language=eu`;
  for (let n = 0; n < 3; n++) {
    const form = await formOf(here);
    const path = here.replace(/\?.*/, '');
    const { to } = await send(path, form, { act: 'save-next', ...(n === 0 && { beside: 'eu' }) });
    here = (to ?? '').slice(BASE.length);
    visited.push(here.replace(/\?.*/, ''));
  }
  expect(visited).toEqual(['/lists', '/procedures/cens-electoral/documents', TEXTS]);
  expect(here).toContain('language=eu');
});

test('ticks of what is still right survive another language, a mistake and a clash', async () => {
  const documents = `${TEXTS}/documents`;
  const { code, name } = (await oac()).procedures['volant-padro'].documents[0];
  const changed = { 'documents-0-name-ca': `${name.ca}!` };
  await send(documents, await formOf(documents), changed);
  const spanish = `procedures.volant-padro.documents.${code}.name.es`;
  const basque = spanish.replace(/es$/, 'eu');
  const ticked = (html: string) => fieldsIn(html).getAll('right').sort();

  const other = await send(documents, await formOf(documents), {
    right: spanish,
    act: 'beside:eu',
  });
  expect(ticked(other.html)).toEqual([spanish]);
  const both = fieldsIn(other.html);
  both.append('right', basque);
  const row = await send(documents, both, { act: 'add:documents' });
  expect(ticked(row.html)).toEqual([spanish, basque]);
  const wrong = await send(documents, fieldsIn(row.html), { 'documents-0-name-ca': '' });
  expect(wrong.status).toBe(422);
  expect(ticked(wrong.html)).toEqual([spanish, basque]);

  // Somebody else changes something: the ticks stay, but not of an original that nobody has seen.
  const stale = await formOf(`${documents}?language=eu`);
  for (const each of [spanish, basque]) stale.append('right', each);
  const note = { 'documents-0-note-ca': 'Una nota nova.' };
  await send(documents, await formOf(documents), note);
  const clash = await send(documents, new URLSearchParams(stale));
  expect(clash.status).toBe(409);
  expect(ticked(clash.html)).toEqual([spanish, basque]);
  await send(documents, await formOf(documents), { 'documents-0-name-ca': `${name.ca}!!` });
  expect(ticked((await send(documents, new URLSearchParams(stale))).html)).toEqual([]);

  const back = await formOf(documents);
  back.append('right', spanish);
  back.append('right', basque);
  expect((await send(documents, back)).to).toContain('done=saved');
  expect(await page(`${documents}?language=eu`)).not.toContain(say('admin.older.changes'));
});
