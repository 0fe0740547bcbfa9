import { createHash, createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { handClock } from '../../../lib/clock.ts';
import { within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { certificatesIn } from '../../../lib/seal/certificate.ts';
import { createSeal } from '../../../lib/seal/seal.ts';
import { NO_TOOLS, run, testAuthority, testFolder } from '../../../lib/seal/testing.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import {
  type CaseMessages,
  createCaseDesk,
  createCaseMessages,
  createCosigning,
} from '../cases/service.ts';
import {
  handedInTo,
  officialOf,
  openCases,
  sampleForm,
  staffOf,
  type TestCases,
  testOfficials,
} from '../cases/testing.ts';
import { testIssuing } from '../consent/testing.ts';
import { createNotifications, createNotifying } from '../notifications/service.ts';
import { IN_FOLDER } from '../notifications/testing.ts';
import { createReceipts } from '../receipts/service.ts';
import { createPackages, type Packages, type PackagesDeps } from './service.ts';
import { SCHEMAS } from './testing.ts';
import type { PackageResult } from './types.ts';

const MORNING = '2027-02-01T09:00:00+01:00';
const clock = handClock(MORNING);
const folder = testFolder();
let database: TestDatabase;
let town: TestCases;
let office: Office;
let deps: PackagesDeps;
let packages: Packages;
let coordinator: StaffViewer;
let nuria: StaffViewer;
let root: string;
/** A closed case that is kept for good, and its package on disk. */
let id: string;
let bag: string;

const NO_XMLLINT = existsSync('/usr/bin/xmllint') ? null : 'xmllint is not installed';

beforeAll(async () => {
  database = await testDatabase();
  town = await openCases(database, clock);
  office = { ...town.office, settings: { ...town.office.settings, dir3: 'L01080193' } } as Office;
  Object.setPrototypeOf(office, Object.getPrototypeOf(town.office));
  const authority = await testAuthority();
  root = folder.at('root.pem', authority.root.pem);
  const seal = createSeal(
    {
      key: createPrivateKey(authority.own.keyPem),
      certificates: certificatesIn(authority.chain),
      stampUrl: null,
      stampAuthorities: null,
    },
    { clock, onUnstamped: () => {} },
  );
  const issuing = testIssuing(town.offices, clock, seal);
  const caseDesk = createCaseDesk({ ...town, issuing, notifying: createNotifying(town) });
  const notifications = createNotifications({ ...town, ...IN_FOLDER, issuing });
  const cosigning = createCosigning(town);
  const caseMessages = createCaseMessages(town);
  const onUnissued = (error: unknown) => console.error(error);
  const { cases } = town;
  const receipts = createReceipts({ ...town, cosigning, issuing, onUnissued });
  deps = {
    ...{ ...town, cases, caseDesk, caseMessages, cosigning, receipts, notifications, log: console },
    ...{ issuing, officials: testOfficials },
    signatures: { file: async () => null },
    outsideRegistering: { of: async () => null },
  };
  packages = createPackages(deps);
  coordinator = await officialOf(town, town.office, 'coordinator');
  nuria = await officialOf(town, town.office, 'agent');
  const retention = { permanent: true, schedule: 'TAAD 812' };
  await town.publish(sampleForm({ retention }));
  id = await decided();
  const done = await packages.make(coordinator, office, id);
  bag = unpack(await whole(done), 'one')[0]!;
});
afterAll(async () => {
  folder[Symbol.dispose]();
  await database.close();
});

/** A case that was granted and notified by post, the same day. */
async function decided(): Promise<string> {
  const { caseDesk, notifications } = deps;
  const caseMessages = deps.caseMessages as CaseMessages;
  const made = await handedInTo(town, town.office);
  const seen = async () => (await caseDesk.work(nuria, office, made))!.seen;
  const desk = deps.caseDesk as ReturnType<typeof createCaseDesk>;
  await desk.note(nuria, office, made, 'Ha trucat una veïna.');
  await desk.step(nuria, office, made, { to: 'in-review', seen: await seen() });
  await desk.give(nuria, office, made, { assignee: nuria.staff, seen: await seen() });
  await caseMessages.write(nuria, office, made, 'Portin el plànol, si us plau.');
  const content = { text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' };
  const written = { outcome: 'granted', content, before: null, seen: await seen() };
  await desk.write(nuria, office, made, written);
  const { seen: last, decision } = (await desk.work(coordinator, office, made))!;
  const before = decision!.writtenAt.epochMilliseconds;
  await desk.issue(coordinator, office, made, { before, seen: last });
  const told = notifications as ReturnType<typeof createNotifications>;
  await told.record(nuria, office, made, {
    result: 'delivered',
    on: Temporal.PlainDate.from('2027-02-01'),
  });
  return made;
}

/** Reads what is sent to its end. */
async function whole(done: PackageResult): Promise<Buffer> {
  if (!done.ok) throw new Error(done.reason);
  return Buffer.concat(await Array.fromAsync(done.read()));
}

/** Packs what is left, with what is left out in a text. */
const makeDue = (by: Packages = packages, viewer = coordinator) =>
  by.makeDue(viewer, office, (leftOut) => ({ name: 'out.txt', text: JSON.stringify(leftOut) }));

/** Packages of which the case can't be packed: something of it is broken. */
const without = (broken: readonly string[], most: Parameters<typeof createPackages>[1] = {}) =>
  createPackages(
    {
      ...{ ...deps, log: { error: () => {} } },
      notifications: {
        ...deps.notifications,
        evidence: async (viewer, at, of) => {
          if (broken.includes(of)) throw new Error('Broken');
          return deps.notifications.evidence(viewer, at, of);
        },
      },
    },
    most,
  );

const packedAt = async (of: string) =>
  (await packages.due(coordinator, office))!.cases.find((each) => each.id === of)!.packedAt;

/** Unpacks by another program. Returns the folders of the packages. */
function unpack(bytes: Buffer, name: string): string[] {
  const at = folder.at(name);
  mkdirSync(at);
  const zip = folder.at(`${name}.zip`, bytes);
  run('python3', '-m', 'zipfile', '-e', zip, at);
  return readdirSync(at).map((each) => join(at, each));
}

const inBag = (path: string) => readFileSync(join(bag, path));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const documents = () => readdirSync(join(bag, 'data/documents'));
const trailOf = (of: string) =>
  within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('audit')
      .select(['actor', 'data'])
      .where('action', '=', 'case_packaged')
      .where('data', '@>', JSON.stringify({ case: of }) as never)
      .execute(),
  );

test('a package is a bag that checks itself by sha256sum, whole', () => {
  for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt']) {
    const checked = run('sh', '-c', `cd ${bag} && sha256sum --strict -c ${manifest}`);
    expect(checked).toContain(': OK');
    expect(checked).not.toMatch(/FAILED|WARNING/);
  }
  const listed = inBag('manifest-sha256.txt').toString().trim().split('\n');
  const there = run('sh', '-c', `cd ${bag} && find data -type f`).trim().split('\n');
  expect(listed.map((line) => line.slice(66)).toSorted()).toEqual(there.toSorted());
  expect(inBag('bagit.txt').toString()).toBe(
    'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
  );
  const size = there.reduce((sum, each) => sum + inBag(each).length, 0);
  expect(inBag('bag-info.txt').toString()).toContain(`Payload-Oxum: ${size}.${there.length}\n`);
});

