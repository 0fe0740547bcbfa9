import { formSchema } from '../../../domain/form/schema.ts';
import { applyTown } from '../../../features/booking/administration/service.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import { towns } from './accounts.ts';
import type { Scenario, World } from './world.ts';

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
async function begun(world: World) {
  const { forms, cases } = world.context;
  const office = await world.office();
  await forms.publish(OPERATOR, office, form(5));
  const id = (await cases.begin(holder(''), office, WHAT))!;
  return { id, office, cases };
}

/** A case that its person has handed in. */
async function handedIn(world: World) {
  const on = await begun(world);
  await on.cases.handIn(holder(on.id), on.office, on.id);
  return on;
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
      return () => cases.begin(world.staff(), office, { ...WHAT, door: 'phone' });
    },
  },
  case_read: {
    'by staff': async (world) => {
      const { cases, office, id } = await handedIn(world);
      return () => cases.open(world.staff(), office, id);
    },
  },
  case_answered: {
    'by staff': async (world) => {
      const { cases, office, id } = await begun(world);
      return () => cases.answer(world.staff(), office, id, { 'qui.nom': 'Rosa' });
    },
  },
  case_handed_in: {
    'by the citizen': async (world) => {
      const { cases, office, id } = await begun(world);
      return () => cases.handIn(holder(id), office, id);
    },
  },
  case_moved: {
    'by staff': async (world) => {
      const { cases, office, id } = await handedIn(world);
      return () => cases.move(world.staff(), office, id, 'in-review');
    },
    'by the citizen': async (world) => {
      const { cases, office, id } = await handedIn(world);
      return () => cases.move(holder(id), office, id, 'withdrawn');
    },
  },
  case_assigned: {
    'by staff': async (world) => {
      const { cases, office, id } = await handedIn(world);
      const viewer = world.staff();
      return () => cases.assign(viewer, office, id, viewer.staff);
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
