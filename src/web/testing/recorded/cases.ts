import { formSchema } from '../../../domain/form/schema.ts';
import { SCOPES } from '../../../domain/scopes.ts';
import { applyTown } from '../../../features/booking/administration/service.ts';
import { identifySomebody } from '../../../features/foundation/identification/testing.ts';
import { within } from '../../../lib/db/database.ts';
import type { ApplicantViewer, TokenViewer } from '../../../lib/viewer.ts';
import { towns } from './accounts.ts';
import { type Scenario, staffOf, type World } from './world.ts';

const OPERATOR = { kind: 'system', why: 'operator' } as const;

/** A form of one question, which has the lapse of what nobody amends among its steps. */
const form = (minutes: number) =>
  formSchema.parse({
    procedure: 'volant-padro',
    minutes,
    steps: [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }],
  });

const holder = (id: string): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: null,
});

const WHAT = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;

/** A case that its person has begun. */
async function begun(world: World, of = form(5)) {
  const { forms, cases } = world.context;
  const office = await world.office();
  await forms.publish(OPERATOR, office, of);
  const id = (await cases.begin(holder(''), office, WHAT))!;
  return { id, office, cases };
}

/** A case that Marta has begun with the citizen of a call. */
async function begunInCall(world: World) {
  const { cases, office } = await begun(world);
  const { id: appointment } = await world.attend();
  const done = await cases.beginIn(world.staff(), office, { appointment }, WHAT.procedure);
  if (!done.ok) throw new Error(done.reason);
  return { id: done.id, office, cases, appointment };
}

/** A case that its person has begun, with the appointment that they booked about it, which goes on. */
async function tied(world: World) {
  const on = await begun(world);
  const { id: appointment } = await world.attend();
  await on.cases.tie(holder(on.id), on.office, on.id, appointment);
  const show = () => on.cases.show(holder(on.id), on.office, on.id, appointment);
  return { ...on, appointment, show };
}
/** What an official enters to hand it in for somebody. */
const ASKED = {
  seen: 0,
  template: 'formulari',
  language: 'ca',
  name: 'Rosa Soler Puig',
  nif: '12345678Z',
  document: 'nif',
  country: '',
  declared: [],
  mayBeAttended: true,
} as const;

/** A draft that Marta has begun with the citizen of a call, a question for a file, and a document that they had sent. */
export async function withDocument(world: World) {
  const { forms, cases, documents, database } = world.context;
  const office = await world.office();
  const questions = [{ id: 'titol', type: 'file', label: { ca: 'Títol' } }];
  const steps = [{ id: 'qui', questions }];
  await forms.publish(OPERATOR, office, formSchema.parse({ procedure: 'volant-padro', steps }));
  const appointment = await world.attend();
  const of = { appointment: appointment.id };
  const done = await cases.beginIn(world.staff(), office, of, WHAT.procedure);
  if (!done.ok) throw new Error(done.reason);
  const citizen = world.citizen(appointment);
  const paper = { kind: 'inbox', requested: null, name: 'a.pdf', type: 'application/pdf' } as const;
  const kept = await documents.keep(
    citizen,
    office,
    appointment.id,
    paper,
    Buffer.from('%PDF-1.7\n'),
  );
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  await within(database.kysely, office.id, (tx) =>
    tx.updateTable('document').set({ state: 'clean' }).where('id', '=', kept.id).execute(),
  );
  const viewer = { ...holder(done.id), proof: citizen.proof ?? null };
  return { id: done.id, office, cases, viewer, of: { ...of, document: kept.id } };
}

/** A case that its person has handed in. */
async function handedIn(world: World) {
  const on = await begun(world);
  await on.cases.handIn(holder(on.id), on.office, on.id);
  return on;
}

/** A case that an official looks at, as they see it. */
async function inReview(world: World) {
  const on = await handedIn(world);
  const { caseDesk } = world.context;
  const viewer = world.staff();
  const work = async () => (await caseDesk.work(viewer, on.office, on.id))!;
  const step = { to: 'in-review', seen: (await work()).seen };
  await caseDesk.step(viewer, on.office, on.id, step);
  return { ...on, caseDesk, viewer, work };
}

