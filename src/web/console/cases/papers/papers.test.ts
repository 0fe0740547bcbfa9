import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../../domain/office/types.ts';
import {
  holderOf,
  sampleForm,
  staffOf,
  stepTo,
} from '../../../../features/service/cases/testing.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { faultsOf } from '../../../citizen/testing.ts';
import { type ConsoleWorld, consoleWorld, MARTA, NURIA } from '../../testing.ts';

const OPERATOR = { kind: 'system', why: 'operator' } as const;
const INBOX = '/console/oac/cases';
let world: ConsoleWorld;
let office: Office;
let [marta, nuria] = ['', ''];

beforeAll(async () => {
  world = await consoleWorld();
  office = (await world.offices.find('oac'))!;
  const planol = { id: 'planol', type: 'file', most: 3, label: { ca: 'Plànol' } };
  const dni = { id: 'dni', type: 'file', label: { ca: 'DNI' } };
  const gent = { id: 'gent', type: 'group', label: { ca: 'Gent' }, questions: [dni] };
  const steps = [{ id: 'local', questions: [planol, gent] }];
  await world.forms.publish(OPERATOR, office, sampleForm({ steps }));
  const en = (cookie: string) => `${cookie}; staff_language=en`;
  marta = en(await world.signIn(MARTA));
  nuria = en(await world.signIn(NURIA));
});
afterAll(() => world.close());

const get = (path: string, cookie = nuria) => world.app.request(path, { headers: { cookie } });
const html = async (path: string) => (await get(path)).text();
const BYTES = Buffer.from('%PDF-1.7\nplan');
const plan = { question: 'local.planol' };

const add = (id: string, at: { question: string; item?: string }, name: string) =>
  world.cases.addPaper(holderOf(id), office, id, at, {
    ...{ name, type: 'application/pdf', bytes: BYTES },
  });

async function begin(): Promise<string> {
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  return (await world.cases.begin(holderOf(''), office, what))!;
}

/** Hands a case in with files that are not checked yet. */
async function handedIn(...names: string[]): Promise<string> {
  const id = await begin();
  for (const name of names) await add(id, plan, name);
  world.clock.advance({ seconds: 120 });
  const done = await world.cases.handIn(holderOf(id), office, id);
  if (!done.ok) throw new Error(done.reason);
  return id;
}

const coordinator = () => staffOf(office, 'coordinator');
const agent = () => staffOf(office, 'agent');

const seenIn = (page: string) => /name="seen" value="([^"]*)"/.exec(page)?.[1] ?? '';

/** Returns where a file is downloaded on a page; null: it does not open. */
const linkOf = (page: string, name: string): string | null =>
  new RegExp(`href="([^"]+)" download="${name}"`).exec(page)?.[1] ?? null;

test('a file opens from the page of its case once it was checked, for who handles it, and each look is on the trail', async () => {
  const id = await handedIn('plan.pdf');
  const at = `${INBOX}/${id}`;
  const waiting = await html(at);
  expect(linkOf(waiting, 'plan.pdf')).toBeNull();
  expect(waiting).toContain('It can be opened when its check has ended.');
  await world.documents.pass();
  const page = await html(at);
  expect(await faultsOf(page)).toEqual([]);
  const link = linkOf(page, 'plan.pdf')!;
  expect(link).toMatch(new RegExp(`^${at}/papers/[-\\da-f]{36}$`));
  const file = await get(link);
  expect(file.status).toBe(200);
  expect(file.headers.get('Content-Disposition')).toContain('attachment');
  expect(Buffer.from(await file.arrayBuffer()).equals(BYTES)).toBe(true);
  const looks = await within(world.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('audit').select('data').where('action', '=', 'document_opened').execute(),
  );
  expect(looks.filter(({ data }) => data['case'] === id)).toHaveLength(1);
  // An agent opens it until somebody else handles the case. It is of no other case.
  expect((await get(link, marta)).status).toBe(200);
  const body = new URLSearchParams({ to: 'me', seen: seenIn(page) });
  const headers = { cookie: nuria, 'Content-Type': 'application/x-www-form-urlencoded' };
  await world.app.request(`${at}/assignee`, { method: 'POST', headers, body });
  expect((await get(link, marta)).status).toBe(404);
  expect((await get(link.replace(id, await handedIn('plan.pdf')))).status).toBe(404);
});

