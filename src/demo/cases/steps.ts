import type { Office } from '../../domain/office/types.ts';
import type { ApplicantViewer, StaffViewer } from '../../lib/viewer.ts';
import type { CasesAt } from '../../wiring/service.ts';
import type { Asked } from './asked.ts';

/** Who has to do with cases. */
export interface Officials {
  /** Works on it. */
  agent: StaffViewer;
  /** Reviews and issues what the agent wrote. */
  coordinator: StaffViewer;
}

/** A case that goes on, and with what. */
export interface Going {
  services: CasesAt;
  office: Office;
  officials: Officials;
  asked: Asked;
  /** Hands it in. */
  person: { who: NonNullable<ApplicantViewer['identified']>; email: string };
}

const PROCEDURE = 'instancia-generica';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Goes through a case. It yields the milliseconds until its next step, and goes on once they have passed: so many cases go on side by side, in the order of
 * time. Returns when nothing follows, or a service refuses.
 */
export async function* lifeOf(going: Going): AsyncGenerator<number, void> {
  const { services, office, officials, asked } = going;
  const { agent } = officials;
  const id = await begin(going);
  if (!id) return;
  yield 12 * 60_000;
  if (asked.ends === 'draft') return;
  const handed = await services.cases.handIn(applicantOf(going, id), office, id);
  if (!handed.ok || asked.ends === 'received') return;
  yield 20 * HOUR;
  const seen = async () => (await services.caseDesk.work(agent, office, id))?.seen;
  const free = await seen();
  if (!free) return;
  await services.caseDesk.give(agent, office, id, { assignee: agent.staff, seen: free });
  yield HOUR;
  const taken = await seen();
  if (!taken) return;
  await services.caseDesk.step(agent, office, id, { to: 'in-review', seen: taken });
  if (asked.ends === 'review') return;
  yield DAY;
  if (asked.ends === 'report') yield* report(going, id);
  else if (asked.ends === 'asked' || asked.ends === 'amended') yield* amend(going, id);
  else yield* decide(going, id);
}

const applicantOf = ({ person }: Going, id: string): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: person.who,
});

async function begin(going: Going): Promise<string | null> {
  const { services, office, asked, person } = going;
  const what = { procedure: PROCEDURE, door: 'online', language: 'ca' } as const;
  const id = await services.cases.begin(applicantOf(going, ''), office, what);
  if (!id) return null;
  const answered = await services.cases.answer(applicantOf(going, id), office, id, {
    'assumpte.titol': asked.title,
    'assumpte.te-expedient': false,
    'assumpte.exposo': asked.states,
    'assumpte.sollicito': asked.asks,
    'documents.en-te': false,
    'avisos.com': 'electronica',
    'avisos.correu': person.email,
    'declarations.veritat': true,
  });
  return answered.ok ? id : null;
}

async function* amend(going: Going, id: string): AsyncGenerator<number, void> {
  const { services, office, officials, asked } = going;
  const work = await services.caseDesk.work(officials.agent, office, id);
  if (!work) return;
  await services.cases.askToAmend(officials.agent, office, id, {
    points: [
      {
        question: 'assumpte.exposo',
        text: 'Digueu-nos l’adreça exacta i des de quan passa, si us plau.',
      },
    ],
    seen: work.seen,
  });
  if (asked.ends === 'asked') return;
  yield 2 * DAY;
  const person = applicantOf(going, id);
  await services.cases.answer(person, office, id, {
    'assumpte.exposo': `${asked.states} És al número 12, des del setembre.`,
  });
  await services.cases.amend(person, office, id);
}

async function* report(going: Going, id: string): AsyncGenerator<number, void> {
  const { services, office, officials } = going;
  const { agent, coordinator } = officials;
  await services.reports.ask(agent, office, id, {
    question: 'Cal saber si hi ha antecedents i què en diu el servei.',
    steps: ['assumpte'],
    showsPerson: false,
    to: { office: office.id, staff: coordinator.staff },
    workingDays: 10,
    suspends: false,
  });
  yield 3 * DAY;
  const { open } = await services.reports.asked(coordinator, office);
  const one = open.find((each) => each.case === id);
  if (!one) return;
  await services.reports.answer(coordinator, one.id, {
    opinion: 'for',
    text: 'No hi ha antecedents. Es pot fer, amb les condicions de l’ordenança.',
  });
}

const WORDS = {
  granted: {
    text: 'S’accepta la sol·licitud en els termes en què s’ha presentat.',
    reasons: '',
  },
  refused: {
    text: 'Es desestima la sol·licitud.',
    reasons: 'L’ordenança municipal no ho permet en aquest cas.',
  },
} as const;

async function* decide(going: Going, id: string): AsyncGenerator<number, void> {
  const { services, office, officials, asked } = going;
  const { agent, coordinator } = officials;
  const outcome = asked.ends === 'refused' ? 'refused' : 'granted';
  const before = await services.caseDesk.work(agent, office, id);
  if (!before) return;
  const appeal = 'Es pot interposar recurs de reposició en el termini d’un mes.';
  const content = { ...WORDS[outcome], appeal };
  const asks = { outcome, content, before: null, seen: before.seen };
  await services.caseDesk.write(agent, office, id, asks);
  yield 2 * DAY;
  const written = await services.caseDesk.work(coordinator, office, id);
  if (!written?.decision) return;
  await services.caseDesk.issue(coordinator, office, id, {
    before: written.decision.writtenAt.epochMilliseconds,
    seen: written.seen,
  });
}