const POINTS = [{ question: 'qui.nom', text: 'Sencer.' }];
const WORDS = { text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' };

/** A case that an official looks at, and has taken. */
async function taken(world: World) {
  const on = await inReview(world);
  const { caseDesk, viewer, office, id, work } = on;
  await caseDesk.give(viewer, office, id, { assignee: viewer.staff, seen: (await work()).seen });
  return on;
}

/** A case whose decision is written. */
async function written(world: World) {
  const on = await taken(world);
  const { caseDesk, viewer, office, id, work } = on;
  const asked = { outcome: 'granted', content: WORDS, before: null, seen: (await work()).seen };
  await caseDesk.write(viewer, office, id, asked);
  const { seen, decision } = await work();
  const another = world.staff('coordinator', { staff: 99_999 });
  return { ...on, another, issue: { before: decision!.writtenAt.epochMilliseconds, seen } };
}

/** A report that an office was asked for, and an official of it. */
async function reportAsked(world: World) {
  const on = await taken(world);
  const { reports, offices } = world.context;
  const other = (await offices.list()).find(({ id }) => id !== on.office.id)!;
  const asked = {
    to: { office: other.id, staff: null },
    question: 'Hi cap?',
    steps: [],
    showsPerson: false,
    workingDays: 10,
    suspends: false,
  };
  const ask = () => reports.ask(on.viewer, on.office, on.id, asked);
  const official = world.staff('agent', { office: other.id, staff: 99_998 });
  const made = async () => {
    await ask();
    return (await reports.asked(official, other)).open[0]!.id;
  };
  return { ask, made, official, reports };
}

/** A case that its person has withdrawn years ago, and a coordinator. */
async function withdrawnLongAgo(world: World) {
  const on = await handedIn(world);
  await on.cases.withdraw({ ...holder(on.id), identified: await someone(world) }, on.office, on.id);
  world.clock.advance({ hours: 24 * 366 * 6 });
  return { ...on, archive: world.context.archive };
}

/** A case that a coordinator may hold. */
async function toArchive(world: World) {
  const another = world.staff('coordinator', { staff: 99_999 });
  return { ...(await handedIn(world)), another, archive: world.context.archive };
}

async function someone({ house, context, clock }: World) {
  const { database } = house;
  const known = await identifySomebody(database.kysely, context.keys.people, clock.now());
  return { person: known.person, identification: known.identification, level: 'low' } as const;
}

const TOKEN = (office: number): TokenViewer => ({
  kind: 'token',
  token: 1,
  office,
  scopes: new Set(SCOPES),
});
const REQUEST = { procedure: 'volant-padro', language: 'ca', answers: {} } as const;

/** A case that another system has begun for somebody. */
async function prepared(world: World) {
  const { office } = await begun(world);
  const made = await world.context.casesByToken.begin(TOKEN(office.id), office, REQUEST, {});
  if (!made.ok) throw new Error(made.reason);
  return { office, id: made.made.id };
}

/** What is done with forms and cases. */
export const CASES = {
  form_published: {
    'by the operator': async (world) => {
      const office = await world.office();
      return () => world.context.forms.publish(OPERATOR, office, form(6));
    },
  },
  form_ended: {
    'by the town file': async (world) => {
      const { clock, house } = world;
      // As it stands: nothing but the form changes.
      const { whole } = await towns(world);
      const office = await world.office();
      await world.context.forms.publish(OPERATOR, office, form(6));
      return () => applyTown(house.database.kysely, whole, clock.now(), { forms: [] });
    },
  },
  case_opened: {
    'by the citizen': async (world) => {
      const { cases, office } = await begun(world);
      return () => cases.begin(holder(''), office, WHAT);
    },
    'by staff': async (world) => {
      const { cases, office } = await begun(world);
      const { id: appointment } = await world.attend();
      return () => cases.beginIn(world.staff(), office, { appointment }, WHAT.procedure);
    },
  },
  case_read: {
    'by staff': async (world) => {
      const { cases, office, id } = await handedIn(world);
      return () => cases.open(world.staff(), office, id);
    },
  },
  case_receipt_issued: {
    'by whoever asks for it first': async (world) => {
      const { office, id } = await handedIn(world);
      return () => world.context.receipts.of(holder(id), office, id);
    },
  },
  case_receipt_verified: {
    'by its code': async (world) => {
      const { office, id } = await handedIn(world);
      const receipt = await world.context.receipts.of(holder(id), office, id);
      return () => world.context.receipts.verify(receipt!.issued!.code);
    },
    'by fetching it': async (world) => {
      const { office, id } = await handedIn(world);
      const receipt = await world.context.receipts.of(holder(id), office, id);
      return () => world.context.receipts.openByCode(receipt!.issued!.code);
    },
  },
  case_answered: {
    'by staff': async (world) => {
      const { cases, office, id } = await begunInCall(world);
      return () => cases.answer(world.staff(), office, id, { 'qui.nom': 'Rosa' });
    },
  },
  case_confirmation_asked: {
    'by staff': async (world) => {
      const { cases, office, id } = await begunInCall(world);
      return () => cases.askConfirmation(world.staff(), office, id, 0);
    },
  },
  case_handed_in: {
    'by the citizen': async (world) => {
      const { cases, office, id } = await begun(world);
      return () => cases.handIn(holder(id), office, id);
    },
    'by the act of an official': async (world) => {
      const { id, office, appointment } = await begunInCall(world);
      const { casesByAct, consent } = world.context;
      const made = await casesByAct.prepareAct(world.staff(), office, id, ASKED);
      if (!made.ok) throw new Error(made.reason);
      await consent.hear(world.staff(), office, appointment, made.act);
      const nuria = await staffOf(world.house, 'nuria.roca@vilaclara.example');
      const witness = world.staff('coordinator', { staff: nuria, name: 'Núria' });
      await consent.witness(witness, office, appointment, made.act);
      return {
        act: () => casesByAct.handInFor(world.staff(), office, id, made.act),
        besides: {
          tables: ['public.person'],
          why: 'the person of the document is known first, and names nobody',
        },
      };
    },
  },
  case_moved: {
    'by staff': async (world) => {
      const { office, id } = await handedIn(world);
      const { caseDesk } = world.context;
      const viewer = world.staff();
      const { seen } = (await caseDesk.work(viewer, office, id))!;
      return () => caseDesk.step(viewer, office, id, { to: 'in-review', seen });
    },
    'by the citizen': async (world) => {
      const { cases, office, id } = await handedIn(world);
      const identified = await someone(world);
      return () => cases.withdraw({ ...holder(id), identified }, office, id);
    },
  },
  case_submitted: {
    'by the citizen, who withdraws it': async (world) => {
      const { cases, office, id } = await handedIn(world);
      const identified = await someone(world);
      return () => cases.withdraw({ ...holder(id), identified }, office, id);
    },
  },
  case_assigned: {
    'by staff': async (world) => {
      const { viewer, office, id, work } = await inReview(world);
      const asked = { assignee: viewer.staff, seen: (await work()).seen };
      return () => world.context.caseDesk.give(viewer, office, id, asked);
    },
  },
  case_amendment_asked: {
    'by staff': async (world) => {
      const { cases, viewer, office, id, work } = await inReview(world);
      const asked = { points: POINTS, seen: (await work()).seen };
      return () => cases.askToAmend(viewer, office, id, asked);
    },
  },
  case_amended: {
    'by the citizen': async (world) => {
      const { cases, viewer, office, id, work } = await inReview(world);
      const asked = { points: POINTS, seen: (await work()).seen };
      await cases.askToAmend(viewer, office, id, asked);
      await cases.answer(holder(id), office, id, { 'qui.nom': 'Rosa Soler' });
      return () => cases.amend(holder(id), office, id);
    },
  },
  case_extended: {
    'by staff': async (world) => {
      const { cases, viewer, office, id, work } = await inReview(world);
      const asked = { points: POINTS, seen: (await work()).seen };
      await cases.askToAmend(viewer, office, id, asked);
      const more = { workingDays: 5, reason: 'Ho demana.', seen: (await work()).seen };
      return () => cases.extend(viewer, office, id, more);
    },
  },
  case_undone: {
    'by staff': async (world) => {
      const { caseDesk, viewer, office, id, work } = await inReview(world);
      const { seen } = await work();
      return () => caseDesk.undo(viewer, office, id, seen);
    },
  },
  case_noted: {
    'by staff': async (world) => {
      const { caseDesk, viewer, office, id } = await inReview(world);
      return () => caseDesk.note(viewer, office, id, 'Hola');
    },
  },
  case_message_written: {
    'by staff': async (world) => {
      const { caseDesk, viewer, office, id, work } = await inReview(world);
      const { caseMessages } = world.context;
      const { seen } = await work();
      await caseDesk.give(viewer, office, id, { assignee: viewer.staff, seen });
      return () => caseMessages.write(viewer, office, id, 'Bon dia');
    },
    'by a citizen': async (world) => {
      const { office, id } = await inReview(world);
      const { caseMessages } = world.context;
      return () => caseMessages.write(holder(id), office, id, 'Bon dia');
    },
  },
  case_report_asked: {
    'by staff': async (world) => (await reportAsked(world)).ask,
  },
  case_report_read: {
    'by staff': async (world) => {
      const { made, official, reports } = await reportAsked(world);
      const id = await made();
      return () => reports.read(official, id, 'ca');
    },
  },
  case_report_ended: {
    'by staff': async (world) => {
      const { made, official, reports } = await reportAsked(world);
      const id = await made();
      return () => reports.answer(official, id, { opinion: 'for', text: 'Sí.' });
    },
  },
  case_held: {
    'by staff': async (world) => {
      const { archive, another, office, id } = await toArchive(world);
      return () => archive.hold(another, office, id, { reason: 'Recurs 12/2027', seen: null });
    },
  },
  case_let_go: {
    'by staff': async (world) => {
      const { archive, another, office, id } = await toArchive(world);
      await archive.hold(another, office, id, { reason: 'Recurs 12/2027', seen: null });
      const { held } = (await archive.keeping(another, office, id))!;
      return () => archive.hold(another, office, id, { reason: null, seen: held!.at });
    },
  },
  case_packaged: {
    'by a coordinator': async (world) => {
      const { office, id } = await withdrawnLongAgo(world);
      await within(world.house.database.kysely, office.id, (tx) =>
        tx.updateTable('case_file').set({ ends_on: null }).where('id', '=', id).execute(),
      );
      const coordinator = world.staff('coordinator', { staff: 99_999 });
      const { packages, receipts } = world.context;
      // Receipts are issued when they are first asked for, with records of their own.
      await receipts.all(coordinator, office, id);
      return {
        async act() {
          const done = await packages.make(coordinator, office, id);
          return done.ok && Array.fromAsync(done.read());
        },
        besides: {
          tables: ['public.audit'],
          why: 'The looks that packing takes at the case are recorded each by itself.',
        },
      };
    },
  },
  case_destroyed: {
    'by the job': async (world) => {
      const { archive, office } = await withdrawnLongAgo(world);
      return {
        act: () => archive.destroy(office),
        silent: 'the sweep goes on with the other cases; its log says which could not be destroyed',
      };
    },
  },
  case_decision_written: {
    'by staff': async (world) => {
      const { caseDesk, viewer, office, id, work } = await taken(world);
      const { seen } = await work();
      const asked = { outcome: 'granted', content: WORDS, before: null, seen };
      return () => caseDesk.write(viewer, office, id, asked);
    },
  },
  case_decided: {
    'by staff': async (world) => {
      const { caseDesk, another, office, id, issue } = await written(world);
      return () => caseDesk.issue(another, office, id, issue);
    },
  },
  case_not_at_once: {
    'by the job': async (world) => {
      const { atOnce } = world.context;
      const issuing = { ...form(5), atOnce: { issues: 'residence' } as const };
      const { cases, office, id } = await begun(world, issuing);
      await cases.handIn(holder(id), office, id);
      return () =>
        atOnce.answerDue().catch((error: unknown) => {
          throw error instanceof AggregateError ? error.errors[0] : error;
        });
    },
  },
  case_decision_verified: {
    'by a verifier': async (world) => {
      const { caseDesk, another, office, id, issue, work } = await written(world);
      await caseDesk.issue(another, office, id, issue);
      const { code } = (await work()).decision!.issued!;
      return () => caseDesk.verify(code);
    },
  },
  cases_listed: {
    'by staff': async (world) => {
      const { caseDesk, viewer, office } = await inReview(world);
      return () => caseDesk.inbox(viewer, office, { group: 'open' }, null);
    },
  },
  cases_exported: {
    'by staff': async (world) => {
      const { caseDesk, viewer, office } = await inReview(world);
      return () => caseDesk.inboxFile(viewer, office, { group: 'open' });
    },
  },
  case_claimed: {
    'by whoever it was begun for': async (world) => {
      const { casesByToken, cases, forms } = world.context;
      const office = await world.office();
      await forms.publish(OPERATOR, office, formSchema.parse({ ...form(5), identity: 'low' }));
      const made = await casesByToken.begin(TOKEN(office.id), office, REQUEST, {});
      if (!made.ok) throw new Error(made.reason);
      const { id } = made.made;
      const { keys, database, clock } = world.context;
      const who = await identifySomebody(database.kysely, keys.people, clock.now());
      return () => cases.claim({ ...holder(id), identified: who }, office, id);
    },
  },
  case_tied: {
    'by the citizen': async (world) => {
      const { cases, office, id } = await begun(world);
      const { id: appointment } = await world.attend();
      return () => cases.tie(holder(id), office, id, appointment);
    },
  },
  case_shown: {
    'by the citizen': async (world) => {
      const { show } = await tied(world);
      return show;
    },
  },
  case_sent: {
    'by staff': async (world) => {
      const { cases, office, id, appointment } = await begunInCall(world);
      return () => cases.sendHome(world.staff(), office, id, appointment);
    },
  },
  case_hidden: {
    'by the citizen': async (world) => {
      const { cases, office, id, show } = await tied(world);
      await show();
      return () => cases.hide(holder(id), office, id);
    },
  },
  case_link_given: {
    'by a token': async (world) => {
      const { office, id } = await prepared(world);
      return () => world.context.casesByToken.giveLink(TOKEN(office.id), office, id);
    },
  },
  case_answers_read: {
    'by a token': async (world) => {
      const { office, id } = await handedIn(world);
      return () => world.context.casesByToken.answers(TOKEN(office.id), office, id);
    },
  },
  case_discarded: {
    'by the citizen': async (world) => {
      const { cases, office, id } = await begun(world);
      return () => cases.discard(holder(id), office, id);
    },
    'by the job': async (world) => {
      const { cases } = await begun(world);
      world.clock.advance({ hours: 24 * 31 });
      return () => cases.discardDrafts();
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