test('a file that the antivirus can’t look into opens once a coordinator lets it through, and nobody else can', async () => {
  const id = await handedIn('locked.pdf', 'virus.pdf');
  await world.documents.pass();
  const { papers } = (await world.cases.open(coordinator(), office, id))!;
  const [locked, virus] = ['locked.pdf', 'virus.pdf'].map((name) =>
    papers.find((each) => each.name === name),
  );
  const at = (paper: typeof locked) => `${INBOX}/${id}/papers/${paper?.id}/release`;
  const send = (path: string, cookie: string) =>
    world.app.request(path, { method: 'POST', headers: { cookie } });
  const asAgent = await (await get(`${INBOX}/${id}`, marta)).text();
  expect(asAgent).toContain('Only a coordinator can let it through.');
  expect(asAgent).not.toContain(at(locked));
  expect((await send(at(locked), marta)).status).toBe(404);
  expect(await world.cases.releasePaper(agent(), office, id, locked!.id)).toBeNull();
  const page = await html(`${INBOX}/${id}`);
  expect(page).toContain(at(locked));
  expect(page).not.toContain(at(virus));
  expect(await faultsOf(page)).toEqual([]);
  expect((await send(at(virus), nuria)).headers.get('Location')).not.toContain('released');
  expect((await send(at(locked), nuria)).headers.get('Location')).toContain('done=released');
  const after = await html(`${INBOX}/${id}`);
  expect(linkOf(after, 'locked.pdf')).not.toBeNull();
  expect(linkOf(after, 'virus.pdf')).toBeNull();
  expect((await send(at(locked), nuria)).headers.get('Location')).not.toContain('released');
});

test('a file of what somebody is still writing is released by nobody', async () => {
  const id = await begin();
  await add(id, plan, 'locked.pdf');
  await world.documents.pass();
  const { papers } = (await world.cases.open(holderOf(id), office, id))!;
  expect(await world.cases.releasePaper(coordinator(), office, id, papers[0]!.id)).toBeNull();
});

test('a file that its check refused after it was handed in is told in the inbox, at its question and in the history', async () => {
  const id = await handedIn('virus.pdf', 'locked.pdf');
  const { reference } = (await world.cases.open(coordinator(), office, id))!.case;
  expect(await html(`${INBOX}?reference=${reference}`)).not.toContain('File refused');
  await world.documents.pass();
  expect(await html(`${INBOX}?reference=${reference}`)).toContain('File refused');
  const page = await html(`${INBOX}/${id}`);
  expect(await faultsOf(page)).toEqual([]);
  expect(linkOf(page, 'virus.pdf')).toBeNull();
  expect(page).toContain('ask the person for another one');
  expect(page).toContain('The antivirus could not check it');
  expect(page).toContain('The check refused a file.');
  // Once the case goes on, it is no news.
  world.clock.advance({ seconds: 1 });
  await stepTo(
    { db: world.database.kysely, clock: world.clock },
    coordinator(),
    office,
    id,
    'in-review',
  );
  expect(await html(`${INBOX}?reference=${reference}`)).not.toContain('File refused');
});

test('files of things of a group open too', async () => {
  const id = await begin();
  await world.cases.answerItem(holderOf(id), office, id, { group: 'local.gent', do: 'add' });
  const { draft } = (await world.cases.open(holderOf(id), office, id))!;
  const { gent } = draft.answers['local'] as { gent: { $key: string }[] };
  await add(id, { question: 'local.gent.dni', item: gent[0]!.$key }, 'dni.pdf');
  await world.documents.pass();
  await world.cases.handIn(holderOf(id), office, id);
  const link = linkOf(await html(`${INBOX}/${id}`), 'dni.pdf')!;
  expect((await get(link)).status).toBe(200);
});