test('it has what was registered byte by byte, its receipt, the decision, how it was notified and what happened', async () => {
  const names = documents().map((each) => each.slice(5));
  expect(names).toEqual([
    expect.stringMatching(/^E2027\d{6}\.json$/),
    expect.stringMatching(/^E2027\d{6}\.pdf$/),
    'missatges.json',
    'resolucio.pdf',
    'notificacio.pdf',
    'historial.json',
  ]);
  const [record = ''] = documents();
  const { opened } = (await deps.caseDesk.work(coordinator, office, id))!;
  expect(sha256(inBag(`data/documents/${record}`))).toBe(opened.case.recordHash);
  const history = JSON.parse(inBag(`data/documents/${documents().at(-1)}`).toString());
  expect(history.events.map(({ kind }: { kind: string }) => kind)).toContain('decided');
  expect(history.missing).toEqual([]);
  // Notes are no part of the file (Ley 39/2015, art. 70.4).
  expect(run('grep', '-r', 'veïna', bag)).toBe('');
});

test('its index has each document with its place and its hash, and no name of a person stands outside the payload', () => {
  const index = inBag('data/indice.xml').toString();
  const hashes = [...index.matchAll(/ValorHuella>([\da-f]{64})</g)].map(([, hash]) => hash);
  expect(hashes).toEqual(documents().map((each) => sha256(inBag(`data/documents/${each}`))));
  const orders = [...index.matchAll(/OrdenDocumentoExpediente>(\d+)</g)].map(([, nth]) => nth);
  expect(orders).toEqual(hashes.map((_, nth) => String(nth + 1)));
  const info = inBag('bag-info.txt').toString();
  expect(info).toMatch(/External-Identifier: ES_L01080193_2027_EXP_[0-9A-Z]{30}\n/);
  expect(info).not.toContain('Rosa');
  expect(inBag('data/expediente.xml').toString()).toContain('Clasificacion>TAAD 812<');
});

