import { afterAll, describe, expect, test } from 'vitest';
import { createAdministration } from '../../features/booking/administration/service.ts';
import { testUnit } from '../../features/foundation/audit/testing.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { countDueEvidence } from '../../wiring/due.ts';
import { faultsOf } from '../citizen/testing.ts';
import { NURIA } from '../console/testing.ts';
import { PROCEDURE_PARTS, procedurePath } from './procedures/fields.ts';
import { SECTIONS } from './sections.ts';
import { adminWorld, BASE, fieldsIn } from './testing.ts';

const say = translateTo('ca');
const { world, albert, oac, ask, page, formOf, send } = await adminWorld();
afterAll(() => world.close());

const retire = (what: string) => send(`/${what}/retire`, new URLSearchParams());

/** The cells of a page's first table, without its head. */
const rowsOf = (html: string): string[][] =>
  [...(/<tbody>[\s\S]*?<\/tbody>/.exec(html)?.[0] ?? '').matchAll(/<tr>[\s\S]*?<\/tr>/g)].map(
    ([row]) =>
      [...row.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/g)].map(([, cell = '']) =>
        cell.replaceAll(/<[^>]*>/g, ''),
      ),
  );

const FORMS = [
  ...SECTIONS.map((each) => `/${each}`),
  ...PROCEDURE_PARTS.map((each) => `/${procedurePath('volant-padro', each)}`),
  ...PROCEDURE_PARTS.map((each) => `/${procedurePath('informacio-tramits', each)}`),
  '/desks/taula-1',
  '/desks/taula-5',
];

describe('each form of the administration', () => {
  test('saved as it is shown changes nothing: it has everything in the town file', async () => {
    const before = await oac();
    for (const path of FORMS) {
      const sent = await send(path, await formOf(path));
      expect([path, sent.status, sent.to]).toEqual([path, 303, `${BASE}${path}?done=same`]);
    }
    expect(await oac()).toEqual(before);
  });

  test('is for an administrator only', async () => {
    const nuria = await world.signIn(NURIA);
    for (const path of [
      '',
      '/procedures',
      '/new-procedure',
      '/desks',
      '/new-desk',
      '/tokens',
      ...FORMS,
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 200]);
      expect([path, (await ask(path, nuria)).status]).toEqual([path, 404]);
    }
    expect((await ask('/procedures/no-such')).status).toBe(404);
    expect((await ask('/desks/no-such')).status).toBe(404);
  });
});

