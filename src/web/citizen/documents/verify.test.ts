import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { digitsOf } from '../../../domain/one-time-code.ts';
import { provedCitizen } from '../../../features/booking/proof/testing.ts';
import { codeFrom, grouped, RANDOM_SIGNS } from '../../../features/service/verification/rules.ts';
import { newCode } from '../../../features/service/verification/service.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { installationKey } from '../../../lib/secrets.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { bookThrough, faultsOf, MARIA, type TestTown, testTown, WEDNESDAY } from '../testing.ts';

const say = translateTo('ca');
const bytes = randomBytes(200_000);
let town: TestTown;
let office: Office;
let appointment: Appointment;
let secret: string;
let nth = 0;

beforeAll(async () => {
  town = await testTown();
  office = (await town.deps.offices.find('oac'))!;
});
afterAll(() => town.close());
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  nth++;
  const person = { phone: `612 345 ${String(100 + nth)}`, email: `m${nth}@example.cat` };
  const { manage } = await bookThrough(town, { ...MARIA, ...person }, { nth });
  secret = manage.split('/')[3] ?? '';
  appointment = (await town.deps.appointments.bySecret(secret))!;
});

const staff = (): StaffViewer => ({
  ...{
    kind: 'staff',
    staff: 1,
    name: 'Núria',
    office: office.id,
    role: 'coordinator',
    desk: null,
  },
});
const proved = () => provedCitizen(appointment.id);

/** Adds a checked result; returns its id and its code. */
async function give(name = 'Volant de la Maria Puig.pdf'): Promise<{ id: string; code: string }> {
  const { documents } = town.deps;
  const result = { kind: 'outbox', requested: null, name, type: 'application/pdf' } as const;
  const viewer = staff();
  const given = { ...result, code: newCode() };
  const kept = await documents.keep(viewer, office, appointment.id, given, bytes);
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  await documents.pass();
  const entries = await documents.list(proved(), office, appointment.id);
  return { id: kept.id, code: entries?.find((each) => each.id === kept.id)?.code ?? '' };
}
/** Types the one-time code; returns the cookie that remembers it. */
async function unlock(papers: string): Promise<string> {
  await town.post(`${papers}/code`, { next: 'documents' });
  const { facts } = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('notice')
      .select('facts')
      .where('kind', '=', 'code')
      .where('appointment_id', '=', appointment.id)
      .executeTakeFirstOrThrow(),
  );
  const key = installationKey(Buffer.alloc(32, 7));
  const code = digitsOf(key, (facts as { code: string }).code);
  const { headers } = await town.post(`${papers}/code`, { next: 'documents', code });
  return headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
const unknown = codeFrom(new Uint8Array(RANDOM_SIGNS).fill(3));
const seen = async () => (await town.deps.documents.seen(proved(), office, appointment.id)) ?? [];
const send = (what: string, code: string) =>
  town.send(`/ca/verify${what}`, { method: 'POST', body: new URLSearchParams({ code }) });