test.skipIf(NO_TOOLS)('its index is signed with the town’s seal, as openssl finds', () => {
  const verify = (content: string) =>
    run(
      ...(['openssl', 'cms', '-verify', '-binary', '-inform', 'DER', '-CAfile', root] as const),
      ...['-purpose', 'any', '-in', join(bag, 'data/indice.p7s'), '-out', '/dev/null'],
      ...['-content', content],
    );
  expect(verify(join(bag, 'data/indice.xml'))).toContain('successful');
  const changed = inBag('data/indice.xml').toString().replace('SHA-256', 'SHA-1');
  expect(verify(folder.at('changed.xml', changed))).not.toContain('successful');
  const whole = inBag('data/expediente.xml').toString();
  expect(whole).toContain(inBag('data/indice.xml').toString());
  expect(whole).toContain(inBag('data/indice.p7s').toString('base64'));
});

test.skipIf(NO_XMLLINT)('its XML is as the interoperability rules demand, as xmllint finds', () => {
  const at = folder.at('schemas');
  mkdirSync(at);
  for (const [name, content] of Object.entries(SCHEMAS)) writeFileSync(join(at, name), content);
  const valid = (xsd: string, path: string) =>
    run('xmllint', '--noout', '--nonet', '--schema', join(at, xsd), path);
  const file = join(bag, 'data/expediente.xml');
  expect(valid('expediente-e.xsd', file)).toBe(`${file} validates\n`);
  for (const each of readdirSync(join(bag, 'data/metadata'))) {
    const path = join(bag, 'data/metadata', each);
    expect(valid('documento-e.xsd', path)).toBe(`${path} validates\n`);
  }
  // What is signed is in its exclusive canonical form.
  const index = join(bag, 'data/indice.xml');
  expect(run('xmllint', '--exc-c14n', index)).toBe(readFileSync(index, 'utf8'));
});

test('it is on the trail with the hash of its manifest, and listed as packed', async () => {
  const [line, ...others] = await trailOf(id);
  expect(others).toEqual([]);
  expect(line).toEqual({
    actor: `staff:${coordinator.staff}`,
    data: { case: id, documents: 6, hash: sha256(inBag('manifest-sha256.txt')) },
  });
  const due = await packages.due(coordinator, office);
  expect(due?.cases.find((each) => each.id === id)?.packedAt).not.toBeNull();
});

test('those that nobody has packed are packed together, and then no more', async () => {
  const more = [await decided(), await decided()];
  expect((await packages.due(coordinator, office))?.cases.slice(0, 2)).toMatchObject([
    { packedAt: null },
    { packedAt: null },
  ]);
  expect(unpack(await whole(await makeDue()), 'all')).toHaveLength(2);
  for (const each of more) expect(await trailOf(each)).toHaveLength(1);
  expect(await makeDue()).toEqual({ ok: false, reason: 'not_due', leftOut: [] });
});

