import { formSchema } from '../../../domain/form/schema.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { DemoAnswer, Payment } from '../../../features/service/payments/types.ts';
import { within } from '../../../lib/db/database.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import type { Scenario, World } from './world.ts';

const OPERATOR = { kind: 'system', why: 'operator' } as const;

const FORM = formSchema.parse({
  procedure: 'volant-padro',
  steps: [{ id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] }],
  fee: 12.5,
});

const holder = (id: string): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: null,
});

/** A case whose fee is to be paid. */
async function filled(world: World) {
  const { forms, cases, payments } = world.context;
  const office = await world.office();
  await forms.publish(OPERATOR, office, FORM);
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  const id = (await cases.begin(holder(''), office, what))!;
  return { id, office, payments };
}

/** A case whose person is at the bank. */
async function atBank(world: World) {
  const on = await filled(world);
  const begun = await on.payments.begin(holder(on.id), on.office, on.id);
  if (!begun.ok) throw new Error(begun.reason);
  return { ...on, payment: begun.payment };
}

/** Returns what the bank sends. */
async function sentBy(world: World, payment: Payment, office: Office, answer: DemoAnswer) {
  const { payments } = world.context;
  const bank = (await payments.demo())!;
  const { fields } = (await payments.departure(payment, office, 'ca'))!;
  const asked = bank.open({
    version: fields['Ds_SignatureVersion'] ?? '',
    parameters: fields['Ds_MerchantParameters'] ?? '',
    signature: fields['Ds_Signature'] ?? '',
  })!;
  return bank.answer(asked, answer);
}

/** What the bank sent is kept before anything follows from it. */
const KEPT = {
  besides: {
    tables: ['public.payment_notification'],
    why: 'What the bank sent is kept first, so that the job can go on with it.',
  },
};

async function paid(world: World) {
  const on = await atBank(world);
  await on.payments.receive(await sentBy(world, on.payment, on.office, 'pay'));
  return on;
}

/** What is done with the fees of cases. */
export const PAYMENTS = {
  payment_begun: {
    'by the citizen': async (world) => {
      const { id, office, payments } = await filled(world);
      return () => payments.begin(holder(id), office, id);
    },
  },
  payment_paid: {
    'by the bank': async (world) => {
      const { payment, office, payments } = await atBank(world);
      const sent = await sentBy(world, payment, office, 'pay');
      return { act: () => payments.receive(sent), ...KEPT };
    },
  },
  payment_failed: {
    'by the bank': async (world) => {
      const { payment, office, payments } = await atBank(world);
      const sent = await sentBy(world, payment, office, 'deny');
      return { act: () => payments.receive(sent), ...KEPT };
    },
  },
  payment_refund_ordered: {
    'by an administrator': async (world) => {
      const { payment, office, payments } = await paid(world);
      return () => payments.refund(world.staff('administrator'), office, payment.id, 'Error');
    },
  },
  payment_refunded: {
    'by the bank': async (world) => {
      const { payment, office, payments } = await paid(world);
      const act = () => payments.refund(world.staff('administrator'), office, payment.id, 'Error');
      return {
        act,
        besides: {
          tables: ['public.payment', 'public.audit'],
          why: 'That it is to be given back is noted before the bank is told.',
        },
      };
    },
  },
  payment_destroyed: {
    'by the service': async (world) => {
      const { payment, office, payments } = await atBank(world);
      const asked = { look_at: null, begun_at: '2020-03-02T10:00:00Z' };
      await within(world.house.database.kysely, office.id, (tx) =>
        tx.updateTable('payment').set(asked).where('id', '=', payment.id).execute(),
      );
      return () => payments.destroy(office);
    },
  },
  payments_read: {
    'by an administrator': async (world) => {
      const { office, payments } = await paid(world);
      const from = Temporal.Instant.from('2026-01-01T00:00:00Z');
      const until = Temporal.Instant.from('2027-01-01T00:00:00Z');
      return () => payments.treasury(world.staff('administrator'), office, { from, until });
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
