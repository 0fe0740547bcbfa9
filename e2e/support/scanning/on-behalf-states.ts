import type { StaffViewer } from '../../../src/lib/viewer.ts';
import { MARTA, NURIA } from '../console.ts';
import type { Every } from '../desk-states.ts';
import type { Town } from '../town.ts';

const PROCEDURE = 'instancia-generica';
const ANSWERS = {
  'assumpte.titol': 'Arranjar la vorera',
  'assumpte.te-expedient': false,
  'assumpte.exposo': 'La vorera del carrer Nou està trencada.',
  'assumpte.sollicito': 'Que l’arrangeu.',
  'documents.en-te': false,
  'avisos.com': 'electronica',
  'avisos.correu': 'maria@example.cat',
};
const PERSON = {
  name: 'Maria Puig Serra',
  nif: '12345678Z',
  document: 'nif',
  country: '',
} as const;

/** A form that a habilitated official hands in for the citizen of an appointment that is served: entered, refused, asked and consented to. */
export async function onBehalfStates(every: Every, town: Town, appointment: string): Promise<void> {
  const [nuria, marta] = await officials(town);
  const id = await town.operate(async ({ offices, cases }) => {
    const office = (await offices.find('oac'))!;
    const done = await cases.beginIn(nuria, office, { appointment }, PROCEDURE);
    if (!done.ok) throw new Error(done.reason);
    await cases.answer(nuria, office, done.id, ANSWERS);
    return done.id;
  });
  const at = `/console/oac/on-behalf/${id}`;
  await every('on behalf', (client) => client.get(at));
  await every('on behalf: errors', (client) => client.post(at, { seen: '1' }));
  await every('on behalf: changed meanwhile', (client) => client.post(at, { seen: '0' }));
  const act = await town.operate(async ({ offices, casesByAct, consent }) => {
    const office = (await offices.find('oac'))!;
    const asked = { ...PERSON, seen: 1, template: 'formulari', language: 'ca' as const };
    const made = await casesByAct.prepareAct(nuria, office, id, {
      ...asked,
      declared: ['veritat'],
      mayBeAttended: true,
    });
    if (!made.ok) throw new Error(made.reason);
    await consent.hear(nuria, office, appointment, made.act);
    return made.act;
  });
  const page = `/console/oac/appointment/${appointment}/acts/${act}`;
  await every('on behalf: asked', (client) => client.get(page));
  await every('on behalf: not consented to', (client) => client.post(`${at}/${act}`, {}));
  await town.operate(async ({ offices, consent }) => {
    const office = (await offices.find('oac'))!;
    await consent.witness(marta, office, appointment, act);
  });
  await every('on behalf: consented to', (client) => client.get(page));
  await every('a form with somebody: on their behalf', (client) =>
    client.get(`/console/oac/form/${id}`),
  );
}

/** Returns Núria, who is habilitated, and Marta, who hears the same. */
const officials = (town: Town): Promise<[StaffViewer, StaffViewer]> =>
  town.look(async (tx) => {
    const { id: office } = await tx
      .selectFrom('office')
      .select('id')
      .where('code', '=', 'oac')
      .executeTakeFirstOrThrow();
    const of = async (email: string): Promise<StaffViewer> => {
      const { id: staff } = await tx
        .selectFrom('staff')
        .select('id')
        .where('email', '=', email)
        .executeTakeFirstOrThrow();
      return { kind: 'staff', staff, name: email, office, role: 'coordinator', desk: null };
    };
    return [await of(NURIA), await of(MARTA)];
  });