test('a case is packed when its file was read to its end, and not when whoever reads it breaks off', async () => {
  const of = await decided();
  const done = await makeDue();
  if (!done.ok) throw new Error(done.reason);
  const parts: Uint8Array[] = [];
  for await (const part of done.read()) {
    parts.push(part);
    if (parts.length === 3) break;
  }
  expect(await packedAt(of)).toBeNull();
  // What went out is on the trail all the same.
  expect(await trailOf(of)).toHaveLength(1);
  const again = await makeDue();
  if (!again.ok) throw new Error(again.reason);
  const read = again.read()[Symbol.asyncIterator]();
  let last = Buffer.alloc(0);
  for (let next = await read.next(); !next.done; next = await read.next()) {
    const isPacked = (await packedAt(of)) !== null;
    last = Buffer.from(next.value);
    // The end of the archive alone goes after the mark: without it no program opens it.
    expect(isPacked).toBe(last.includes(Buffer.from('504b0506', 'hex')));
  }
  expect(last.length).toBeGreaterThan(0);
  expect(await packedAt(of)).not.toBeNull();
});

test('what was packed can be packed again by whoever may', async () => {
  const again = unpack(await whole(await packages.make(coordinator, office, id)), 'again');
  expect(readFileSync(join(again[0]!, 'data/indice.p7s')).length).toBeGreaterThan(0);
  expect(await trailOf(id)).toHaveLength(2);
});

test('a case that can’t be packed is told and left out, and the others are packed', async () => {
  const [bad, good] = [await decided(), await decided()];
  const broken = without([bad]);
  const { reference } = (await deps.caseDesk.work(coordinator, office, bad))!.opened.case;
  const there = unpack(await whole(await makeDue(broken)), 'mixed');
  const told = there.find((each) => each.endsWith('out.txt'))!;
  expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual([{ reference, reason: 'broken' }]);
  expect(there).toHaveLength(2);
  expect(await packedAt(good)).not.toBeNull();
  expect(await packedAt(bad)).toBeNull();
  const listed = (await broken.due(coordinator, office))!.cases;
  expect(listed.find((each) => each.id === bad)?.refused).toBe('broken');
  expect(listed.find((each) => each.id === good)?.refused).toBeNull();
  const alone = { ok: false, reason: 'broken', leftOut: [{ reference, reason: 'broken' }] };
  expect(await makeDue(broken)).toEqual(alone);
  expect(await trailOf(bad)).toEqual([]);
  await whole(await makeDue());
});

test('a case that can’t be packed doesn’t hold up those that closed before it', async () => {
  const older = await decided();
  clock.advance({ minutes: 1 });
  const newest = await decided();
  clock.set(MORNING);
  const there = unpack(await whole(await makeDue(without([newest], { atOnce: 1 }))), 'past');
  expect(there).toHaveLength(2);
  expect(await packedAt(older)).not.toBeNull();
  expect(await packedAt(newest)).toBeNull();
  await whole(await makeDue());
});

test('many that can’t be packed end a packing, and the next one goes on past them', async () => {
  const older = await decided();
  const broken: string[] = [];
  for (let nth = 0; nth < 2; nth++) {
    clock.advance({ minutes: 1 });
    broken.push(await decided());
  }
  clock.set(MORNING);
  const by = without(broken, { mostFailed: 1 });
  for (let nth = 0; nth < 2; nth++) {
    const refused = await makeDue(by);
    expect(refused).toMatchObject({ reason: 'broken', leftOut: [{ reason: 'broken' }] });
  }
  expect(await packedAt(older)).toBeNull();
  await whole(await makeDue(by));
  expect(await packedAt(older)).not.toBeNull();
  await whole(await makeDue());
});

test('a case with more files than several may have is packed by itself', async () => {
  const large = await decided();
  const paper = (size: number) => ({ size }) as never;
  const having = (size: number) => ({
    ...deps.caseDesk,
    work: async (...on: Parameters<typeof deps.caseDesk.work>) => {
      const work = await deps.caseDesk.work(...on);
      return work && { ...work, opened: { ...work.opened, papers: [paper(size)] } };
    },
  });
  const alone = createPackages({ ...deps, caseDesk: having(2_000_000_000) });
  expect(await makeDue(alone)).toMatchObject({ ok: false, reason: 'alone' });
  expect((await alone.due(coordinator, office))?.cases[0]).toMatchObject({ refused: 'alone' });
  expect(unpack(await whole(await alone.make(coordinator, office, large)), 'large')).toHaveLength(
    1,
  );
  const never = createPackages({ ...deps, caseDesk: having(4_000_000_001) });
  expect(await never.make(coordinator, office, large)).toMatchObject({ reason: 'too_large' });
});