describe('an administrator', () => {
  test('changes the town file', async () => {
    const sent = await send('/opening', await formOf('/opening'), { 'slots-leadMinutes': '120' });
    expect(sent.to).toBe(`${BASE}/opening?done=saved`);
    expect((await oac()).slots).toEqual({ leadMinutes: 120 });
    expect(await page('/opening?done=saved')).toContain(say('admin.done.saved'));
  });

  test('reads what is wrong beside the field, in their language, and keeps everything typed', async () => {
    const typed = {
      'slots-leadMinutes': 'aviat',
      'slots-buffer': '7',
      'attempts-windowMinutes': '5',
    };
    const { status, html } = await send('/opening', await formOf('/opening'), typed);
    expect(status).toBe(422);
    expect(html).toContain(`href="#slots-leadMinutes"`);
    expect(html).toContain(say('admin.slip.whole', { min: 0, max: 43_200 }));
    expect(html).toContain(say('admin.slip.window', { needed: 20, window: 5 }));
    expect(fieldsIn(html).get('slots-leadMinutes')).toBe('aviat');
    expect(fieldsIn(html).get('slots-buffer')).toBe('7');
    expect((await oac()).slots).toEqual({ leadMinutes: 120 });
  });

  test('adds, moves and removes a document without a script', async () => {
    const path = '/procedures/volant-padro/documents';
    const count = (form: URLSearchParams) => Number(form.get('documents-count'));
    const first = await formOf(path);
    const had = count(first);
    const added = fieldsIn((await send(path, first, { act: 'add:documents' })).html);
    expect(count(added)).toBe(had + 1);
    added.set(`documents-${had}-name-ca`, 'Llibre de família');
    const moved = fieldsIn((await send(path, added, { act: `up:documents-${had}` })).html);
    expect(moved.get(`documents-${had - 1}-name-ca`)).toBe('Llibre de família');
    const fewer = fieldsIn((await send(path, moved, { act: 'remove:documents-0' })).html);
    expect((await send(path, fewer)).status).toBe(303);
    const { documents } = (await oac()).procedures['volant-padro'];
    expect(documents[0]).toMatchObject({ code: 'llibre-de-familia', required: false });
    expect(documents).toHaveLength(had);
  });

  test('adds a procedure, moves it up, retires it and brings it back', async () => {
    const form = await formOf('/new-procedure');
    const texts = { 'name-ca': 'Targeta d’aparcament', 'name-es': 'Tarjeta de aparcamiento' };
    const code = 'targeta-d-aparcament';
    const added = `${BASE}/procedures/${code}?done=saved`;
    expect((await send('/new-procedure', form, texts)).to).toBe(added);
    const codes = async () => Object.keys((await oac()).procedures);
    expect((await codes()).at(-1)).toBe(code);
    const act = (act: string) =>
      send('/procedures', new URLSearchParams({ procedure: code }), { act });
    await act('up');
    expect((await codes()).at(-2)).toBe(code);
    expect((await retire(`procedures/${code}`)).to).toContain('done=retired');
    expect(await codes()).not.toContain(code);
    expect(await page('/procedures')).toContain(say('admin.procedures.retired'));
    expect((await act('back')).to).toBe(`${BASE}/procedures/${code}?done=back`);
    expect((await codes()).at(-1)).toBe(code);
    expect((await oac()).procedures[code]).toMatchObject({ name: { es: texts['name-es'] } });
    // The list of tasks mentions two missing languages.
    expect(await page('')).toContain(`href="${BASE}/procedures/${code}?language=eu"`);
  });

  test('retires the procedure of an act, but not its only one, since the act would then be for all', async () => {
    const office = (await world.offices.find('oac'))!.id;
    const viewer = { kind: 'staff', staff: 1, name: '', office, role: 'administrator' } as const;
    const declare = (procedures: string[]) =>
      createAdministration({
        db: world.database.kysely,
        clock: world.clock,
        unit: testUnit(world.database.kysely, world.clock),
        countDue: countDueEvidence,
      }).edit(
        { ...viewer, desk: null },
        {
          ...{ part: () => null, was: null },
          change: ({ acts, ...rest }) => {
            const { sollicitud } = acts as { sollicitud: object };
            return { ...rest, acts: { sollicitud: { ...sollicitud, procedures } } };
          },
        },
      );
    const names = Object.keys((await oac()).procedures);
    const [kept = '', gone = ''] = [names[0], names.at(-1)];
    const back = (procedure: string) =>
      send('/procedures', new URLSearchParams({ procedure }), { act: 'back' });
    const procedures = async () => (await oac()).acts.sollicitud.procedures;

    expect(await declare([kept, gone])).toMatchObject({ ok: true });
    expect((await retire(`procedures/${gone}`)).status).toBe(303);
    expect(await procedures()).toEqual([kept]);
    await back(gone);

    await declare([gone]);
    const refused = await retire(`procedures/${gone}`);
    expect(refused.status).toBe(409);
    expect(refused.html).not.toContain(say('admin.stranded.title', { count: 0 }));
    expect(refused.html).toContain(`<a href="#${gone}">`);
    expect(refused.html).toContain('Presentar una sol·licitud: ');
    expect(await faultsOf(refused.html)).toEqual([]);
    expect(await procedures()).toEqual([gone]);
    expect(Object.keys((await oac()).procedures)).toContain(gone);
  });

  test('gets the nearest readable colour as a suggestion, and can take it', async () => {
    const refused = await send('/look', await formOf('/look'), { 'look-accent-light': '#ffcc00' });
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(/contrast de 1,\d amb #[0-9a-f]{6}, i en cal 4,5/);
    expect(refused.html).toMatch(/>1,\d : 1</);
    expect(refused.html).not.toMatch(/\d\.\d : 1/);
    const offer = /value="(set:look-accent-light:#[0-9a-f]{6})[^"]*"/.exec(refused.html)?.[1] ?? '';
    const taken = await send('/look', fieldsIn(refused.html), { act: offer });
    expect((await send('/look', fieldsIn(taken.html))).to).toBe(`${BASE}/look?done=saved`);
    expect((await oac()).look.accent.light).toBe(offer.slice(-7));
  });

  test('can’t close a day that has appointments, and sees which ones', async () => {
    const { reference } = await world.book('10:30');
    const begun = fieldsIn(
      (await send('/closures', await formOf('/closures'), { act: 'add:closures' })).html,
    );
    const last = Number(begun.get('closures-count')) - 1;
    const day = { [`closures-${last}-from`]: '2026-11-30' };
    const { status, html } = await send('/closures', begun, day);
    expect(status).toBe(409);
    expect(html).toContain(reference);
    expect(fieldsIn(html).get(`closures-${last}-from`)).toBe('2026-11-30');
    const later = fieldsIn(html);
    const moved = await send('/closures', later, {
      [`closures-${last}-from`]: '2027-08-16',
      [`closures-${last}-to`]: '2027-08-20',
    });
    expect(moved.status).toBe(303);
    expect((await oac()).closures.at(-1)).toEqual({ from: '2027-08-16', to: '2027-08-20' });
  });

  test('sees another person’s changes beside their own, and then saves deliberately', async () => {
    const [mine, theirs] = [await formOf('/notices'), await formOf('/notices')];
    await send('/notices', theirs, { 'notices-perDay': '20', 'notices-lateMinutes': '15' });
    const clash = await send('/notices', mine, {
      ...{ 'notices-perDay': '30', 'notices-reminderMinutes': '45' },
    });
    expect(clash.status).toBe(409);
    const perDay = `${say('admin.group.notices')}: ${say('admin.field.perDay')}`;
    expect(rowsOf(clash.html)).toEqual([
      [perDay, '20', '30'],
      [
        `${say('admin.group.notices')}: ${say('admin.field.lateMinutes')}`,
        '15',
        say('admin.clash.taken'),
      ],
    ]);
    expect((await oac()).notices).toEqual({ perDay: 20, lateMinutes: 15 });
    // The form now has the fields that only the other person changed, and everything typed.
    expect((await send('/notices', fieldsIn(clash.html))).status).toBe(303);
    const all = { perDay: 30, lateMinutes: 15, reminderMinutes: 45 };
    expect((await oac()).notices).toEqual(all);
  });

  test('keeps both changes of different texts or lists, and both additions to one list', async () => {
    const forms = [await formOf('/closures'), await formOf('/closures'), await formOf('/closures')];
    const [mine, theirs, late] = forms as [URLSearchParams, URLSearchParams, URLSearchParams];
    const feasts = Number(mine.get('feastDays-count'));
    const closures = Number(mine.get('closures-count'));
    const day = (form: URLSearchParams, list: string, at: number, from: string) => {
      form.set(`${list}-count`, String(at + 1));
      form.set(`${list}-${at}-from`, from);
    };
    day(theirs, 'closures', closures, '2027-09-01');
    expect((await send('/closures', theirs)).status).toBe(303);
    day(mine, 'feastDays', feasts, '2027-09-02');
    const clash = await send('/closures', mine);
    expect(rowsOf(clash.html)).toEqual([
      [say('admin.field.closures'), '2027-09-01', say('admin.clash.taken')],
    ]);
    expect((await send('/closures', fieldsIn(clash.html))).status).toBe(303);
    day(late, 'closures', closures, '2027-09-03');
    const again = await send('/closures', late);
    expect(rowsOf(again.html)).toEqual([
      [say('admin.field.closures'), '2027-09-01', say('admin.clash.joined')],
      [say('admin.field.feastDays'), '2027-09-02', say('admin.clash.taken')],
    ]);
    expect((await send('/closures', fieldsIn(again.html))).status).toBe(303);
    const { closures: now, feastDays } = await oac();
    expect(now.slice(-2)).toEqual([{ date: '2027-09-03' }, { date: '2027-09-01' }]);
    expect(feastDays.at(-1)).toEqual({ date: '2027-09-02' });
  });

  test('has a place once when two people changed it differently', async () => {
    const [mine, theirs] = [await formOf('/places'), await formOf('/places')];
    mine.set('walkIn-0-phone', '+34938901235');
    theirs.set('walkIn-0-address', 'Carrer de Baix, 3');
    expect((await send('/places', theirs)).status).toBe(303);
    const clash = await send('/places', mine);
    expect(clash.status).toBe(409);
    expect(rowsOf(clash.html).map((cells) => cells[0])).toEqual([say('admin.field.walkIn')]);
    const places = (await oac()).walkIn.length;
    expect((await send('/places', fieldsIn(clash.html))).status).toBe(303);
    expect((await oac()).walkIn).toHaveLength(places);
    expect((await oac()).walkIn[0]).toMatchObject({ phone: '+34938901235' });
  });

  test('doesn’t restore an entry that another person removed, and sees what both have changed', async () => {
    const order = 'Decret 7/2026';
    const person = (form: URLSearchParams, at: number, name: string) => {
      form.set('habilitated-count', String(at + 1));
      for (const [key, text] of Object.entries({
        ...{ email: `${name}@vilaclara.example`, name, post: 'Auxiliar', order },
        since: '2026-01-01',
      }))
        form.set(`habilitated-${at}-${key}`, text);
    };
    const first = await formOf('/acts');
    const count = Number(first.get('habilitated-count'));
    person(first, count, 'rosa');
    expect((await send('/acts', first)).status).toBe(303);

    const [mine, theirs] = [await formOf('/acts'), await formOf('/acts')];
    person(mine, count + 1, 'pere');
    mine.set('acts-0-name-ca', 'Sol·licitud meva');
    theirs.set('acts-0-name-ca', 'Sol·licitud seva');
    const revoked = await send('/acts', theirs, { act: `remove:habilitated-${count}` });
    expect((await send('/acts', fieldsIn(revoked.html))).status).toBe(303);

    const clash = await send('/acts', mine);
    expect(clash.status).toBe(409);
    const [acts, people] = rowsOf(clash.html);
    expect(acts?.[0]).toBe(say('admin.field.acts'));
    expect([acts?.[1], acts?.[2]]).toEqual([
      expect.stringContaining('Sol·licitud seva'),
      expect.stringContaining('Sol·licitud meva'),
    ]);
    expect(people?.[1]).toMatch(/^Tret: rosa@/);
    expect(people?.[2]).toBe(say('admin.clash.joined'));
    expect(await faultsOf(clash.html)).toEqual([]);
    expect((await send('/acts', fieldsIn(clash.html))).status).toBe(303);
    const { acts: saved, habilitated } = await oac();
    const names = habilitated.map((each: { name: string }) => each.name);
    expect([names.includes('rosa'), names.at(-1)]).toEqual([false, 'pere']);
    expect(Object.values(saved)[0]).toMatchObject({ name: { ca: 'Sol·licitud meva' } });

    // One person revokes an official, another person changes the official's post. It stays one person,
    // and both changes are shown.
    const [post, revocation] = [await formOf('/acts'), await formOf('/acts')];
    const last = habilitated.length - 1;
    post.set(`habilitated-${last}-post`, 'Cap');
    revocation.set(`habilitated-${last}-until`, '2026-12-01');
    expect((await send('/acts', revocation)).status).toBe(303);
    const both = await send('/acts', post);
    expect(rowsOf(both.html)).toEqual([
      [
        say('admin.field.habilitated'),
        expect.stringMatching(/pere.*Auxiliar.*2026-12-01/),
        expect.stringMatching(/pere.*Cap/),
      ],
    ]);
    expect(fieldsIn(both.html).get('habilitated-count')).toBe(String(last + 1));
  });

  test('gets a link to another page where an older value is wrong, not to a field of this page', async () => {
    const put = (settings: unknown) =>
      within(world.database.kysely, INSTALLATION, (tx) =>
        tx
          .updateTable('office')
          .set({ settings: JSON.stringify(settings) })
          .where('code', '=', 'oac')
          .execute(),
      );
    const { settings } = await within(world.database.kysely, INSTALLATION, (tx) =>
      tx
        .selectFrom('office')
        .select('settings')
        .where('code', '=', 'oac')
        .executeTakeFirstOrThrow(),
    );
    await put({ ...(settings as object), wording: { late: { note: { ca: 'Porta {res}.' } } } });
    const refused = await send('/office', await formOf('/office'), { 'intro-ca': 'Hola' });
    await put(settings);
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(`<a href="${BASE}/wording?kind=late">`);
    expect(refused.html).toContain(`${say('admin.section.wording')}: `);
    expect(refused.html).not.toContain('href="#name-ca"');
    expect(refused.html).not.toContain('aria-invalid');
    expect(fieldsIn(refused.html).get('intro-ca')).toBe('Hola');
    expect(await faultsOf(refused.html)).toEqual([]);
  });

  test('gives a desk other skills', async () => {
    const form = await formOf('/desks/taula-2');
    form.delete('skills');
    form.append('skills', 'volant-padro');
    expect((await send('/desks/taula-2', form, { all: 'some' })).status).toBe(303);
    expect((await oac()).desks['taula-2'].skills).toEqual(['volant-padro']);
  });

  test('adds a desk, retires it and brings it back, but can’t retire a desk with work ahead', async () => {
    const form = await formOf('/new-desk');
    form.append('languages', 'ca');
    expect((await send('/new-desk', form, { name: 'Taula 9' })).status).toBe(303);
    const desks = async () => Object.keys((await oac()).desks);
    expect(await desks()).toContain('taula-9');
    await retire('desks/taula-9');
    expect(await desks()).not.toContain('taula-9');
    const back = await send('/desks', new URLSearchParams({ desk: 'taula-9' }));
    expect(back.to).toBe(`${BASE}/desks/taula-9?done=deskBack`);
    expect((await oac()).desks['taula-9']).toMatchObject({ name: 'Taula 9', skills: 'all' });
    const refused = await retire('desks/taula-3');
    expect(refused.status).toBe(409);
    expect(refused.html).toContain(`<a href="/console/oac/people">${say('admin.slip.held')}`);
    expect(await desks()).toContain('taula-3');
  });

  test('chooses the languages and their order; desks serve in no other language', async () => {
    const form = await formOf('/languages');
    form.delete('languages');
    for (const each of ['ca', 'es']) form.append('languages', each);
    const sent = await send('/languages', form, { first: 'es', holidays: 'ES-VC' });
    expect(sent.to).toBe(`${BASE}/languages?done=saved`);
    const { languages, holidays, desks } = await oac();
    expect([languages, holidays]).toEqual([['es', 'ca'], 'ES-VC']);
    const spoken = Object.values(desks as Record<string, { languages: string[] }>).flatMap(
      (each) => each.languages,
    );
    expect(spoken.filter((each) => each === 'en' || each === 'eu')).toEqual([]);
    const back = fieldsIn(await page('/languages'));
    for (const each of ['en', 'eu']) back.append('languages', each);
    expect((await send('/languages', back, { first: 'ca', holidays: 'ES-CT' })).status).toBe(303);
    // The same value as the town's: the office stores none of its own.
    expect(await oac()).not.toHaveProperty('languages');
  });

  test('sees the exchange, and can neither change an extension nor lose it', async () => {
    const exchange = {
      ...{ url: 'wss://sip.vilaclara.example', domain: 'sip.vilaclara.example' },
      desks: { 'taula-1': '101' },
    };
    const office = (await world.offices.find('oac'))!.id;
    const operator = { kind: 'staff', staff: 1, name: '', office, role: 'administrator' } as const;
    await createAdministration({
      db: world.database.kysely,
      clock: world.clock,
      unit: testUnit(world.database.kysely, world.clock),
      countDue: countDueEvidence,
    }).edit(
      { ...operator, desk: null },
      {
        ...{ part: () => null, was: null },
        change: (all) => ({ ...all, phone: { ...(all.phone as object), exchange } }),
      },
    );
    const html = await page('/telephone');
    expect(html).toContain('wss://sip.vilaclara.example');
    expect(html).toContain('<td>101</td>');
    const sent = await send('/telephone', fieldsIn(html), {
      ...{ 'phone-prefix': '9', 'phone-exchange-desks-taula-1': '102' },
    });
    expect(sent.status).toBe(303);
    expect((await oac()).phone).toMatchObject({ prefix: '9', exchange });
    const wrong = await send('/telephone', await formOf('/telephone'), { 'phone-prefix': 'nou' });
    expect(wrong.html).toContain(say('admin.slip.prefix'));
  });

  test('sets the procedures of an act, all or some, and keeps the register', async () => {
    const form = await formOf('/acts');
    const procedures = ['volant-padro', 'informacio-tramits'];
    form.delete('acts-0-procedures');
    for (const each of procedures) form.append('acts-0-procedures', each);
    const last = Number(form.get('habilitated-count')) - 1;
    const sent = await send('/acts', form, {
      [`habilitated-${last}-until`]: '2027-01-31',
      'acts-0-text-ca': 'Jo, {ciutada}',
    });
    expect(sent.status).toBe(422);
    expect(sent.html).toContain('href="#acts-0-text-ca"');
    expect(sent.html).toContain('{ciutada} no vol dir res aquí');
    const mended = fieldsIn(sent.html);
    mended.set('acts-0-text-ca', form.get('acts-0-text-es') ?? '');
    expect((await send('/acts', mended)).status).toBe(303);
    const { acts, habilitated } = await oac();
    const [act] = Object.values(acts) as { procedures?: string[] }[];
    expect(act?.procedures?.toSorted()).toEqual(procedures.toSorted());
    expect(habilitated.at(-1)).toMatchObject({ until: '2027-01-31' });
    const ofAll = await formOf('/acts');
    ofAll.delete('acts-0-procedures');
    expect((await send('/acts', ofAll)).status).toBe(303);
    expect(Object.values((await oac()).acts)[0]).not.toHaveProperty('procedures');
  });

  test('keeps at least one outcome, and gives it its own words', async () => {
    const none = await send('/lists', await formOf('/lists'), { 'outcomes-count': '0' });
    expect(none.status).toBe(422);
    expect(none.html).toContain(say('admin.slip.least_one'));
    const own = await send('/lists', await formOf('/lists'), { 'outcomes-0-name-ca': 'Enllestit' });
    expect(own.status).toBe(303);
    expect(Object.values((await oac()).outcomes)[0]).toMatchObject({ name: { ca: 'Enllestit' } });
  });

  test('makes a token that is shown once, and ends it', async () => {
    const { html } = await send('/tokens', new URLSearchParams(), {
      name: 'La web',
      scopes: 'slots:read',
    });
    expect(html).toMatch(/fin_[\w-]{32}/);
    const list = await page('/tokens');
    expect(list).not.toMatch(/fin_[\w-]{32}/);
    const unused = say('admin.tokens.unused', { days: 90, names: 'La web' });
    expect(list).not.toContain(unused);
    await within(world.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('token').set({ last_used_on: '2026-09-01' }).execute(),
    );
    expect(await page('/tokens')).toContain('1/9/2026');
    expect(await page('/tokens')).toContain(unused);
    expect(list).toContain(say('admin.tokens.never'));
    await within(world.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('token').set({ last_used_on: null, watched_since: '2026-11-29' }).execute(),
    );
    const unknown = await page('/tokens');
    expect(unknown).toContain(say('admin.tokens.unknown'));
    expect(unknown).not.toContain(say('admin.tokens.never'));
    expect(unknown).not.toContain(unused);
    const end = /href="[^"]*(\/tokens\/\d+\/end)"/.exec(list)?.[1] ?? '';
    expect(await page(end)).toContain('La web: ');
    expect(await page('/tokens')).toContain(end);
    expect((await send(end, new URLSearchParams())).to).toBe(`${BASE}/tokens?done=revoked`);
    expect(await page('/tokens')).not.toContain(end);
    expect((await ask(end)).status).toBe(404);
  });

  test('leaves the old and the new value on the trail', async () => {
    const trail = await world.app.request('/console/oac/audit?day=2026-11-30', {
      headers: { cookie: albert, 'Accept-Language': 'ca' },
    });
    expect(await trail.text()).toContain('slots.leadMinutes 60 → 120');
  });
});

