import { randomInt } from 'node:crypto';
import { formSchema } from '../../../domain/form/schema.ts';
import { identifySomebody } from '../../../features/foundation/identification/testing.ts';
import {
  AWAY,
  REFUSED,
  standInPort,
} from '../../../features/service/notifications/elsewhere/testing.ts';
import type { HandedNews } from '../../../features/service/notifications/types.ts';
import { within } from '../../../lib/db/database.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import { notifyingAt } from '../elsewhere.ts';
import type { Scenario, World } from './world.ts';

const OPERATOR = { kind: 'system', why: 'operator' } as const;
const WORDS = { text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' };
const FORM = formSchema.parse({
  procedure: 'volant-padro',
  steps: [
    {
      id: 'qui',
      questions: [{ id: 'correu', type: 'email', label: { ca: 'Correu' }, from: 'contact.email' }],
    },
  ],
});

/** A case whose decision is written, of a person who chose to be notified in their folder, or not. */
async function written(world: World, isElectronic: boolean) {
  const { context, clock, house } = world;
  const { forms, cases, caseDesk, notifications } = context;
  const office = await world.office();
  await forms.publish(OPERATOR, office, FORM);
  const person = await identifySomebody(house.database.kysely, context.keys.people, clock.now());
  await notifications.choose(person, isElectronic);
  const as = (id: string): ApplicantViewer => ({ kind: 'applicant', case: id, identified: person });
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(as(''), office, what))!;
  await cases.answer(as(id), office, id, { 'qui.correu': 'rosa@example.cat' });
  await cases.handIn(as(id), office, id);
  const viewer = world.staff();
  const work = async () => (await caseDesk.work(viewer, office, id))!;
  await caseDesk.step(viewer, office, id, { to: 'in-review', seen: (await work()).seen });
  await caseDesk.give(viewer, office, id, { assignee: viewer.staff, seen: (await work()).seen });
  const asked = { outcome: 'granted', content: WORDS, before: null, seen: (await work()).seen };
  await caseDesk.write(viewer, office, id, asked);
  const { seen, decision } = await work();
  const issue = { before: decision!.writtenAt.epochMilliseconds, seen };
  const another = world.staff('coordinator', { staff: 99_999 });
  return { notifications, caseDesk, office, id, person, viewer, another, issue };
}

/** A case whose decision was issued, and waits to be notified. */
async function waiting(world: World, isElectronic = true) {
  const on = await written(world, isElectronic);
  const { caseDesk, notifications, office, id, another, issue, viewer } = on;
  await caseDesk.issue(another, office, id, issue);
  const { notification } = (await notifications.ofCase(viewer, office, id))!;
  return { ...on, notification: notification.id };
}

/** A case whose decision is owed to e-NOTUM, or was handed over to its stand-in. */
async function owed(world: World, isHandedOver: boolean) {
  const { context, house } = world;
  const port = standInPort(randomInt(1e9));
  const elsewhere = notifyingAt(context, port);
  const on = await waiting(world);
  const { office, notification } = on;
  const now = world.clock.now().toString();
  await within(house.database.kysely, office.id, async (tx) => {
    const there = { via: 'enotum', expires_at: null };
    await tx.updateTable('notification').set(there).where('id', '=', notification).execute();
    const values = { notification_id: notification, office_id: office.id, owed_at: now };
    await tx
      .insertInto('notification_handover')
      .values({ ...values, next_try_at: now })
      .execute();
  });
  if (isHandedOver) await elsewhere.handOver();
  const handover = (await on.notifications.ofCase(on.viewer, office, on.id))?.handover;
  const tells = (state: HandedNews['state']) => {
    const at = world.clock.now();
    port.told.push({ number: handover?.number ?? '', state, at, by: null });
  };
  return { ...on, elsewhere, port, tells };
}

/** What e-NOTUM tells, with its evidence away. */
const told =
  (state: HandedNews['state']): Scenario =>
  async (world) => {
    const { elsewhere, port, tells } = await owed(world, true);
    tells(state);
    port.failing = { evidence: AWAY };
    return () => elsewhere.hearNews();
  };

