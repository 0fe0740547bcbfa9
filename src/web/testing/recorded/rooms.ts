import type { Appointment } from '../../../domain/appointment.ts';
import type { Office } from '../../../domain/office/types.ts';
import { digitsOf } from '../../../domain/one-time-code.ts';
import { createDocuments } from '../../../features/service/documents/service.ts';
import { checkByName } from '../../../features/service/documents/testing.ts';
import type { DocumentKind } from '../../../features/service/documents/types.ts';
import { newCode } from '../../../features/service/verification/service.ts';
import { within } from '../../../lib/db/database.ts';
import { documentKeys } from '../../../lib/envelope/keys.ts';
import { withDocument } from './cases.ts';
import type { Scenario, World } from './world.ts';

const PICTURE = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(64)]);
const INVITED = { name: 'Nur', role: 'interpreter' } as const;

/** The same documents, with an antivirus that decides by names: see `checkByName`. */
const documentsOf = ({ context, clock }: World) =>
  createDocuments({
    db: context.database.kysely,
    blobs: context.blobs,
    clock,
    staff: context.staff,
    keys: documentKeys(context.keys.documents),
    check: checkByName,
    unit: context.unit,
  });

/** A citizen and Marta in the room of a video call. */
async function talking(world: World) {
  const { context } = world;
  const of = await world.attend();
  const office = await world.office();
  await context.room.enter(world.citizen(of), office.id, of.id);
  await context.room.enter(world.staff(), office.id, of.id);
  return { of, office };
}

async function asked(world: World) {
  const { of, office } = await talking(world);
  await world.context.stills.ask(world.staff(), office, of.id);
  return { of, office };
}

async function invited(world: World, of: Appointment, office: Office): Promise<string> {
  const made = await world.context.companions.invite(world.citizen(of), office.id, of.id, INVITED);
  if (!made.ok) throw new Error(made.reason);
  return made.companion.id;
}

/** An encounter in which Marta changed the citizen's telephone, which is frozen now. */
async function frozen(world: World) {
  const of = await world.attend();
  const office = await world.office();
  const contact = { ...of.citizen, phone: '+34699999999' };
  const changed = await world.context.assistance.changeContact(
    world.staff(),
    office,
    of.id,
    contact,
  );
  if (!changed.ok) throw new Error(changed.reason);
  return { of, office };
}

/** Returns the digits of the newest code for a purpose. */
export async function digitsFor(
  { context, house }: World,
  office: Office,
  of: Appointment,
  purpose: string,
) {
  const code = await within(house.database.kysely, office.id, (tx) =>
    tx
      .selectFrom('one_time_code')
      .select('id')
      .where('appointment_id', '=', of.id)
      .where('purpose', '=', purpose)
      .executeTakeFirstOrThrow(),
  );
  return digitsOf(context.keys.codes, code.id);
}

/** Adds a checked document. `name`: see `checkByName`. */
async function handed(world: World, name = 'dni.pdf', kind: DocumentKind = 'inbox') {
  const of = await world.attend();
  const office = await world.office();
  const documents = documentsOf(world);
  const viewer = kind === 'inbox' ? world.citizen(of) : world.staff();
  const code = kind === 'outbox' ? newCode() : undefined;
  const paper = { kind, requested: null, name, type: 'application/pdf', ...(code && { code }) };
  const kept = await documents.keep(viewer, office, of.id, paper, Buffer.from('%PDF-1.7\n'));
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  const pass = () => documents.pass();
  if (!name.startsWith('virus')) await pass();
  return { of, office, documents, id: kept.id, code: code ?? '', pass };
}

