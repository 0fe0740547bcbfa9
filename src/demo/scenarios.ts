import type { Context } from '../context.ts';
import type { Office } from '../domain/office/types.ts';
import type { StaffViewer } from '../lib/viewer.ts';
import type { Scenario } from '../web/demo/types.ts';
import { isAtWork } from './beginning.ts';
import { type ChatScript, createChatters } from './chatters.ts';
import type { DemoDay } from './day.ts';
import { bookSoon, nextOf } from './soon.ts';

/** The office and the desk at which things happen: those of the persona who is an agent. */
const OFFICE = 'oac';
const DESK = 'taula-1';
/** The desk that falls silent, and for how long. */
const SILENT = { desk: 'taula-3', minutes: 20 };

/** Who waits by video. */
const WAITS = {
  name: 'Pilar Ortega Coll',
  email: 'pilar.ortega@veinat.example',
  phone: '+34600010001',
};

/** What is told of a street light, in a district of the town. */
const LIGHT = {
  type: 'fanal',
  text: 'El fanal de davant del 14 fa pampallugues i de nit no s’hi veu.',
  answers: { 'que-passa': ['pampallugues'] },
  point: { lat: 41.5446, lon: 2.1079 },
  address: 'Carrer de la Font, 14',
};

/** What somebody writes who missed a call, and what anybody asks. They answer with the next line whenever the desk has written. */
const CHATS: Readonly<Record<'second-call' | 'chat', ChatScript>> = {
  'second-call': {
    topic: 'tramits',
    name: 'Marc Vila',
    lines: [
      'Em fa l’efecte que m’acabeu de trucar i no hi he arribat. Em podeu tornar a trucar?',
      'Sí, al mateix número. Gràcies!',
      'Perfecte.',
    ],
  },
  chat: {
    topic: 'padro',
    name: 'Salma Benali',
    lines: [
      'Hola! Em vaig mudar la setmana passada. Què em cal per empadronar-me amb els dos nens?',
      'El contracte de lloguer el tinc. Els nens tenen passaport, val?',
      'Molt bé, doncs demano hora. Moltes gràcies!',
    ],
  },
};

type Deps = Pick<
  Context,
  | 'offices'
  | 'database'
  | 'clock'
  | 'appointments'
  | 'encounter'
  | 'room'
  | 'documents'
  | 'requests'
  | 'chats'
  | 'chatDesk'
  | 'staff'
>;

export interface Scenarios {
  /** Lets it happen now. Returns false where it can't be. */
  play(scenario: Scenario): Promise<boolean>;
  /** Has the people of the scenarios go on: they stay, and answer. */
  goOn(): Promise<void>;
  stop(): void;
}

/** What a scenario has to do with. */
interface Scene {
  office: Office;
  agent: StaffViewer;
}

export function createScenarios(deps: Deps, day: DemoDay): Scenarios {
  const chatters = createChatters(deps);
  const leaving: (() => void)[] = [];
  const plays: Record<Scenario, (scene: Scene) => Promise<boolean>> = {
    video: (scene) => waitByVideo(deps, scene, (leave) => leaving.push(leave)),
    'second-call': async (scene) => {
      const isMissed = await missCall(deps, scene);
      return isMissed && chatters.begin(scene.office, CHATS['second-call']);
    },
    papers: (scene) => sendPapers(deps, scene),
    silent: async ({ office }) => {
      const desk = office.desks.find(({ code }) => code === SILENT.desk);
      if (desk) day.silence(desk.id, deps.clock.now().add({ minutes: SILENT.minutes }));
      return desk !== undefined;
    },
    chat: ({ office }) => chatters.begin(office, CHATS.chat),
    light: ({ office }) => tellOfLight(deps, office),
  };
  return {
    async play(scenario) {
      const office = await deps.offices.find(OFFICE);
      if (office && scenario !== 'light' && !isAtWork(office, deps.clock.now())) return false;
      const agent = office && (await day.agentAt(office, DESK));
      return agent ? plays[scenario]({ office, agent }) : false;
    },
    goOn: () => chatters.goOn(),
    stop: () => {
      for (const leave of leaving) leave();
    },
  };
}

/** Somebody comes into the room of an appointment at the desk, and waits there. */
async function waitByVideo(
  deps: Deps,
  { office, agent }: Scene,
  stays: (leave: () => void) => void,
): Promise<boolean> {
  const id = await bookSoon(deps, office, agent, { channel: 'video', person: WAITS });
  if (!id) return false;
  const entered = await deps.room.enter({ kind: 'citizen', appointment: id }, office.id, id);
  if (!entered.ok) return false;
  // Their page is open, and nobody reads what it is sent.
  stays(await deps.room.follow(entered.seat, { send: () => {} }, 0));
  return true;
}

/** The desk has called the next one by telephone, who did not answer. */
async function missCall(deps: Deps, { office, agent }: Scene): Promise<boolean> {
  const next = await nextOf(deps, office, agent, 'phone');
  if (!next) return false;
  const attempt = { number: 1, outcome: 'no_answer', note: '', anyway: true } as const;
  const logged = await deps.encounter.logAttempt(agent, office, next.id, attempt);
  return logged.ok;
}

/** A page of PDF with one line, as a scanner would send it. */
const PAPER = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 52>>stream
BT /F1 14 Tf 20 150 Td (Document de mostra) Tj ET   
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
`;

/** The next one of the desk sends a paper. */
async function sendPapers(deps: Deps, { office, agent }: Scene): Promise<boolean> {
  const next = await nextOf(deps, office, agent);
  if (!next) return false;
  const citizen = { kind: 'citizen', appointment: next.id } as const;
  const paper = {
    kind: 'inbox',
    requested: null,
    name: 'dni.pdf',
    type: 'application/pdf',
  } as const;
  const kept = await deps.documents.keep(citizen, office, next.id, paper, Buffer.from(PAPER));
  return kept.ok;
}

async function tellOfLight({ requests }: Deps, office: Office): Promise<boolean> {
  const { type, text, answers, point, address } = LIGHT;
  const begun = await requests.begin(office, { type, language: 'ca' });
  if (!begun) return false;
  const viewer = { kind: 'requester', request: begun.id } as const;
  await requests.writePlace(viewer, office, begun.id, { point, address, area: null });
  await requests.writeText(viewer, office, begun.id, { text, answers });
  await requests.writeContact(viewer, office, begun.id, {
    tellBy: 'page',
    isAnonymous: true,
    name: '',
    email: '',
    phone: '',
  });
  return (await requests.send(viewer, office, begun.id)).ok;
}
