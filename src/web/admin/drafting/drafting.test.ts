import { afterAll, describe, expect, test } from 'vitest';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { faultsOf } from '../../citizen/testing.ts';
import { MARTA, NURIA } from '../../console/testing.ts';
import { adminWorld, agreedIn, BASE, fieldsIn } from '../testing.ts';

const say = translateTo('ca');
const { world, oac, ask, page, formOf, send } = await adminWorld();
afterAll(() => world.close());

const TEXTS = '/procedures/volant-padro';
const DRAFT = { act: 'save-draft' };
/** What citizens see comes from what is declared. */
const published = async () => (await oac()).procedures['volant-padro'].name.ca;

/** Presses a button of the draft's page, as it is shown now or was. */
async function press(what: Record<string, string>, html?: string) {
  const shown = html ?? (await page('/draft'));
  const [, was = ''] = /name="was" value="([^"]+)"/.exec(shown) ?? [];
  return send('/draft', new URLSearchParams({ was }), what);
}

describe('a draft', () => {
  test('keeps changes that citizens don’t see, compared with what is published', async () => {
    const before = await oac();
    expect(await page('/draft')).toContain(say('admin.draft.none'));
    const typed = { 'name-ca': 'Volant nou', 'summary-es': 'Un papel.' };
    const saved = await send(TEXTS, await formOf(TEXTS), { ...typed, ...DRAFT });
    expect(saved.to).toBe(`${BASE}${TEXTS}?done=drafted`);
    expect(await oac()).toEqual(before);
    const html = await page('/draft');
    expect(await faultsOf(html)).toEqual([]);
    expect(html).toMatch(/<del>.*de padró.*<\/del>/s);
    expect(html).toMatch(/<ins>.*nou.*<\/ins>/s);
    expect(html).toContain('Albert Serra');
    expect(await page('')).toContain(say('admin.draft.index', { count: 2 }));
  });

  test('is what the form shows, and grows', async () => {
    const html = await page(TEXTS);
    expect(html).toContain(say('admin.draft.here'));
    expect(await faultsOf(html)).toEqual([]);
    const form = fieldsIn(html);
    expect(form.get('name-ca')).toBe('Volant nou');
    await send(TEXTS, form, { 'name-ca': 'Volant novíssim', ...DRAFT });
    expect(await page('')).toContain(say('admin.draft.index', { count: 2 }));
    const wrong = await send(`${TEXTS}/channels`, await formOf(`${TEXTS}/channels`), {
      ...{ 'channels-phone': 'x', ...DRAFT },
    });
    expect(wrong.status).toBe(422);
    expect(fieldsIn(wrong.html).get('channels-phone')).toBe('x');
  });

  test('is seen as citizens will see it, in each language', async () => {
    const preview = await page('/draft/preview/volant-padro');
    expect(preview).toContain('Volant novíssim');
    expect(await faultsOf(preview)).toEqual([]);
    const spanish = await page('/draft/preview/volant-padro?language=es');
    expect(spanish).toContain('Un papel.');
    expect((await ask('/draft/preview/no-such')).status).toBe(404);
  });

  test('keeps both when two people write in it at once', async () => {
    const [mine, theirs] = [await formOf(TEXTS), await formOf(TEXTS)];
    await send(TEXTS, theirs, { 'who-ca': 'Tothom', ...DRAFT });
    const clash = await send(TEXTS, mine, { 'summary-ca': 'El paper.', ...DRAFT });
    expect(clash.status).toBe(409);
    const both = fieldsIn(clash.html);
    expect([both.get('who-ca'), both.get('summary-ca')]).toEqual(['Tothom', 'El paper.']);
    expect((await send(TEXTS, both, DRAFT)).to).toContain('done=drafted');
    expect(await page('')).toContain(say('admin.draft.index', { count: 4 }));
  });

  test('loses one change, and the others stay', async () => {
    const html = await page('/draft');
    const item = html.split('<li>').find((each) => each.includes('Tothom')) ?? '';
    const [, drop = ''] = /name="drop" value="(\d+)"/.exec(item) ?? [];
    expect((await press({ drop })).to).toBe(`${BASE}/draft?done=dropped`);
    expect(await page('/draft')).not.toContain('Tothom');
    expect(await page('')).toContain(say('admin.draft.index', { count: 3 }));
  });

  test('isn’t published when it, or what is published, has changed since it was shown', async () => {
    const html = await page('/draft');
    await send('/opening', await formOf('/opening'), { 'slots-leadMinutes': '90' });
    const stale = await press({}, html);
    expect(stale.status).toBe(409);
    expect(stale.html).toContain(say('admin.draft.changed'));
    expect(await published()).toBe('Volant de padró');
  });

  test('says where something else was published since', async () => {
    await send('/notices', await formOf('/notices'), { 'notices-perDay': '20', ...DRAFT });
    await send('/notices', await formOf('/notices'), { 'notices-perDay': '30' });
    expect(await page('/draft')).toContain(say('admin.draft.since'));
  });

  test('is published in one press, as a version that can be taken back', async () => {
    expect((await press({})).to).toBe(`${BASE}/draft?done=published`);
    expect(await published()).toBe('Volant novíssim');
    expect((await oac()).notices.perDay).toBe(20);
    expect(await page('/draft')).toContain(say('admin.draft.none'));
    expect(await page('/history')).toContain(say('admin.history.kind.published'));
  });

  test('a part that is published in its form leaves the draft', async () => {
    await send(TEXTS, await formOf(TEXTS), { 'name-ca': 'Volant', ...DRAFT });
    await send('/opening', await formOf('/opening'), { 'slots-buffer': '7', ...DRAFT });
    expect((await send(TEXTS, await formOf(TEXTS))).to).toContain('done=saved');
    expect((await oac()).procedures['volant-padro'].name.ca).toBe('Volant');
    expect(await page('')).toContain(say('admin.draft.index', { count: 1 }));
    expect((await press({ drop: 'all' })).to).toBe(`${BASE}/draft?done=dropped`);
    expect((await oac()).slots.buffer).toBeUndefined();
  });

  test('asks before data would be destroyed sooner, and shows appointments that stand in the way', async () => {
    const shorter = { 'retention-notesDays': '100', ...DRAFT };
    await send('/retention', await formOf('/retention'), shorter);
    const asked = await press({});
    expect(asked.html).toContain(say('admin.shorter.title'));
    expect((await send('/draft', agreedIn(asked.html))).to).toBe(`${BASE}/draft?done=published`);
    expect((await oac()).retention).toEqual({ notesDays: 100 });

    const { reference } = await world.book('10:30');
    const added = await send('/closures', await formOf('/closures'), { act: 'add:closures' });
    const closures = fieldsIn(added.html);
    const last = Number(closures.get('closures-count')) - 1;
    const day = { [`closures-${last}-from`]: '2026-11-30', ...DRAFT };
    expect((await send('/closures', closures, day)).to).toContain('done=drafted');
    const refused = await press({});
    expect(refused.status).toBe(409);
    expect(refused.html).toContain(reference);
    expect(await faultsOf(refused.html)).toEqual([]);
    await press({ drop: 'all' });
  });

  test('is an administrator’s only, and never has what no version has', async () => {
    for (const name of [MARTA, NURIA]) {
      const cookie = await world.signIn(name);
      for (const path of ['/draft', '/draft/preview/volant-padro'])
        expect([path, (await ask(path, cookie)).status]).toEqual([path, 404]);
    }
    for (const path of ['/acts', '/desks/taula-5', '/new-procedure'])
      expect(await page(path)).not.toContain('save-draft');
  });
});
