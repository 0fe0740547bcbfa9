import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appointment } from '../../../../domain/appointment.ts';
import { formSchema } from '../../../../domain/form/schema.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { countTry, insertCode } from '../../../../features/booking/proof/service.ts';
import { pdf } from '../../../../features/service/documents/checks/testing/files.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import type { ApplicantViewer } from '../../../../lib/viewer.ts';
import { openWorld, type World } from '../../../testing/recorded/world.ts';

/* A document is an answer of a case and stays in its appointment, as one stored object: docs/adr/0108. */

let world: World;
let office: Office;
const BYTES = pdf();
const AT = { question: 'local.titol' };

beforeAll(async () => {
  world = await openWorld();
  office = await world.office();
  const file = (id: string) => ({ id, type: 'file', label: { ca: id }, accept: ['pdf'], most: 2 });
  const steps = [{ id: 'local', questions: [file('titol'), file('altre')] }];
  const form = formSchema.parse({ procedure: 'volant-padro', steps });
  await world.context.forms.publish({ kind: 'system', why: 'operator' }, office, form);
}, 120_000);
afterAll(() => world.close());

const tables = <T>(work: Parameters<typeof within<T>>[2]) =>
  within(world.house.database.kysely, INSTALLATION, work);

/** Returns the names of all stored objects. */
async function stored(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of world.context.blobs.list()) names.push(name);
  return names.sort();
}

/** Says that the antivirus has looked at a document. */
const clean = (id: string) =>
  tables((tx) =>
    tx
      .updateTable('document')
      .set({ state: 'clean', type: 'application/pdf', check_at: null })
      .where('id', '=', id)
      .execute(),
  );

/** A document that a citizen has sent for an appointment. */
async function sent(appointment: Appointment, isClean = true): Promise<string> {
  const document = { kind: 'inbox' as const, requested: null, name: 'Títol.pdf' };
  const kept = await world.context.documents.keep(
    world.citizen(appointment),
    office,
    appointment.id,
    { ...document, id: crypto.randomUUID(), type: 'application/pdf' },
    BYTES,
  );
  if (!kept.ok) throw new Error(kept.reason);
  if (isClean) await clean(kept.id);
  return kept.id;
}

/** A draft that was begun in an encounter, whose citizen has typed a code, and a document that they had sent. */
async function begun() {
  const { cases } = world.context;
  const appointment = await world.attend('phone');
  const of = { appointment: appointment.id };
  const done = await cases.beginIn(world.staff(), office, of, 'volant-padro');
  if (!done.ok) throw new Error(done.reason);
  const { id } = done;
  const proof = world.citizen(appointment).proof ?? null;
  const viewer: ApplicantViewer = { kind: 'applicant', case: id, identified: null, proof };
  const document = await sent(appointment);
  const use = (at = AT, from = { appointment: appointment.id, document }) =>
    cases.usePaper(viewer, office, id, at, from);
  return { id, appointment, viewer, document, use };
}

const filesOf = async ({ id, viewer }: { id: string; viewer: ApplicantViewer }) => {
  const opened = await world.context.cases.open(viewer, office, id);
  const { titol = [] } = (opened?.draft.answers.local ?? {}) as {
    titol?: { document: string; sha256: string; bytes: number; name: string }[];
  };
  return titol;
};

/** Returns the bytes of a document as its citizen gets them; null: there is none any more. */
async function opened({ appointment, document }: { appointment: Appointment; document: string }) {
  const found = await world.context.documents.open(
    world.citizen(appointment),
    office,
    appointment.id,
    document,
  );
  if (!found) return null;
  const parts: Buffer[] = [];
  for await (const part of found.read()) parts.push(part);
  return Buffer.concat(parts);
}

test('a document of the appointment answers a question, and is stored once', async () => {
  const on = await begun();
  const before = await stored();
  const [shelf] = await world.context.cases.inSpaces(on.viewer, office, on.id);
  expect(shelf?.papers).toMatchObject([{ id: on.document, name: 'Títol.pdf' }]);
  expect(await on.use()).toEqual({ ok: true });
  expect(await stored()).toEqual(before);
  const [file] = await filesOf(on);
  expect(file).toMatchObject({
    name: 'Títol.pdf',
    bytes: BYTES.length,
    sha256: createHash('sha256').update(BYTES).digest('hex'),
  });
  expect(file?.document).not.toBe(on.document);
  const { papers } = (await world.context.cases.open(on.viewer, office, on.id))!;
  expect(papers).toMatchObject([{ id: file?.document, state: 'clean' }]);
});