/** What is done with the notification of decisions. */
export const NOTIFICATIONS = {
  notification_made: {
    'by whoever issues the decision': async (world) => {
      const { caseDesk, office, id, another, issue } = await written(world, true);
      return () => caseDesk.issue(another, office, id, issue);
    },
  },
  notification_handed: {
    'by the job': async (world) => {
      const { elsewhere } = await owed(world, false);
      return {
        act: () => elsewhere.handOver(),
        again: () => {
          world.clock.advance({ minutes: 20 });
          return elsewhere.handOver();
        },
        besides: {
          tables: ['public.notification_handover'],
          why: 'it is noted before it is sent',
        },
      };
    },
  },
  notification_deposited: { 'by the job': told('available') },
  notification_stopped: { 'by the job': told('failed') },
  notification_again: {
    'by staff': async (world) => {
      const { elsewhere, tells, viewer, office, id } = await owed(world, true);
      tells('failed');
      await elsewhere.hearNews();
      return () => elsewhere.handAgain(viewer, office, id);
    },
  },
  notification_taken_back: {
    'by staff': async (world) => {
      const { elsewhere, port, viewer, office, id } = await owed(world, false);
      port.failing = { hand: REFUSED };
      await elsewhere.handOver();
      return () => elsewhere.takeBack(viewer, office, id);
    },
  },
  notification_noticed: {
    'by the job': async (world) => {
      const { notifications, office, id } = await waiting(world);
      const sent_at = world.clock.now().toString();
      await within(world.house.database.kysely, office.id, (tx) =>
        tx.updateTable('notice').set({ sent_at }).where('case_id', '=', id).execute(),
      );
      return () => notifications.noteNotices();
    },
  },
  notification_accepted: {
    'at e-NOTUM': told('accepted'),
    'by the person': async (world) => {
      const { notifications, person, notification } = await waiting(world);
      return () => notifications.accept(person, notification);
    },
  },
  notification_rejected: {
    'at e-NOTUM': told('rejected'),
    'by the person': async (world) => {
      const { notifications, person, notification } = await waiting(world);
      return () => notifications.reject(person, notification);
    },
  },
  notification_expired: {
    'at e-NOTUM': told('expired'),
    'by the job': async (world) => {
      const { notifications } = await waiting(world);
      world.clock.advance({ hours: 24 * 12 });
      return () => notifications.expire();
    },
  },
  notification_recorded: {
    'by staff': async (world) => {
      const { notifications, viewer, office, id } = await waiting(world, false);
      const on = world.clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
      return () => notifications.record(viewer, office, id, { result: 'delivered', on });
    },
  },
  notification_read: {
    'by the person': async (world) => {
      const { notifications, person, notification } = await waiting(world);
      await notifications.accept(person, notification);
      return () => notifications.document(person, notification);
    },
    'the evidence of e-NOTUM, by staff': async (world) => {
      const { elsewhere, viewer, office, id, tells } = await owed(world, true);
      tells('accepted');
      await elsewhere.hearNews();
      return () => elsewhere.theirEvidence(viewer, office, id);
    },
  },
  notification_evidence: {
    'of e-NOTUM': async (world) => {
      const { elsewhere, port, tells } = await owed(world, true);
      tells('accepted');
      port.failing = { evidence: AWAY };
      await elsewhere.hearNews();
      port.failing = {};
      return () => elsewhere.hearNews();
    },
    'by staff': async (world) => {
      const { notifications, viewer, office, id } = await waiting(world);
      return () => notifications.evidence(viewer, office, id);
    },
  },
  notification_verified: {
    'by a verifier': async (world) => {
      const { notifications, viewer, office, id } = await waiting(world);
      const code = await codeOf((await notifications.evidence(viewer, office, id))!.bytes);
      return () => notifications.verify(code);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;

/** Returns the verification code that a document has in its text. */
async function codeOf(bytes: Buffer): Promise<string> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(bytes) }).promise;
  const { items } = await (await document.getPage(1)).getTextContent();
  const text = items.map((each) => ('str' in each ? each.str : '')).join('');
  return /[A-Z\d]{4}(?:-[A-Z\d]{4}){6}/.exec(text)?.[0]?.replaceAll('-', '') ?? '';
}