export const ROOMS = {
  entered: {
    'by the citizen': async (world) => {
      const of = await world.attend();
      const office = await world.office();
      return () => world.context.room.enter(world.citizen(of), office.id, of.id);
    },
    'by staff': async (world) => {
      const of = await world.attend();
      const office = await world.office();
      return () => world.context.room.enter(world.staff(), office.id, of.id);
    },
  },
  by_phone: {
    'by the citizen': async (world) => {
      const { of, office } = await talking(world);
      return () => world.context.room.byPhone(world.citizen(of), office.id, of.id);
    },
  },
  uninvited: {
    'by staff': async (world) => {
      const { of, office } = await talking(world);
      const companion = await invited(world, of, office);
      return () => world.context.companions.revoke(world.staff(), office.id, of.id, companion);
    },
  },
  admitted: {
    'by staff': async (world) => {
      const { of, office } = await talking(world);
      const companion = await invited(world, of, office);
      return () => world.context.companions.admit(world.staff(), office.id, of.id, companion);
    },
  },
  still_asked: {
    'by staff': async (world) => {
      const { of, office } = await talking(world);
      return () => world.context.stills.ask(world.staff(), office, of.id);
    },
  },
  still_agreed: {
    'by the citizen': async (world) => {
      const { of, office } = await asked(world);
      return () => world.context.stills.answer(world.citizen(of), office, of.id, 'yes');
    },
  },
  still_refused: {
    'by the citizen': async (world) => {
      const { of, office } = await asked(world);
      return () => world.context.stills.answer(world.citizen(of), office, of.id, 'no');
    },
  },
  still_kept: {
    'by staff': async (world) => {
      const { of, office } = await asked(world);
      await world.context.stills.answer(world.citizen(of), office, of.id, 'yes');
      return {
        act: () => world.context.stills.keep(world.staff(), office, of.id, PICTURE),
        besides: {
          tables: ['document', 'loose_piece', 'office_key', 'audit'].map(
            (each) => `public.${each}`,
          ),
          why: 'the picture lies apart from the database first; it is taken back, which is recorded',
        },
      };
    },
  },
  document_handed: {
    'by the citizen': async (world) => {
      const of = await world.attend();
      const office = await world.office();
      const paper = { kind: 'inbox', requested: null, name: 'dni.pdf', size: 9 } as const;
      const what = { ...paper, type: 'application/pdf' };
      return () => documentsOf(world).begin(world.citizen(of), office, of.id, what);
    },
    'by the citizen, who answers a question of a case with one of the appointment': async (
      world,
    ) => {
      const { cases, viewer, office, id, of } = await withDocument(world);
      return () => cases.usePaper(viewer, office, id, { question: 'qui.titol' }, of);
    },
  },
  document_accepted: {
    'by staff': async (world) => {
      const { of, office, documents, id } = await handed(world);
      const review = { review: 'accepted', reason: '' } as const;
      return () => documents.review(world.staff(), office, of.id, id, review);
    },
  },
  document_asked_again: {
    'by staff': async (world) => {
      const { of, office, documents, id } = await handed(world);
      const review = { review: 'again', reason: 'Caducat' } as const;
      return () => documents.review(world.staff(), office, of.id, id, review);
    },
  },
  document_opened: {
    'by staff': async (world) => {
      const { of, office, documents, id } = await handed(world);
      return () => documents.open(world.staff(), office, of.id, id);
    },
    'by the citizen': async (world) => {
      const { of, office, documents, id } = await handed(world);
      return () => documents.open(world.citizen(of), office, of.id, id);
    },
  },
  document_refused: {
    'too large': async (world) => {
      const of = await world.attend();
      const office = await world.office();
      const paper = { kind: 'inbox', requested: null, name: 'dni.pdf', size: 2 ** 40 } as const;
      const what = { ...paper, type: 'application/pdf' };
      return () => documentsOf(world).begin(world.citizen(of), office, of.id, what);
    },
  },
  document_infected: {
    'by the antivirus': async (world) => {
      const { pass } = await handed(world, 'virus.pdf');
      return {
        act: () => {
          world.clock.advance({ minutes: 15 });
          return pass();
        },
        besides: {
          tables: ['public.document'],
          why: 'the check was begun, and is begun anew when its time is over',
        },
      };
    },
  },
  document_released: {
    'by a coordinator': async (world) => {
      const { of, office, documents, id } = await handed(world, 'locked.pdf');
      return () => documents.release(world.staff('coordinator'), office, of.id, id);
    },
  },
  document_withdrawn: {
    'by the citizen': async (world) => {
      const { of, office, documents, id } = await handed(world);
      return () => documents.withdraw(world.citizen(of), office, of.id, id);
    },
  },
  document_held: {
    'by a coordinator': async (world) => {
      const { of, office, documents, id } = await handed(world);
      return () => documents.hold(world.staff('coordinator'), office, of.id, id, 'Recurs');
    },
  },
  document_let_go: {
    'by a coordinator': async (world) => {
      const { of, office, documents, id } = await handed(world);
      const viewer = world.staff('coordinator');
      await documents.hold(viewer, office, of.id, id, 'Recurs');
      return () => documents.hold(viewer, office, of.id, id, null);
    },
  },
  document_destroyed: {
    'by the service': async (world) => {
      const { of, office, documents } = await handed(world);
      await world.context.encounter.cancel(world.staff(), office, of.id, '');
      world.until(world.clock.now().add({ hours: 24 * 60 }));
      return () => documents.destroy(office);
    },
  },
  document_verified: {
    'by whoever has its code': async (world) => {
      const { documents, code } = await handed(world, 'volant.pdf', 'outbox');
      return () => documents.verify(code);
    },
  },
  proved: {
    'by the citizen': async (world) => {
      const of = await world.attend();
      const office = await world.office();
      const { oneTimeCodes } = world.context;
      await oneTimeCodes.send(of, 'documents');
      const digits = await digitsFor(world, office, of, 'documents');
      return () => oneTimeCodes.enter(of, 'documents', digits);
    },
  },
  address_confirmed: {
    'by the citizen': async (world) => {
      const { of, office } = await frozen(world);
      return () => world.context.proofs.confirm(world.citizen(of), office, 'phone');
    },
  },
  address_vouched: {
    'by a second member of staff': async (world) => {
      const { of, office } = await frozen(world);
      const second = world.staff('agent', { staff: 99_999 });
      const how = { kind: 'phone', how: 'shown' } as const;
      return () => world.context.assistance.vouch(second, office, of.id, how);
    },
  },
  contact_disputed: {
    'by whoever was reached before': async (world) => {
      const { of } = await frozen(world);
      const notice = await within(world.house.database.kysely, of.office, (tx) =>
        tx
          .selectFrom('notice')
          .select('id')
          .where('appointment_id', '=', of.id)
          .where('kind', '=', 'contact')
          .executeTakeFirstOrThrow(),
      );
      const { context } = world;
      const token = context.links.stopUrl(notice.id, 'ca').split('/').at(-1)!;
      return () => context.objecting.object(token);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
