import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../src/context.ts';
import { type Form, formSchema } from '../src/domain/form/schema.ts';
import type { Office } from '../src/domain/office/types.ts';
import { writtenForm } from '../src/formats/form/writing/written.ts';
import type { ApplicantViewer, StaffViewer } from '../src/lib/viewer.ts';
import { randomBooking } from './lib/bookings.ts';
import { cost as costOfServer, keep, time } from './lib/costs.ts';
import { settle, temporaryFolder, withClient } from './lib/database.ts';
import { Connection } from './lib/http.ts';
import { ensureBuilt, type Server, startServer } from './lib/server.ts';
import { type Cost, cost, formatCost, noCost, ratio, withServices } from './lib/services.ts';
import { type Bench, median, type Row, spread } from './lib/table.ts';
import { benchTown, coordinatorOf, OFFICE, SHARED, townText } from './lib/town.ts';

const CASES = 50_000;
const QUESTIONS = 60;
/** Conditions and computed values of the large form. */
const RULES = 100;
/** What handing in may cost, as a multiple of a booking. */
const MOST = 3;
const TIMES = 60;
const WARM_UP = 10;
const TURNS = 5;
const ROUNDS = 6;
const BROWSER = { 'User-Agent': 'bench', 'Accept-Language': 'ca' };
const OPERATOR = { kind: 'system', why: 'operator' } as const;
const [PROCEDURE, LARGE] = SHARED;

export const cases: Bench = {
  name: 'cases',
  about:
    'Handing in beside a booking; a page of a form with 60 questions; an inbox of 50,000 cases',
  run: (print) =>
    withServices(benchTown({ horizonDays: 90 }), async (context) => {
      const office = (await context.offices.find(OFFICE))!;
      await context.forms.publish(OPERATOR, office, SMALL);
      print('handing in, and booking');
      const handing = await besideBooking(context, office);
      print(`a form of ${QUESTIONS} questions and ${RULES} rules`);
      const pages = await pagesOf();
      print(`${CASES} cases`);
      const inbox = await inboxOf(context, office);
      return [...handing, ...pages, ...inbox];
    }),
};

const label = { ca: 'Pregunta' };

const SMALL: Form = formSchema.parse({
  procedure: PROCEDURE,
  steps: [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label, required: true }] }],
});

/** A form whose questions depend on the ones before them, one on each page. */
function large(): Form {
  const questions = Array.from({ length: QUESTIONS }, (_, nth) => ({
    id: `q${nth}`,
    type: 'integer',
    label,
    min: 0,
    max: 100,
    ...(nth > 0 && { when: { '>=': [{ var: [`local.q${nth - 1}`, 0] }, 0] } }),
  }));
  const sums = Array.from({ length: RULES - QUESTIONS + 1 }, (_, nth) => ({
    id: `sum${nth}`,
    type: 'computed',
    gives: 'integer',
    label,
    value: { '+': [{ var: [`local.q${nth}`, 0] }, { var: [`local.q${nth + 1}`, 0] }] },
  }));
  return formSchema.parse({
    procedure: LARGE,
    steps: [
      { id: 'local', questions },
      { id: 'sumes', questions: sums },
    ],
  });
}

const holder = (id: string): ApplicantViewer => ({ kind: 'applicant', case: id, identified: null });

/** Does each a number of times, in turns; the first ones are for the caches and the compilers. */
async function inTurns(works: readonly (readonly [Cost, () => Promise<unknown>])[]) {
  for (let nth = 0; nth < WARM_UP + TIMES; nth++)
    for (const [into, work] of works) {
      const spent = nth < WARM_UP ? noCost() : into;
      await cost(spent, work);
    }
}

const WHAT = { procedure: PROCEDURE, door: 'online', language: 'ca' } as const;

async function besideBooking(context: Context, office: Office): Promise<Row[]> {
  const ready: string[] = [];
  for (let nth = 0; nth < WARM_UP + TIMES; nth++) {
    const id = (await context.cases.begin(holder(''), office, WHAT))!;
    await context.cases.answer(holder(id), office, id, { 'qui.nom': 'Maria Puig' });
    ready.push(id);
  }
  const handIn = async () => {
    const id = ready.pop() ?? '';
    const done = await context.cases.handIn(holder(id), office, id);
    if (!done.ok) throw new Error(done.reason);
  };
  const handing = noCost();
  const booking = noCost();
  await inTurns([
    [handing, handIn],
    [booking, () => book(context, office)],
  ]);
  return [
    {
      measure: 'From the last page to the receipt: sealed, registered',
      value: formatCost(handing),
      against: `a booking: ${formatCost(booking)}`,
      ratio: ratio(handing, booking),
      aim: `≤ ${MOST}`,
      met: Number(ratio(handing, booking)) <= MOST,
    },
  ];
}