test('one at a time packs: the second is told, until the first has the file or lets go of it', async () => {
  const of = await decided();
  const busy = { ok: false, reason: 'busy', leftOut: [] };
  const [first, second] = await Promise.all([makeDue(), makeDue()]);
  expect([first.ok, second]).toEqual([true, busy]);
  expect(await packages.make(coordinator, office, of)).toEqual(busy);
  if (first.ok) for await (const _ of first.read()) break;
  const third = await makeDue();
  expect(third.ok).toBe(true);
  // A connection that hangs keeps nobody waiting for ever.
  clock.set('2027-02-01T09:31:00+01:00');
  await whole(await makeDue());
  clock.set(MORNING);
  expect(await trailOf(of)).toHaveLength(2);
});

test('whoever wrote a message or the decision is named in what happened', async () => {
  const named: number[][] = [];
  const officials = {
    namesOf: async (staff: readonly number[]) => {
      named.push([...staff]);
      return new Map(staff.map((each) => [each, 'X']));
    },
  };
  const caseMessages = {
    ofCase: async (...on: Parameters<typeof deps.caseMessages.ofCase>) => {
      const found = (await deps.caseMessages.ofCase(...on))!;
      return { ...found, messages: found.messages.map((each) => ({ ...each, by: 'staff:8001' })) };
    },
  };
  const caseDesk = {
    ...deps.caseDesk,
    work: async (...on: Parameters<typeof deps.caseDesk.work>) => {
      const work = (await deps.caseDesk.work(...on))!;
      return { ...work, decision: { ...work.decision!, writtenBy: 'staff:8002' } };
    },
  };
  const more = { officials, caseMessages, caseDesk };
  await whole(await createPackages({ ...deps, ...more }).make(coordinator, office, id));
  expect(named.flat()).toEqual(expect.arrayContaining([8001, 8002]));
});

test('an agent, another office and a case that isn’t closed or isn’t kept for good get none', async () => {
  const refusal = async (viewer: StaffViewer, of: string, at = office) => {
    const done = await packages.make(viewer, at, of);
    return done.ok ? 'done' : done.reason;
  };
  expect(await refusal(nuria, id)).toBe('not_found');
  const other = staffOf(town.elsewhere, 'coordinator');
  expect(await refusal(other, id)).toBe('not_found');
  expect(await refusal(other, id, town.elsewhere)).toBe('not_found');
  expect(await packages.due(nuria, office)).toBeNull();
  expect(await makeDue(packages, nuria)).toMatchObject({ ok: false, reason: 'not_found' });
  expect(await refusal(coordinator, await handedInTo(town, town.office))).toBe('not_due');
  await town.publish(sampleForm());
  expect(await refusal(coordinator, await decided())).toBe('not_due');
});

test('without a code of the office, a seal or a receipt there is none, and nothing is recorded', async () => {
  await town.publish(sampleForm({ retention: { permanent: true } }));
  const of = await decided();
  const reasonOf = async (more: Partial<PackagesDeps>, at = office) => {
    const done = await createPackages({ ...deps, ...more }).make(coordinator, at, of);
    return done.ok ? 'done' : done.reason;
  };
  expect(await reasonOf({}, town.office)).toBe('no_code');
  expect(await reasonOf({ issuing: { sealDigest: null } })).toBe('no_seal');
  const receipts = {
    all: async (...on: Parameters<typeof deps.receipts.all>) =>
      (await deps.receipts.all(...on))!.map((each) => ({ ...each, issued: null })),
  };
  expect(await reasonOf({ receipts, log: { error: () => {} } })).toBe('unready');
  expect(await trailOf(of)).toEqual([]);
  const changed = {
    all: async (...on: Parameters<typeof deps.receipts.all>) =>
      (await deps.receipts.all(...on))!.map((each) => ({
        ...each,
        record: { ...each.record, reference: 'X' },
      })),
  };
  expect(await reasonOf({ receipts: changed, log: { error: () => {} } })).toBe('broken');
});
