import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Card } from '../../../../e2e/support/autofirma/pades.ts';
import {
  autofirma,
  type Behaviour,
  fetchRequest,
} from '../../../../e2e/support/autofirma/program.ts';
import { peopleAuthority, subjectOf } from '../../../connectors/signature/autofirma/testing.ts';
import { noteReading } from '../../../features/service/signatures/store.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { NO_TOOLS, run, testFolder } from '../../../lib/seal/testing.ts';
import { type IdentifiedBrowser, identified } from '../../testing/identified.ts';
import { APPLY, formOf, publish } from '../cases/testing.ts';
import { type TestTown, testTown, WEDNESDAY } from '../testing.ts';

const ROSA = '12345678Z';
const AMINA = 'X0000000T';
const STEPS = [{ id: 'local', questions: [{ id: 'rotul', type: 'text', label: { ca: 'Rètol' } }] }];
const folder = testFolder();
let town: TestTown;
let rosa: IdentifiedBrowser;
let card: Card;
let others: Card;

beforeAll(async () => {
  const authority = await peopleAuthority();
  card = await authority.card({ subject: subjectOf(ROSA) });
  others = await authority.card({ subject: subjectOf(AMINA) });
  town = await testTown(undefined, [new X509Certificate(authority.root.der)]);
});
afterAll(async () => {
  await town.close();
  folder[Symbol.dispose]();
});
beforeEach(async () => {
  town.clock.set(WEDNESDAY);
  await publish(town, formOf({ sign: 'valid', steps: STEPS }));
  rosa = await identified(town, ROSA);
});

/** The program asks our servlets without anything of the browser. */
const send = async (url: string, body: string): Promise<string> => {
  const answer = await town.fetch(new Request(url, { method: 'POST', body }));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Content-Type')).toContain('text/plain');
  return answer.text();
};

const seenOn = (html: string): string => /name="seen" value="(\d+)"/.exec(html)?.[1] ?? '';

/** A case with an answer, at the page of the signature. */
async function filled(browser = rosa) {
  const { path: at } = await browser.post(APPLY);
  await browser.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Pi' });
  return at;
}

/** Goes from the check to the page that opens AutoFirma. */
async function atProgram(at: string, browser = rosa) {
  const seen = seenOn((await browser.get(`${at}/check`)).html);
  const sent = await browser.post(`${at}/check`, { seen });
  const { html } = await browser.get(sent.path);
  expect(html).toContain('Signa amb AutoFirma');
  const { path } = await browser.post(`${at}/sign`, { seen: seenOn(html), way: 'autofirma' });
  return { path, state: new URL(path, 'http://localhost').searchParams.get('state') ?? '' };
}

const opensOn = (html: string): string =>
  (/href="(afirma:[^"]+)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');

const signs = async (path: string, behaviour: Behaviour = {}, by = card, browser = rosa) =>
  autofirma(opensOn((await browser.get(path)).html), by, send, behaviour);

const back = (state: string, answer = 'look', browser = rosa) =>
  browser.get(`/signature/return?state=${state}&answer=${answer}`);