/** Hands a case in by a code that its citizen has typed for it. */
async function handIn({ id, viewer, appointment }: Awaited<ReturnType<typeof begun>>) {
  const at = world.clock.now();
  const { proof } = viewer;
  const code = crypto.randomUUID();
  await within(world.house.database.kysely, office.id, async (tx) => {
    const on = { office: office.id, appointment: appointment.id, purpose: `case ${id}` } as const;
    const { masked, setBy } = proof!;
    const expiresAt = at.add({ minutes: 10 });
    const made = { id: code, madeAt: at, expiresAt, channel: 'sms' as const, masked, setBy };
    await insertCode({ tx }, on, made);
    await countTry({ tx }, code, { tries: 1, ended: at });
  });
  const typed = { ...viewer, proof: { ...proof!, channel: 'sms' as const, at } };
  expect(await world.context.cases.handIn(typed, office, id)).toMatchObject({ ok: true });
}

test('the office opens it in the case also when its appointment has none any more', async () => {
  const on = await begun();
  await on.use();
  const [file] = await filesOf(on);
  await handIn(on);
  const { documents, cases } = world.context;
  const taken = { office, appointment: on.appointment.id };
  const citizen = world.citizen(on.appointment);
  await documents.withdraw(citizen, taken.office, taken.appointment, on.document);
  expect(await opened(on)).toBeNull();
  const found = await cases.openPaper(world.staff('coordinator'), office, on.id, file!.document);
  const parts: Buffer[] = [];
  for await (const part of found!.read()) parts.push(part);
  expect(Buffer.concat(parts)).toEqual(Buffer.from(BYTES));
});

test('each ends by itself, and the bytes go with the last one', async () => {
  const on = await begun();
  const before = await stored();
  await on.use();
  const [file] = await filesOf(on);
  const { cases, documents } = world.context;
  // The appointment's space ends by its calendar.
  const now = world.clock.now();
  world.until(on.appointment.end.add({ hours: office.settings.retention.documentsHours + 1 }));
  await documents.destroy(office);
  expect(await opened(on)).toBeNull();
  const keys = await tables((tx) =>
    tx
      .selectFrom('document_key')
      .select('document_id')
      .where('document_id', 'in', [on.document, file!.document])
      .execute(),
  );
  expect(keys).toEqual([{ document_id: file?.document }]);
  expect(await stored()).toEqual(before);
  expect(await filesOf(on)).toHaveLength(1);
  world.until(now);
  expect(await cases.removePaper(on.viewer, office, on.id, AT, file!.document)).toEqual({
    ok: true,
  });
  await documents.sweepOrphans();
  expect((await stored()).length).toBeLessThan(before.length);
});

test('what the case no longer needs stays in the appointment', async () => {
  const on = await begun();
  await on.use();
  expect(await world.context.cases.discard(on.viewer, office, on.id)).toBe(true);
  expect(await opened(on)).toEqual(Buffer.from(BYTES));
});

test('two ends at once leave no bytes behind', async () => {
  const on = await begun();
  const { cases, documents } = world.context;
  const others = await stored();
  await on.use();
  const withdrawn = documents.withdraw(
    world.citizen(on.appointment),
    office,
    on.appointment.id,
    on.document,
  );
  await Promise.all([cases.discard(on.viewer, office, on.id), withdrawn]);
  const left = await tables((tx) =>
    tx.selectFrom('document_piece').select('blob').where('document_id', '=', on.document).execute(),
  );
  expect(left).toEqual([]);
  expect((await stored()).length).toBe(others.length - 1);
});

test('nobody takes what is not theirs, or was not checked', async () => {
  const on = await begun();
  const { cases } = world.context;
  const { document } = on;
  const link = { ...on.viewer, proof: null };
  const of = { appointment: on.appointment.id, document };
  expect(await cases.inSpaces(link, office, on.id)).toEqual([]);
  expect(await cases.usePaper(link, office, on.id, AT, of)).toMatchObject({ reason: 'not_found' });
  const other = await begun();
  expect(await on.use(AT, { appointment: other.appointment.id, document })).toMatchObject({
    ok: false,
  });
  expect(
    await on.use(AT, { appointment: on.appointment.id, document: other.document }),
  ).toMatchObject({ ok: false });
  const unchecked = await sent(on.appointment, false);
  expect(await on.use(AT, { appointment: on.appointment.id, document: unchecked })).toMatchObject({
    ok: false,
  });
  expect(await on.use({ question: 'local.none' })).toMatchObject({ ok: false });
  expect(await filesOf(on)).toEqual([]);
});