describe('the pages', () => {
  test.each(LANGUAGES)('are sound HTML in %s', async (language) => {
    const headers = { cookie: `${albert}; staff_language=${language}` };
    const more = [
      '',
      '/procedures',
      '/new-procedure',
      '/desks',
      '/new-desk',
      '/tokens',
      '/wording',
    ];
    const worded = ['soon', 'displaced', 'waiting'].map((each) => `/wording?kind=${each}`);
    for (const path of [...more, ...worded, ...FORMS]) {
      const response = await world.app.request(`${BASE}${path}`, { headers });
      const html = await response.text();
      expect(html).toContain(`<html lang="${language}"`);
      expect([path, await faultsOf(html)]).toEqual([path, []]);
    }
  });

  test('are sound HTML with what is wrong in them', async () => {
    const wrong = { 'channels-phone': 'x', act: 'save' };
    const { html } = await send('/new-procedure', await formOf('/new-procedure'), wrong);
    expect(await faultsOf(html)).toEqual([]);
    const begun = await send('/new-procedure', fieldsIn(html), { act: 'add:documents' });
    expect(await faultsOf(begun.html)).toEqual([]);
    const clash = await send('/notices', await formOf('/notices'), {
      was: 'x',
      'notices-perDay': '9',
    });
    expect(await faultsOf(clash.html)).toEqual([]);
  });
});
