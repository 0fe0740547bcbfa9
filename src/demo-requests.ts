import type { Context } from './context.ts';
import type { Office } from './domain/office/types.ts';
import { INSTALLATION, within } from './lib/db/database.ts';
import type { StaffViewer } from './lib/viewer.ts';

/** What a step needs beside its name. */
interface Done {
  step: 'plan' | 'begin' | 'ask' | 'answer' | 'refuse';
  words?: string;
  reason?: string;
}

interface Told {
  type: string;
  text: string;
  /** Degrees of latitude and longitude, in one of the districts. */
  at?: readonly [number, number];
  address?: string;
  answers?: Readonly<Record<string, readonly string[]>>;
  done?: readonly Done[];
  /** Whether everybody may read its words. */
  isShown?: boolean;
}

/** What people of the demo town have told, as somebody at the telephone wrote it down. Nobody is in it. */
const TOLD: readonly Told[] = [
  {
    type: 'fanal',
    text: 'Fa pampallugues tota la nit.',
    at: [41.5445, 2.1185],
    address: 'Passeig de l’Estació, 20',
    answers: { 'que-passa': ['pampallugues'] },
    done: [{ step: 'plan' }],
    isShown: true,
  },
  {
    type: 'fanal',
    text: 'El fanal de la cantonada està trencat.',
    at: [41.5532, 2.1142],
    address: 'Carrer de les Eres, 8',
    answers: { 'que-passa': ['trencat'] },
  },
  {
    type: 'clot',
    text: 'Hi ha un forat al mig del carrer.',
    at: [41.5418, 2.1065],
    address: 'Carrer Nou, 31',
    done: [{ step: 'begin' }],
  },
  {
    type: 'clot',
    text: 'Falten tres rajoles i la gent hi cau.',
    at: [41.5515, 2.0995],
    address: 'Avinguda del Pla, 5',
    done: [{ step: 'begin' }, { step: 'answer', words: 'Hem posat les rajoles que faltaven.' }],
    isShown: true,
  },
  {
    type: 'senyal',
    text: 'El semàfor no passa mai a verd.',
    at: [41.5462, 2.1201],
    address: 'Ronda de Llevant, 2',
    done: [{ step: 'plan' }],
  },
  {
    type: 'neteja',
    text: 'El contenidor del paper és ple des de dilluns.',
    at: [41.5431, 2.0987],
    address: 'Carrer de la Font, 14',
  },
  {
    type: 'neteja',
    text: 'Hi ha una pintada a la paret de l’escola.',
    at: [41.5403, 2.1078],
    address: 'Carrer de l’Escola, 1',
    done: [{ step: 'begin' }, { step: 'answer', words: 'Ja està net.' }],
  },
  {
    type: 'mobles',
    text: 'Un sofà i dues cadires a la vorera.',
    at: [41.5541, 2.1089],
    address: 'Carrer del Molí, 9',
    answers: { quants: ['3'] },
    done: [{ step: 'plan' }],
  },
  {
    type: 'arbre',
    text: 'Una branca penja sobre els gronxadors.',
    at: [41.5479, 2.1012],
    address: 'Parc del Pla',
    done: [{ step: 'ask', words: 'És la branca del pi o la de l’alzina?' }],
  },
  {
    type: 'barrera',
    text: 'La vorera no té gual i amb la cadira no hi puc pujar.',
    at: [41.5427, 2.1131],
    address: 'Carrer de la Creu, 4',
  },
  {
    type: 'barrera',
    text: 'El graó de la botiga és massa alt.',
    at: [41.5452, 2.1072],
    address: 'Carrer Major, 40',
    done: [{ step: 'refuse', reason: 'privat' }],
  },
  {
    type: 'suggeriment',
    text: 'Poseu més bancs a l’ombra a la plaça.',
    at: [41.5471, 2.1083],
    address: 'Plaça Major',
  },
  {
    type: 'soroll',
    text: 'La terrassa del bar no tanca fins a les dues.',
    at: [41.5439, 2.1094],
    answers: { quan: ['nit', 'cap-de-setmana'] },
  },
  { type: 'consulta', text: 'A quina hora obre la deixalleria els dissabtes?' },
];

/** Writes down what people of the demo town have told, with some of it answered: its inbox and its map have something to show from the beginning. */
export async function tellDemoRequests({
  offices,
  requests,
  database,
}: Pick<Context, 'offices' | 'requests' | 'database'>): Promise<void> {
  const office = await offices.find('oac');
  const viewer = office && (await coordinatorOf(database.kysely, office));
  if (!office || !viewer) return;
  for (const told of TOLD) await tell(requests, viewer, office, told);
}

async function coordinatorOf(
  db: Context['database']['kysely'],
  office: Office,
): Promise<StaffViewer | null> {
  const found = await within(db, INSTALLATION, (tx) =>
    tx
      .selectFrom('staff')
      .innerJoin('staff_role', 'staff_role.staff_id', 'staff.id')
      .select(['staff.id as staff', 'staff.name'])
      .where('staff_role.office_id', '=', office.id)
      .where('staff_role.role', '=', 'coordinator')
      .orderBy('staff.id')
      .executeTakeFirst(),
  );
  return found
    ? { ...found, kind: 'staff', office: office.id, role: 'coordinator', desk: null }
    : null;
}

async function tell(
  requests: Context['requests'],
  viewer: StaffViewer,
  office: Office,
  { type, text, at, address = '', answers = {}, done = [], isShown = false }: Told,
): Promise<void> {
  const [lat, lon] = at ?? [];
  const made = await requests.open(viewer, office, {
    type,
    text,
    answers,
    address,
    area: null,
    door: 'phone',
    language: 'ca',
    point: lat === undefined || lon === undefined ? null : { lat, lon },
    tellBy: 'page',
    isAnonymous: false,
    name: 'Persona de mostra',
    email: '',
    phone: '',
    encounter: null,
  });
  if (!('row' in made)) throw new Error(`The demo town takes no ${type}: ${JSON.stringify(made)}`);
  const { id } = made.row;
  let seen = made.row.version;
  for (const each of done) {
    const taken = await requests.step(viewer, office, id, { ...each, seen });
    if (!taken.ok) throw new Error(`${each.step} of a ${type} of the demo town: ${taken.reason}`);
    seen = (await requests.work(viewer, office, id))?.row.version ?? seen;
  }
  if (isShown) await requests.show(viewer, office, id, { text: true, photos: [], seen });
}