/** Returns bytes, which the test's page would decode. */
const download = async (what: 'file' | 'eni', code: string) => {
  const request = new Request(`http://localhost/ca/verify/${what}`, {
    method: 'POST',
    body: new URLSearchParams({ code }),
  });
  const answer = await town.fetch(request);
  return { headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

describe('the holder of a code', () => {
  test('reads which office issued the document, in every language, and no name', async () => {
    const { code } = await give();
    const titles = new Set<string>();
    for (const language of LANGUAGES) {
      const page = await town.post(`/${language}/verify`, { code });
      expect(page.status).toBe(200);
      expect(page.headers.get('Cache-Control')).toBe('no-store');
      expect(page.html).not.toMatch(/Maria|Puig|Volant/);
      expect(page.html).toContain(grouped(code));
      expect(page.html).toContain(createHash('sha256').update(bytes).digest('hex'));
      expect(await faultsOf(page.html)).toEqual([]);
      titles.add(/<h1>(.*?)<\/h1>/.exec(page.html)?.[1] ?? '');
    }
    expect(titles.size).toBe(4);
    const { html } = await town.post('/ca/verify', { code: grouped(code).toLowerCase() });
    expect(html).toContain('Oficina d’Atenció Ciutadana');
    expect(html).toContain('25 de novembre del 2026');
    expect(html).toMatch(/PDF, 200\skB/);
  });

  test('downloads the original, byte by byte, under a file name without personal data', async () => {
    const { code } = await give();
    const { headers, bytes: got } = await download('file', code);
    expect(got.equals(bytes)).toBe(true);
    const shown = headers.get('Content-Disposition');
    expect(shown).toMatch(/^attachment; filename="document-[0-9A-Z]{4}\.pdf"/);
    expect(headers.get('Content-Security-Policy')).toMatch(/^sandbox; /);
  });

  test('downloads it for another public office, with its code and its rules', async () => {
    const { code } = await give();
    const { headers, bytes: got } = await download('eni', code);
    expect(headers.get('Content-Type')).toBe('application/xml');
    expect(Number(headers.get('Content-Length'))).toBe(got.length);
    const xml = got.toString();
    expect(xml).toContain(`<enids:ValorCSV>${code}<`);
    expect(xml).toContain(`<enidocmeta:Organo>${office.settings.dir3}<`);
    expect(xml).toContain('Decret d’Alcaldia 2026/418');
    const inside = /ValorBinario>([^<]*)</.exec(xml)?.[1] ?? '';
    expect(Buffer.from(inside, 'base64').equals(bytes)).toBe(true);
  });

  test('leaves an anonymous trace with each download; opening a link leaves none', async () => {
    const { code } = await give();
    const form = await town.get(`/ca/verify?code=${code}`);
    expect(form.html).toContain(`>${grouped(code)}</textarea>`);
    expect(form.headers.get('Cache-Control')).toBe('no-store');
    expect(await seen()).toEqual([]);
    await send('', code);
    await download('file', code);
    expect((await seen()).map((each) => each.by)).toEqual(['verifier', 'verifier']);
  });
});

describe('a code without a document', () => {
  test('is reported with the mistake, beside the field, with the typed text', async () => {
    const { code } = await give();
    const wrong = code.replace(/^./, code.startsWith('A') ? 'B' : 'A');
    for (const [typed, text] of [
      ['', say('verification.missing')],
      ['abc', say('verification.length', { signs: 3 })],
      [wrong, say('verification.mistyped')],
      [unknown, say('verification.unknown')],
    ] as const)
      for (const what of ['', '/file', '/eni']) {
        const page = await send(what, typed);
        expect([page.status, page.html.includes(text)]).toEqual([422, true]);
        const shown = typed === unknown ? grouped(typed) : typed;
        expect(page.html).toContain(`>${shown}</textarea>`);
        expect(await faultsOf(page.html)).toEqual([]);
      }
    expect(await seen()).toEqual([]);
  });

  test('gets the same answer, whether it is unknown or its document can’t be opened', async () => {
    const { code } = await give('virus.pdf');
    const [one, other] = [await send('', code), await send('', unknown)];
    const without = (html: string, of: string) =>
      html.replaceAll(grouped(of), '…').replaceAll(/draft=[\w-]+/g, '');
    expect(without(one.html, code)).toBe(without(other.html, unknown));
    expect(one.status).toBe(other.status);
  });

  test('gets a short answer, however long the typed text', async () => {
    const page = await town.post('/ca/verify', { code: 'A'.repeat(50_000) });
    expect(page.status).toBe(422);
    expect(page.html.length).toBeLessThan(20_000);
  });
});

describe('in the end', () => {
  test('a document that is no longer kept says so, and gives nothing', async () => {
    const { code } = await give();
    const days = office.settings.retention.evidenceDays;
    town.clock.set(appointment.end.add({ hours: 24 * days }).toString());
    await town.deps.documents.destroy(office);
    for (const what of ['', '/file', '/eni']) {
      const page = await send(what, code);
      expect(page.status).toBe(410);
      expect(page.html).toContain(say('verification.expired.title'));
      expect(await faultsOf(page.html)).toEqual([]);
    }
  });

  test('a removed document says so', async () => {
    const { id, code } = await give();
    await town.deps.documents.withdraw(staff(), office, appointment.id, id);
    for (const language of LANGUAGES) {
      const page = await town.post(`/${language}/verify`, { code });
      expect(page.status).toBe(410);
      expect(page.html).toContain(translateTo(language)('verification.withdrawn.title'));
      expect(await faultsOf(page.html)).toEqual([]);
    }
  });
});

describe('the citizen', () => {
  test('reads the verification code only after the one-time code, with the address and the end; and exports the document', async () => {
    const { id, code } = await give();
    const papers = `/ca/appointment/${secret}/documents`;
    expect((await town.get(papers)).html).not.toContain(grouped(code));
    expect((await town.get(`${papers}/${id}/eni`)).html).not.toContain('<enidoc');
    const proof = { Cookie: await unlock(papers) };
    const page = await town.get(papers, proof);
    expect(page.html).toContain(grouped(code));
    expect(page.html).toContain('http://localhost/ca/verify');
    expect(await faultsOf(page.html)).toEqual([]);
    const eni = await town.get(`${papers}/${id}/eni`, proof);
    expect(eni.html).toContain(`<enids:ValorCSV>${code}<`);
    await send('', code);
    const opened = await town.get(`${papers}/seen`, proof);
    expect(opened.html).toContain(say('documents.seen.verifier'));
    expect(await faultsOf(opened.html)).toEqual([]);
  });
});
