import { provedCitizen } from '../../../features/booking/proof/testing.ts';
import type { Unbooked } from '../../../features/service/cases/unbooked/service.ts';
import { paperCode } from '../../../features/service/consent/paper/rules.ts';
import { transactionHash } from '../../../features/service/consent/rules.ts';
import type { CitizenViewer } from '../../../lib/viewer.ts';
import { identified } from '../identification.ts';
import { digitsFor } from './rooms.ts';
import { DRAFT, type Scenario, staffOf, type World } from './world.ts';

/** Prepares an act for a citizen's consent. */
async function prepared(world: World) {
  const of = await world.attend();
  const office = await world.office();
  const prepare = () =>
    world.context.consent.prepare(world.staff(), office, of.id, {
      ...({ template: 'sollicitud', language: 'ca', details: 'Alta' } as const),
      documents: [],
      mayBeAttended: true,
    });
  return { of, office, prepare };
}

async function act(world: World) {
  const { of, office, prepare } = await prepared(world);
  const made = await prepare();
  if (!made.ok) throw new Error(JSON.stringify(made));
  return { of, office, id: made.id };
}

/** Prepares an act with somebody at the counter, who can sign it on paper. */
async function signing(world: World) {
  const { context } = world;
  const office = await world.office();
  const who: Unbooked = {
    procedure: 'volant-padro',
    channel: 'in_person',
    site: null,
    language: 'ca',
    noticeLanguage: 'ca',
    onBehalfOf: null,
    needs: [],
    interpreter: null,
    comment: '',
    citizen: { name: 'Rosa Soler', phone: null, email: null },
  };
  const how = { key: 'key-of-deed', withForm: false };
  const served = await context.serving.serveUnbooked(world.staff(), office, who, how);
  if (!served.ok) throw new Error(served.reason);
  const of = { id: served.appointment };
  await context.encounter.save(world.staff(), office, { appointment: of.id }, 1, DRAFT);
  const made = await context.consent.prepare(world.staff(), office, of.id, {
    template: 'sollicitud',
    language: 'ca',
    details: 'Alta',
    documents: [],
    mayBeAttended: true,
  });
  if (!made.ok) throw new Error(JSON.stringify(made));
  return { of, office, id: made.id };
}

/** Returns the code of the paper of an act. */
async function paperAt(world: World, { id: appointment }: { id: string }, id: string) {
  const seen = await world.context.consent.read(
    world.staff(),
    await world.office(),
    appointment,
    id,
  );
  return { code: paperCode(seen?.hash ?? '') };
}

/** Goes through a consent by code, up to the last step. */
async function consenting(world: World) {
  const { context } = world;
  const { of, office, id } = await act(world);
  const sent = await context.consent.sendCode(world.citizen(of), office, of.id, id);
  if (!sent.ok) throw new Error(sent.reason);
  const digits = await digitsFor(world, office, of, `act ${id}`);
  const consent = () => context.consent.consentByCode(world.citizen(of), office, of.id, id, digits);
  return { of, office, id, consent };
}

/** Goes through a consent by identity, up to the last step: a code in the browser shows that it is the citizen. */
async function identifying(world: World) {
  const { context } = world;
  const { of, office, id } = await act(world);
  const viewer = provedCitizen(of.id) as CitizenViewer;
  const seen = await context.consent.read(viewer, office, of.id, id);
  const transaction = { hash: transactionHash(seen?.hash ?? ''), words: 'Alta' };
  const given = {
    identification: await identified(context, '12345678Z', transaction),
    link: of.link,
  };
  const consent = () => context.consent.consentByIdentity(viewer, office, of.id, id, given);
  return { consent };
}

async function consented(world: World, how: typeof consenting | typeof identifying = consenting) {
  const { consent } = await how(world);
  const done = await consent();
  if (!done.ok) throw new Error(done.reason);
}

export const ACTS = {
  act_prepared: { 'by the official': async (world) => (await prepared(world)).prepare },
  act_read: {
    'by staff': async (world) => {
      const { of, office, id } = await act(world);
      return () => world.context.consent.read(world.staff(), office, of.id, id);
    },
  },
  act_code_sent: {
    'by the official': async (world) => {
      const { of, office, id } = await act(world);
      return () => world.context.consent.sendCode(world.staff(), office, of.id, id);
    },
  },
  act_heard: {
    'by the official': async (world) => {
      const { of, office, id } = await act(world);
      return () => world.context.consent.hear(world.staff(), office, of.id, id);
    },
  },
  act_signed: {
    'by the official': async (world) => {
      const { of, office, id } = await signing(world);
      const { code } = await paperAt(world, of, id);
      const given = { code, scan: '', place: 'Arxivador 3' };
      return () => world.context.consent.consentOnPaper(world.staff(), office, of.id, id, given);
    },
  },
  act_consented: {
    'by a paper that a second person saw': async (world) => {
      const { of, office, id } = await signing(world);
      const { code } = await paperAt(world, of, id);
      const { consent } = world.context;
      const given = { code, scan: '', place: 'Arxivador 3' };
      await consent.consentOnPaper(world.staff(), office, of.id, id, given);
      const nuria = await staffOf(world.house, 'nuria.roca@vilaclara.example');
      const witness = world.staff('coordinator', { staff: nuria, name: 'Núria' });
      return () => consent.witnessPaper(witness, office, of.id, id, code);
    },
    'by the citizen': async (world) => (await consenting(world)).consent,
    'by their identity': async (world) => (await identifying(world)).consent,
  },
  act_declined: {
    'by the citizen': async (world) => {
      const { of, office, id } = await act(world);
      return () => world.context.consent.decline(world.citizen(of), office, of.id, id);
    },
  },
  act_withdrawn: {
    'by the official': async (world) => {
      const { of, office, id } = await act(world);
      return () => world.context.consent.withdraw(world.staff(), office, of.id, id);
    },
  },
  act_expired: {
    'by the service': async (world) => {
      // What others are owed would be given in the same pass.
      await world.context.consent.pass();
      await act(world);
      world.until(world.clock.now().add({ hours: 48 }));
      return () => world.context.consent.pass();
    },
  },
  act_copied: {
    'by the service': async (world) => {
      await world.context.consent.pass();
      await consented(world);
      return {
        act: () => world.context.consent.pass(),
        besides: {
          tables: ['document', 'document_piece', 'document_key', 'opening', 'audit'].map(
            (each) => `public.${each}`,
          ),
          why: 'the copy is stored in pieces first, under an id of its own, and gone on with the next time',
        },
      };
    },
  },
  act_destroyed: {
    'by the service': async (world) => {
      await consented(world);
      await world.context.consent.pass();
      world.until(world.clock.now().add({ hours: 24 * 3000 }));
      const office = await world.office();
      return () => world.context.consent.destroy(office);
    },
    'with the identification on which it relied': async (world) => {
      await consented(world, identifying);
      await world.context.consent.pass();
      world.until(world.clock.now().add({ hours: 24 * 3000 }));
      const office = await world.office();
      return () => world.context.consent.destroy(office);
    },
  },
} satisfies Record<string, Record<string, Scenario>>;