async function book({ appointments }: Context, office: Office): Promise<void> {
  const booked = await appointments.book({ kind: 'citizen' }, office, randomBooking(PROCEDURE));
  if (!booked.ok && booked.reason !== 'slot_taken') throw new Error(booked.reason);
}

/** The last question of the large form, and that of the small one, as a server sends them. */
async function pagesOf(): Promise<Row[]> {
  await ensureBuilt();
  const folder = temporaryFolder();
  const server = await startServer(join(folder.path, 'data'), {
    TOWN_FILE: writeTown(folder.path),
    TRUSTED_PROXIES: '1',
  });
  try {
    return await measurePages(server);
  } finally {
    await server.stop();
    folder.remove();
  }
}

/** Writes the town with its two forms. Returns the path of its file. */
function writeTown(folder: string): string {
  const town = JSON.parse(townText({ horizonDays: 30, desks: 2 }));
  const forms = join(folder, 'forms');
  mkdirSync(forms);
  for (const form of [SMALL, large()])
    writeFileSync(join(forms, `${form.procedure}.yaml`), JSON.stringify(writtenForm(form)));
  const file = join(folder, 'town.yaml');
  writeFileSync(file, JSON.stringify({ ...town, town: { ...town.town, forms: 'forms' } }));
  return file;
}

async function measurePages(server: Server): Promise<Row[]> {
  const connection = await Connection.open(server.port);
  const send = { ...BROWSER, 'Content-Type': 'application/x-www-form-urlencoded' };
  const begin = async (procedure: string) => {
    const path = `/ca/${OFFICE}/${procedure}/apply`;
    const { headers, status } = await connection.request('POST', path, send, 'begin=yes');
    if (status !== 303) throw new Error(`${path} answered ${status}`);
    return new URL(headers.get('location') ?? '', 'http://here').pathname;
  };
  const page = async (path: string) => {
    const { status } = await connection.request('GET', path, BROWSER);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  };
  const ofLarge = await begin(LARGE);
  for (let nth = 0; nth < QUESTIONS; nth++)
    await connection.request('POST', `${ofLarge}/local/q${nth}`, send, `q-q${nth}_=${nth}`);
  const ofSmall = await begin(PROCEDURE);
  const large = costOfServer();
  const small = costOfServer();
  for (let round = 0; round < ROUNDS; round++) {
    const one = costOfServer();
    const other = costOfServer();
    for (let turn = 0; turn < TURNS; turn++) {
      await time(server, () => page(`${ofLarge}/local/q${QUESTIONS - 1}`), one);
      await time(server, () => page(`${ofSmall}/qui/nom`), other);
    }
    if (round === 0) continue;
    keep(large, one);
    keep(small, other);
  }
  connection.close();
  return (['server', 'database'] as const).map((what) => ({
    measure:
      what === 'server'
        ? `A page of a form of ${QUESTIONS} questions and ${RULES} rules: CPU of the server`
        : '… CPU of the database',
    value: `${spread(large[what], 2)} ms`,
    against: `of one question: ${spread(small[what], 2)} ms`,
    ratio: (median(large[what]) / median(small[what])).toFixed(1),
  }));
}

/** The first page of the inbox, with few cases and with many. */
async function inboxOf(context: Context, office: Office): Promise<Row[]> {
  const { logins } = context.database.embedded!;
  const viewer: StaffViewer = coordinatorOf(office);
  const few = noCost();
  const many = noCost();
  const open = async () => {
    const page = await context.caseDesk.inbox(viewer, office, { group: 'open' }, null);
    if (!page || page.rows.length < 50) throw new Error('The inbox is not full');
  };
  await inTurns([[few, open]]);
  await withClient(logins.superuser, (client) => client.query(MULTIPLY, [CASES]));
  await settle(logins);
  await inTurns([[many, open]]);
  return [
    {
      measure: `The first page of an inbox of ${CASES.toLocaleString('en')} cases`,
      value: formatCost(many),
      against: `of ${WARM_UP + TIMES}: ${formatCost(few)}`,
      ratio: ratio(many, few),
    },
  ];
}

/** Cases like the ones that were handed in, with terms over a year; they share the sealed parts of one. */
const MULTIPLY = `
  insert into case_file (id, office_id, reference, procedure_id, form_id, door, language, state, state_at, state_due, decide_by, level,
    opened_at, opened_by, changed_at, version, handed_in_at, record, record_hash, applicant)
  select gen_random_uuid(), office_id, 'B' || n, procedure_id, form_id, door, language, state, state_at,
    case when n % 3 = 0 then date '2026-01-05' + n % 365 end, date '2026-01-05' + n % 300, level,
    opened_at, opened_by, changed_at, version, handed_in_at, record, record_hash, null
  from generate_series(1, $1::int4) n
  cross join lateral (select * from case_file where handed_in_at is not null order by id limit 1) c`;
