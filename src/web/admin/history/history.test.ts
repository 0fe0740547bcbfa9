import { afterAll, describe, expect, test } from 'vitest';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { MARTA, NURIA } from '../../console/testing.ts';
import { adminWorld, agreedIn, BASE } from '../testing.ts';

const say = translateTo('ca');
const { world, oac, ask, page, formOf, send } = await adminWorld();
afterAll(() => world.close());

const TEXTS = '/procedures/volant-padro';
const words = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&#39;', '’');

/** The newest version's number, as the list shows it. */
async function newest(): Promise<number> {
  const [, number] = /admin\/history\/(\d+)"/.exec(await page('/history')) ?? [];
  return Number(number);
}

/** Presses a version's button for the change whose place has these words. */
async function undo(version: number, label: string, was = version) {
  const html = await page(`/history/${version}`);
  const items = html.split('<li>').filter((each) => each.includes('name="change"'));
  const item = items.find((each) => words(each).includes(label)) ?? '';
  const [, change = ''] = /name="change" value="(\d+)"/.exec(item) ?? [];
  const form = new URLSearchParams({ was: String(was), change });
  return send(`/history/${version}`, form);
}

describe('the versions of a declaration', () => {
  test('say who changed what and when, in the words of the forms', async () => {
    const form = await formOf(`${TEXTS}`);
    await send(TEXTS, form, { 'name-ca': 'Volant nou', 'summary-es': 'Un papel.' });
    await send('/opening', await formOf('/opening'), { 'slots-leadMinutes': '90' });
    const list = await page('/history');
    expect(await faultsOf(list)).toEqual([]);
    expect(words(list)).toContain('Volant nou: Nom (Català)');
    expect(words(list)).toContain(`${say('admin.group.slots')}: ${say('admin.field.leadMinutes')}`);
    expect(words(list)).toContain('Albert Serra');
    const html = await page(`/history/${(await newest()) - 1}`);
    expect(await faultsOf(html)).toEqual([]);
    expect(html).toMatch(/<del>.*de padró.*<\/del>/s);
    expect(html).toMatch(/<ins>.*nou.*<\/ins>/s);
    expect(words(html)).toContain(`${say('difference.added')} nou`);
  });

  test('one change comes back alone, and the others stay', async () => {
    const at = (await newest()) - 1;
    const before = (await oac()).procedures['volant-padro'];
    const undone = await undo(at, 'Nom (Català)', at + 1);
    expect(undone.to).toBe(`${BASE}/history?done=reverted`);
    const after = (await oac()).procedures['volant-padro'];
    expect(after).toEqual({ ...before, name: { ...before.name, ca: 'Volant de padró' } });
    const html = await page(`/history/${at}`);
    expect(html).toContain(say('admin.history.changedSince'));
    expect(await page(`/history/${await newest()}`)).toContain(say('admin.history.kind.reverted'));
  });

  test('a whole version comes back, after a page that shows everything that changes', async () => {
    const before = await oac();
    const at = await newest();
    await send('/notices', await formOf('/notices'), { 'notices-perDay': '20' });
    const code = { 'name-ca': 'Targeta d’aparcament' };
    await send('/new-procedure', await formOf('/new-procedure'), code);
    await send('/procedures', new URLSearchParams({ procedure: 'cens-electoral', act: 'up' }), {
      act: 'up',
    });
    const html = await page(`/history/${at}/now`);
    expect(await faultsOf(html)).toEqual([]);
    expect(words(html)).toContain(say('admin.history.removed', { name: 'Targeta d’aparcament' }));
    expect(words(html)).toContain(say('admin.field.perDay'));
    const form = new URLSearchParams({ was: String(await newest()) });
    expect((await send(`/history/${at}/now`, form)).to).toBe(`${BASE}/history?done=reverted`);
    expect(await oac()).toEqual(before);
    expect(Object.keys((await oac()).procedures)).toEqual(Object.keys(before.procedures));
    expect(await page(`/history/${at}/now`)).toContain(say('admin.history.now.same'));
  });

  test('a procedure that was added and has since been given to a desk stays, with the reason', async () => {
    await send('/new-procedure', await formOf('/new-procedure'), { 'name-ca': 'Gual' });
    const at = await newest();
    const desk = await formOf('/desks/taula-5');
    desk.set('all', 'some');
    desk.append('skills', 'gual');
    expect((await send('/desks/taula-5', desk)).status).toBe(303);
    const refused = await undo(at, say('admin.history.added', { name: 'Gual' }), await newest());
    expect(refused.status).toBe(409);
    expect(refused.html).toContain(`href="${BASE}/desks/taula-5"`);
    expect(await faultsOf(refused.html)).toEqual([]);
    expect((await oac()).procedures.gual).toBeDefined();
  });

  test('nothing comes back when somebody has changed something since the page was shown', async () => {
    const at = await newest();
    await send('/notices', await formOf('/notices'), { 'notices-perDay': '21' });
    const stale = await send(`/history/${at}/now`, new URLSearchParams({ was: String(at) }));
    expect(stale.status).toBe(409);
    expect(stale.html).toContain(say('admin.history.changed'));
    expect((await oac()).notices.perDay).toBe(21);
  });

  test('a period that would become shorter is asked about first', async () => {
    const longer = { 'retention-notesDays': '800' };
    expect((await send('/retention', await formOf('/retention'), longer)).status).toBe(303);
    const at = await newest();
    const asked = await undo(at, say('admin.field.notesDays'));
    expect(asked.status).toBe(200);
    expect(asked.html).toContain(say('admin.shorter.title'));
    expect((await oac()).retention).toEqual({ notesDays: 800 });
    const agreed = await send(`/history/${at}`, agreedIn(asked.html));
    expect(agreed.to).toBe(`${BASE}/history?done=reverted`);
    expect((await oac()).retention).toBeUndefined();
  });

  test('are an administrator’s only, and of their own office', async () => {
    for (const name of [MARTA, NURIA]) {
      const cookie = await world.signIn(name);
      for (const path of ['/history', '/history/1', '/history/1/now'])
        expect([path, (await ask(path, cookie)).status]).toEqual([path, 404]);
    }
    expect((await ask('/history/9999')).status).toBe(404);
    expect((await ask('/history/x')).status).toBe(404);
  });
});