describe.skipIf(NO_TOOLS)('a form that is signed with AutoFirma', () => {
  test('is chosen, read, signed and handed in without scripts, and the signed PDF is kept', async () => {
    const at = await filled();
    const choice = await rosa.get(
      (await rosa.post(`${at}/check`, { seen: seenOn((await rosa.get(`${at}/check`)).html) })).path,
    );
    expect(choice.html).toContain('Tria com');
    expect(choice.html).toContain('Ves a la signatura de demostració');
    const { path, state } = await atProgram(at);
    const page = await rosa.get(path);
    expect(page.html).toContain('Obre AutoFirma');
    expect(page.html).toContain('Instal·la AutoFirma');
    expect(page.headers.get('Refresh')).toBeNull();
    const document = await rosa.send(`/ca/signature/program/document?state=${state}`, {});
    expect(document.headers.get('Content-Disposition')).toMatch(/^attachment; .*\.pdf/);
    // Nothing has come yet: the page waits, and looks again.
    const waiting = await rosa.get((await back(state)).path);
    expect(waiting.html).toContain('Encara no ha arribat res d’AutoFirma');
    const refresh = (n: number) =>
      `10; url=/ca/signature/program?${new URLSearchParams({ state, waits: String(n) })}`;
    expect(waiting.headers.get('Refresh')).toBe(refresh(2));
    const looked = async (n: number) => rosa.get(refresh(n).split('url=')[1] ?? '');
    expect((await looked(18)).headers.get('Refresh')).toBe(refresh(19));
    // It does so for three minutes, not for ever.
    const tired = await looked(19);
    expect(tired.headers.get('Refresh')).toBeNull();
    expect(tired.html).toContain('aquesta pàgina ja no ho mira sola');
    expect(await signs(path)).toBe('OK');
    // The page that waits leads on by itself.
    const led = await rosa.get(path);
    expect(led.path).toBe(`/signature/return?state=${state}`);
    expect((await rosa.get(led.path)).path).toBe(`${at}/done`);
    const done = await rosa.get(`${at}/done`);
    expect(done.html).toContain('amb AutoFirma i un certificat de AC de prova Usuaris');
    expect(done.html).toContain('No s’ha pogut preguntar si estava revocat');
    const receipt = await rosa.get(`${at}/receipt`);
    expect(receipt.html).toContain('Amb AutoFirma');
    // The record says whose signature it is, and the signed PDF has the record's hash.
    const file = await bytesOf(`${at}/signature`);
    const content = await bytesOf(`${at}/signature/content`);
    const text = run('pdftotext', folder.at('signed.pdf', file), '-').replaceAll(/\s/g, '');
    expect(text).toContain(createHash('sha256').update(content).digest('hex'));
    expect(text).toContain('BarPi');
    expect(run('pdfsig', '-nocert', folder.at('signed.pdf', file))).toContain(
      'Signature is Valid.',
    );
    for (const other of [await identified(town, AMINA), town])
      expect((await other.get(`${at}/signature`)).html).not.toContain('%PDF');
    expect(await exchanges()).toBe(0);
  });

  const bytesOf = async (path: string): Promise<Buffer> => {
    const request = new Request(`http://localhost${path}`);
    request.headers.set('Cookie', rosa.cookie());
    return Buffer.from(await (await town.fetch(request)).arrayBuffer());
  };

  test('is handed in when the browser never comes back: by the job', async () => {
    const at = await filled();
    const { path, state } = await atProgram(at);
    await signs(path);
    await town.deps.signatures.settle();
    expect(await signed(state)).toEqual({ signature: 'signed', failure: null, case: 'registered' });
    expect(await exchanges()).toBe(0);
    expect((await back(state)).path).toBe(`${at}/done`);
  });

  test('is read once, also when the server ends meanwhile', async () => {
    const { path, state } = await atProgram(await filled());
    await signs(path);
    const begun = { signature: 'begun', failure: null, case: 'draft' };
    const [id = ''] = state.split('.');
    await within(town.database.kysely, INSTALLATION, (tx) => noteReading(tx, id, town.clock.now()));
    // Somebody may be reading it: nobody else does, and the page waits.
    await town.deps.signatures.settle();
    expect(await signed(state)).toEqual(begun);
    const { path: waiting } = await back(state);
    expect(waiting).toContain('waits=1');
    expect((await rosa.get(waiting)).html).toContain('Encara no ha arribat res d’AutoFirma');
    // Nobody is any more.
    town.clock.set(town.clock.now().add({ minutes: 3 }).toString());
    await town.deps.signatures.settle();
    expect(await signed(state)).toEqual({ ...begun, signature: 'failed', failure: 'refused' });
    expect(await exchanges()).toBe(0);
    expect((await rosa.get((await back(state)).path)).html).toContain('no ho hem acceptat');
  });

  test.each<[string, Behaviour, () => Card, string]>([
    ['they cancel there', { does: 'cancel' }, () => card, 'Has sortit sense signar'],
    ['it fails', { does: 'fail' }, () => card, 'AutoFirma no ho ha pogut signar'],
    ['it finds no certificate', { does: 'finds none' }, () => card, 'cap certificat teu'],
    ['another person signs', {}, () => others, 'amb el certificat d’una altra persona'],
    ['something else comes back', { after: '\n%%EOF' }, () => card, 'no ho hem acceptat'],
  ])('is not signed when %s, and can be signed again', async (_, behaviour, by, words) => {
    const at = await filled();
    const { path, state } = await atProgram(at);
    expect(await signs(path, behaviour, by())).toBe('OK');
    const led = await rosa.get((await back(state)).path);
    expect(led.html).toContain(words);
    // What is put afterwards is of nothing any more.
    expect((await back(state)).path).toMatch(/\/sign\?seen=\d+$/);
    expect(await exchanges()).toBe(0);
    const again = await atProgram(at);
    await signs(again.path);
    expect((await back(again.state)).path).toBe(`${at}/done`);
  });

  test('is not signed when answers are changed meanwhile', async () => {
    const at = await filled();
    const { path, state } = await atProgram(at);
    await rosa.post(`${at}/local/rotul`, { 'q-rotul_': 'Bar Roure' });
    await signs(path);
    const check = await rosa.get((await rosa.get((await back(state)).path)).path);
    expect(check.html).toContain('Vas canviar respostes mentre signaves');
  });

  test('is left without signing, and then the program’s answer is too late', async () => {
    const at = await filled();
    const { path, state } = await atProgram(at);
    const opens = opensOn((await rosa.get(path)).html);
    const asked = await fetchRequest(opens, send);
    expect((await rosa.get(path)).html).toContain('AutoFirma té el document');
    const left = await back(state, 'cancel');
    expect((await rosa.get(left.path)).html).toContain('Has sortit sense signar');
    const late = await send(
      asked.parameters.get('stservlet') ?? '',
      `op=put&v=1_0&id=${asked.parameters.get('id')}&dat=abc`,
    );
    expect(late).toMatch(/^ERR-06:=/);
  });

  test('ends after half an hour, also for the program', async () => {
    const at = await filled();
    const { path, state } = await atProgram(at);
    const opens = opensOn((await rosa.get(path)).html);
    town.clock.set('2026-11-25T08:01:00+01:00');
    await expect(fetchRequest(opens, send)).rejects.toThrow('SAF_16: ERR-06');
    const led = await rosa.get((await rosa.get(path)).path);
    expect(led.path).toMatch(/\/sign\?seen=/);
    // Their session has ended meanwhile too.
    const again = await identified(town, ROSA);
    expect((await again.get(led.path)).html).toContain('Ha passat massa temps');
    expect((await back(state)).path).toMatch(/\/sign\?seen=/);
  });

  test('that is signed in time counts, however late the browser is back', async () => {
    const at = await filled();
    const { path, state } = await atProgram(at);
    await signs(path);
    town.clock.set('2026-11-25T08:20:00+01:00');
    expect((await back(state)).path).toBe(`${at}/done`);
  });

  test('is opened, read and signed from no other browser', async () => {
    const at = await filled();
    const { path, state } = await atProgram(at);
    for (const other of [await identified(town, AMINA), await identified(town, ROSA)]) {
      const sent = await other.get(path);
      expect(sent.html).not.toContain('afirma:');
      expect((await other.get(sent.path)).status).toBe(409);
      expect((await other.get(`/ca/signature/program/document?state=${state}`)).status).toBe(404);
      expect((await back(state, 'cancel', other)).status).toBe(409);
    }
    await signs(path);
    expect((await back(state)).path).toBe(`${at}/done`);
  });

  test('can’t be signed by the ordinary signature where its form asks for a certificate', async () => {
    await publish(town, formOf({ sign: 'autofirma', steps: STEPS }));
    const at = await filled();
    const { path, state } = await atProgram(at);
    const page = await rosa.get(`${at}/sign?seen=${seenOn((await rosa.get(`${at}/check`)).html)}`);
    expect(page.html).not.toContain('demostració');
    const sent = await rosa.post(`${at}/sign`, { seen: seenOn(page.html), way: 'valid' });
    expect(sent.path).toContain('/signature/program?');
    await signs(path);
    expect((await back(state)).path).toBe(`${at}/done`);
  });
});