test('a paper of the case is brought to the appointment, once, and opens there', async () => {
  const on = await begun();
  const { cases } = world.context;
  const given = { name: 'Plànol.pdf', type: 'application/pdf', bytes: BYTES };
  expect(await cases.addPaper(on.viewer, office, on.id, AT, given)).toEqual({ ok: true });
  const [file] = await filesOf(on);
  const of = { appointment: on.appointment.id, document: file!.document };
  expect(await cases.bringPaper(on.viewer, office, on.id, of)).toEqual({
    ok: false,
    reason: 'gone',
  });
  await clean(file!.document);
  const before = await stored();
  expect(await cases.bringPaper({ ...on.viewer, proof: null }, office, on.id, of)).toEqual({
    ok: false,
    reason: 'not_found',
  });
  expect(await cases.bringPaper(on.viewer, office, on.id, of)).toEqual({ ok: true });
  expect(await cases.bringPaper(on.viewer, office, on.id, of)).toEqual({ ok: true });
  expect(await stored()).toEqual(before);
  const [shelf] = await cases.inSpaces(on.viewer, office, on.id);
  const brought = shelf!.papers.filter(({ name }) => name === 'Plànol.pdf');
  expect(brought).toHaveLength(1);
  const { appointment } = on;
  expect(await opened({ appointment, document: brought[0]!.id })).toEqual(Buffer.from(BYTES));
  // It stays there when the case ends.
  await cases.discard(on.viewer, office, on.id);
  expect(await opened({ appointment, document: brought[0]!.id })).toEqual(Buffer.from(BYTES));
});

/** A draft that somebody began on-line with a paper, and an appointment of whoever else has its link, shown there by them. */
async function passedOn() {
  const { cases } = world.context;
  const nobody: ApplicantViewer = { kind: 'applicant', case: '', identified: null };
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(nobody, office, what))!;
  const link: ApplicantViewer = { kind: 'applicant', case: id, identified: null };
  const given = { name: 'Secret.pdf', type: 'application/pdf', bytes: BYTES };
  expect(await cases.addPaper(link, office, id, AT, given)).toEqual({ ok: true });
  const [file] = await filesOf({ id, viewer: link });
  await clean(file!.document);
  const appointment = await world.attend('phone');
  expect(await cases.tie(link, office, id, appointment.id)).toBe(true);
  expect(await cases.show(link, office, id, appointment.id)).toEqual({ ok: true });
  const viewer = { ...link, proof: world.citizen(appointment).proof ?? null };
  return { id, link, viewer, appointment, document: file!.document };
}

test('whoever has only the link of a draft brings its papers to no appointment of their own', async () => {
  const { id, viewer, appointment, document } = await passedOn();
  const { cases } = world.context;
  const of = { appointment: appointment.id, document };
  expect(await cases.openPaper(viewer, office, id, document)).toBeNull();
  expect(await cases.bringPaper(viewer, office, id, of)).toEqual({
    ok: false,
    reason: 'not_found',
  });
  expect(await cases.inSpaces(viewer, office, id)).toMatchObject([
    { appointment: appointment.id, takesPapers: false, papers: [] },
  ]);
  // Nor once an official has typed in it there.
  expect(await cases.answer(world.staff(), office, id, {})).toMatchObject({ ok: true });
  expect(await cases.bringPaper(viewer, office, id, of)).toEqual({
    ok: false,
    reason: 'not_found',
  });
});

test('a paper is brought only while there is room at the appointment', async () => {
  const on = await begun();
  const { cases, documents } = world.context;
  const given = { name: 'Plànol.pdf', type: 'application/pdf', bytes: BYTES };
  expect(await cases.addPaper(on.viewer, office, on.id, AT, given)).toEqual({ ok: true });
  const [file] = await filesOf(on);
  await clean(file!.document);
  // One is there.
  for (let n = 1; n < office.settings.uploads.files; n++) await sent(on.appointment);
  const of = { appointment: on.appointment.id, document: file!.document };
  expect(await cases.bringPaper(on.viewer, office, on.id, of)).toEqual({
    ok: false,
    reason: 'full',
  });
  const citizen = world.citizen(on.appointment);
  await documents.withdraw(citizen, office, on.appointment.id, on.document);
  expect(await cases.bringPaper(on.viewer, office, on.id, of)).toEqual({ ok: true });
  // What is there already takes no more room.
  expect(await cases.bringPaper(on.viewer, office, on.id, of)).toEqual({ ok: true });
});
