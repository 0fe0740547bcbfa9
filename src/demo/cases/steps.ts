import type { Office } from '../../domain/office/types.ts';
import type { ApplicantViewer, StaffViewer } from '../../lib/viewer.ts';
import type { CasesAt } from '../../wiring/service.ts';
import type { Asked, Ends } from './asked.ts';

/** Who has to do with cases. */
export interface Officials {
  /** Works on it. */
  agent: StaffViewer;
  /** Reviews and issues what the agent wrote. */
  coordinator: StaffViewer;
}

/** Whoever hands a case in. */
export interface Person {
  who: NonNullable<ApplicantViewer['identified']>;
  email: string;
}

/** A case that goes on, and with what. */
export interface Going {
  services: CasesAt;
  office: Office;
  officials: Officials;
  asked: Asked;
  /** Null: it is not begun. */
  id: string | null;
  /** Returns who hands it in, identified at the first time; null: they could not be. */
  person(): Promise<Person | null>;
}

/** What happens in a case at one time. */
export interface Step {
  /** Milliseconds after the step before it. */
  after: number;
  /** Returns whether it goes on. What was done before, and is done again, changes nothing. */
  run(going: Going): Promise<boolean>;
}

const PROCEDURE = 'instancia-generica';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Returns the steps of a case in their order. */
export function stepsOf(ends: Ends): Step[] {
  const begun = [
    { after: 0, run: identify },
    { after: MINUTE, run: begin },
  ];
  if (ends === 'draft') return begun;
  const received = [...begun, { after: 12 * MINUTE, run: handIn }];
  if (ends === 'received') return received;
  const reviewed = [...received, { after: 20 * HOUR, run: take }, { after: HOUR, run: review }];
  return [...reviewed, ...lastOf(ends)];
}

function lastOf(ends: Ends): Step[] {
  const asked = { after: DAY, run: askToAmend };
  switch (ends) {
    case 'asked':
      return [asked];
    case 'amended':
      return [asked, { after: 2 * DAY, run: amend }];
    case 'report':
      return [
        { after: DAY, run: askReport },
        { after: 3 * DAY, run: answerReport },
      ];
    case 'granted':
    case 'refused':
      return [
        { after: DAY, run: write },
        { after: 2 * DAY, run: issue },
      ];
    default:
      return [];
  }
}

const identify = async ({ person }: Going): Promise<boolean> => (await person()) !== null;

/** Returns whoever hands in a case as the services see them. */
const applicantOf = ({ who }: Person, id: string): ApplicantViewer => ({
  kind: 'applicant',
  case: id,
  identified: who,
});

/** Returns the case as an official has it; null: it was not handed in. */
const workOf = ({ services, office, officials, id }: Going, by: StaffViewer = officials.agent) =>
  services.caseDesk.work(by, office, id ?? '');

async function begin(going: Going): Promise<boolean> {
  const { services, office, asked } = going;
  const person = await going.person();
  if (!person) return false;
  const what = { procedure: PROCEDURE, door: 'online', language: 'ca' } as const;
  going.id ??= await services.cases.begin(applicantOf(person, ''), office, what);
  const { id } = going;
  if (id === null) return false;
  const answered = await services.cases.answer(applicantOf(person, id), office, id, {
    'assumpte.titol': asked.title,
    'assumpte.te-expedient': false,
    'assumpte.exposo': asked.states,
    'assumpte.sollicito': asked.asks,
    'documents.en-te': false,
    'avisos.com': 'electronica',
    'avisos.correu': person.email,
    'declarations.veritat': true,
  });
  return answered.ok;
}

async function handIn(going: Going): Promise<boolean> {
  const { services, office, id } = going;
  const person = await going.person();
  if (!person || id === null) return false;
  const handed = await services.cases.handIn(applicantOf(person, id), office, id);
  return handed.ok || (await workOf(going)) !== null;
}

async function take(going: Going): Promise<boolean> {
  const { services, office, officials, id } = going;
  const work = await workOf(going);
  if (!work || id === null) return false;
  const { agent } = officials;
  await services.caseDesk.give(agent, office, id, { assignee: agent.staff, seen: work.seen });
  return true;
}

async function review(going: Going): Promise<boolean> {
  const { services, office, officials, id } = going;
  const work = await workOf(going);
  if (!work || id === null) return false;
  const to = { to: 'in-review', seen: work.seen };
  await services.caseDesk.step(officials.agent, office, id, to);
  return true;
}

async function askToAmend(going: Going): Promise<boolean> {
  const { services, office, officials, id } = going;
  const work = await workOf(going);
  if (!work || id === null) return false;
  await services.cases.askToAmend(officials.agent, office, id, {
    points: [
      {
        question: 'assumpte.exposo',
        text: 'Digueu-nos l’adreça exacta i des de quan passa, si us plau.',
      },
    ],
    seen: work.seen,
  });
  return true;
}

async function amend(going: Going): Promise<boolean> {
  const { services, office, asked, id } = going;
  const person = await going.person();
  if (!person || id === null) return false;
  const applicant = applicantOf(person, id);
  await services.cases.answer(applicant, office, id, {
    'assumpte.exposo': `${asked.states} És al número 12, des del setembre.`,
  });
  await services.cases.amend(applicant, office, id);
  return true;
}

async function askReport({ services, office, officials, id }: Going): Promise<boolean> {
  if (id === null) return false;
  await services.reports.ask(officials.agent, office, id, {
    question: 'Cal saber si hi ha antecedents i què en diu el servei.',
    steps: ['assumpte'],
    showsPerson: false,
    to: { office: office.id, staff: officials.coordinator.staff },
    workingDays: 10,
    suspends: false,
  });
  return true;
}

async function answerReport({ services, office, officials, id }: Going): Promise<boolean> {
  const { open } = await services.reports.asked(officials.coordinator, office);
  const one = open.find((each) => each.case === id);
  if (!one) return false;
  await services.reports.answer(officials.coordinator, one.id, {
    opinion: 'for',
    text: 'No hi ha antecedents. Es pot fer, amb les condicions de l’ordenança.',
  });
  return true;
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

async function write(going: Going): Promise<boolean> {
  const { services, office, officials, asked, id } = going;
  const outcome = asked.ends === 'refused' ? 'refused' : 'granted';
  const work = await workOf(going);
  if (!work || id === null) return false;
  const appeal = 'Es pot interposar recurs de reposició en el termini d’un mes.';
  const content = { ...WORDS[outcome], appeal };
  const asks = { outcome, content, before: null, seen: work.seen };
  await services.caseDesk.write(officials.agent, office, id, asks);
  return true;
}

async function issue(going: Going): Promise<boolean> {
  const { services, office, officials, id } = going;
  const written = await workOf(going, officials.coordinator);
  if (!written?.decision || id === null) return false;
  await services.caseDesk.issue(officials.coordinator, office, id, {
    before: written.decision.writtenAt.epochMilliseconds,
    seen: written.seen,
  });
  return true;
}