/** How it stands with an attempt and its case. */
const signed = (state: string) =>
  within(town.database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('case_signature as s')
      .innerJoin('case_file as c', 'c.id', 's.case_id')
      .select(['s.state as signature', 's.failure', 'c.state as case'])
      .where('s.id', '=', state.split('.')[0] ?? '')
      .executeTakeFirstOrThrow(),
  );

/** How many requests to programs are kept. */
const exchanges = () =>
  within(town.database.kysely, INSTALLATION, async (tx) => {
    const { count } = await tx
      .selectFrom('signature_exchange as e')
      .innerJoin('case_signature as s', 's.id', 'e.signature_id')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('s.state', '<>', 'begun')
      .executeTakeFirstOrThrow();
    return Number(count);
  });

describe('the servlets of AutoFirma', () => {
  const at = (name: 'retrieve' | 'storage') => `http://localhost/signature/program/${name}`;

  test('say that they are here', async () => {
    for (const name of ['retrieve', 'storage'] as const) {
      expect(await send(at(name), 'op=check')).toBe('OK');
      expect((await town.get(`/signature/program/${name}?op=check`)).html).toBe('OK');
    }
  });

  test.each([
    ['', 'ERR-00'],
    ['v=1_0&id=x', 'ERR-00'],
    ['op=put', 'ERR-20'],
    ['op=get', 'ERR-20'],
    ['op=steal&v=1_0', 'ERR-01'],
    ['id=', 'ERR-00'],
  ])('refuse %j as those of AutoFirma do', async (body, code) => {
    for (const name of ['retrieve', 'storage'] as const)
      expect(await send(at(name), body)).toContain(`${code}:=`);
  });

  test.each([
    ['none', ''],
    ['a short one', 'x'],
    ['a path', '../../etc/passwd'],
    ['one of the right length', 'A'.repeat(20)],
    ['a part of SQL', "' or 1=1"],
    ['a NUL', '%00'],
    ['a long one', 'A'.repeat(5_000)],
  ])('have nothing under an identifier that nobody was given: %s', async (_, id) => {
    expect(await send(at('retrieve'), `op=get&v=1_0&id=${id}`)).toMatch(/^ERR-0[56]:=/);
    expect(await send(at('storage'), `op=put&v=1_0&id=${id}&dat=x`)).toMatch(/^ERR-0[56]:=/);
  });

  test('read no more of a body than it takes to see that nobody waits for it', async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        const part = pulled === 0 ? `op=put&v=1_0&id=${'A'.repeat(20)}&dat=` : 'A'.repeat(10_000);
        controller.enqueue(new TextEncoder().encode(part));
        pulled += 1;
        if (pulled === 600) controller.close();
      },
    });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const answer = await town.fetch(new Request(at('storage'), init));
    expect(await answer.text()).toMatch(/^ERR-06:=/);
    expect(pulled).toBeLessThan(10);
  });

  test('give a request once, and take an answer once', async () => {
    const { path, state } = await atProgram(await filled());
    const opens = opensOn((await rosa.get(path)).html);
    const asked = await fetchRequest(opens, send);
    await expect(fetchRequest(opens, send)).rejects.toThrow('SAF_16: ERR-06');
    const put = (data: string) =>
      send(at('storage'), `op=put&v=1_0&id=${asked.parameters.get('id')}&dat=${data}`);
    expect(await put('#WAIT')).toBe('OK');
    expect((await rosa.get(path)).html).toContain('AutoFirma té el document');
    expect(await put('CANCEL')).toBe('OK');
    expect(await put('abc')).toMatch(/^ERR-06:=/);
    expect((await rosa.get((await back(state)).path)).html).toContain('Has sortit sense signar');
  });

  test.each([
    ['too much', 'A'.repeat(6_100_000)],
    ['nothing', ''],
    ['what is not well encoded', '%E0%A4%A'],
  ])('tell whoever waits, and not the program, that it put %s', async (_, data) => {
    const { path, state } = await atProgram(await filled());
    const asked = await fetchRequest(opensOn((await rosa.get(path)).html), send);
    const id = asked.parameters.get('id');
    expect(await send(at('storage'), `op=put&v=1_0&id=${id}&dat=${data}`)).toBe('OK');
    const led = await rosa.get((await back(state)).path);
    expect(led.html).toContain('No s’ha signat res');
  });
});
