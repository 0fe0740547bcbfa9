import type { ComponentChildren } from 'preact';
import { aboutApplication } from '../../../features/service/cases/rules.ts';
import type { Conversation } from '../../../features/service/cases/service.ts';
import { type CaseWork, MESSAGES_SHOWN } from '../../../features/service/cases/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { staffIn } from '../../../lib/viewer.ts';
import { BackLink, Notice, Tag } from '../../../ui/parts.tsx';
import { stateName } from '../../words/states.ts';
import { peopleFor } from '../handling/people.ts';
import { PaymentsOfCase } from '../payments/of-case.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { asAsked, VersionNotice } from './amended.tsx';
import { Answers } from './answers.tsx';
import { KeepingPart } from './archive/part.tsx';
import { CosignersPart } from './cosigners.tsx';
import { addressOf, queryOf } from './filter.ts';
import { Kept, type KeptWords, keptPage } from './kept.tsx';
import { awaitsAnswer, MessagesPart } from './messages/part.tsx';
import { NotificationPart } from './notification/part.tsx';
import { AmendmentsPart, DecisionPart, HistoryPart, NotesPart, Registered } from './parts.tsx';
import { officeNames, ReportsPart } from './reports/part.tsx';
import { SignatureOfCase } from './signature.tsx';
import { CaseAssignee, Standing, Steps } from './standing.tsx';
import { type Names, staffInEvents, stateKind } from './words.ts';

/** What the parts of the page of a case need. */
export interface CaseProps {
  visit: DeskVisit;
  work: CaseWork;
  names: Names;
  /** The address of the case's page. */
  at: string;
}

/** What the page shows besides the case. */
export interface Shown {
  status?: 409 | 422;
  /** A message above the case. */
  notice?: { kind: 'good' | 'warn'; text: string };
  /** A note that was typed and not kept, and why. */
  note?: { text: string; error?: string };
  /** A message that was typed and not sent, and why. */
  message?: { text: string; error?: string };
  /** What was typed on another page, which can't be sent any more. */
  kept?: readonly KeptWords[];
}

/** Returns the address of a case's page. */
export const caseAt = ({ base, c }: Pick<DeskVisit, 'base' | 'c'>): string =>
  `${base}/cases/${c.req.param('id') ?? ''}`;

/** Returns a case with the names of all staff in it; null: it isn't the viewer's. */
export async function readWork(deps: StaffDeps, visit: DeskVisit): Promise<CaseProps | null> {
  const { viewer, office, c } = visit;
  const work = await deps.caseDesk.work(viewer, office, c.req.param('id') ?? '');
  if (!work) return null;
  const { events, notes, opened, amendments, reports, decision, deciders } = work;
  const actors = [
    ...notes.map(({ by }) => by),
    ...amendments.map(({ askedBy }) => askedBy),
    ...reports.flatMap(({ askedBy, ended }) => [askedBy, ended?.by ?? '']),
    ...Object.values(opened.draft.hands).map(({ by }) => by),
    ...(decision ? [decision.writtenBy] : []),
  ];
  const ids = [
    ...staffInEvents(events),
    ...actors.flatMap((each) => staffIn(each) ?? []),
    ...deciders,
    ...reports.flatMap(({ to }) => to.staff ?? []),
  ];
  const { assignee } = opened.case;
  const names = await deps.staff.namesOf([...new Set([...ids, ...(assignee ? [assignee] : [])])]);
  return { visit, work, names, at: caseAt(visit) };
}

/** `…/cases/{id}`: a case on one screen. */
export function casePage(deps: StaffDeps) {
  return (visit: DeskVisit): Promise<Response> => showCase(deps, visit, doneIn(visit));
}

const DONE = [
  'moved',
  'undone',
  'given',
  'noted',
  'message-sent',
  'message-untold',
  'asked',
  'asked-untold',
  'extended',
  'decided',
  'decided-untold',
  'recorded',
  'taken-back',
  'handed-again',
  'held',
  'let-go',
  'released',
  'report-asked',
  'report-withdrawn',
  'handed-in',
] as const;

/** Returns the message of what was just done, as the address has it. */
function doneIn({ c, t }: DeskVisit): Shown {
  const done = DONE.find((each) => each === c.req.query('done'));
  if (!done) return {};
  const kind = done.endsWith('untold') ? 'warn' : 'good';
  return { notice: { kind, text: t(`caseDesk.done.${done}`) } };
}

/** Shows a case; 404 where it isn't the viewer's. */
export async function showCase(
  deps: StaffDeps,
  visit: DeskVisit,
  shown: Shown = {},
): Promise<Response> {
  const { t, office, base } = visit;
  const props = await readWork(deps, visit);
  const { status, notice, note, message, kept = [] } = shown;
  if (!props) return kept.length > 0 ? keptPage(visit, kept) : visit.c.notFound();
  const { opened } = props.work;
  const around = await readAround(deps, visit, opened.case.id);
  const { people, offices, notification, keeping, conversation } = around;
  const procedure = textIn(office.procedure(opened.case.procedure)?.name, t.language);
  const title = t('caseDesk.case.title', { reference: opened.case.reference, procedure });
  return visit.show(
    {
      title,
      ...(status && { status }),
      ...((note?.error || message?.error) && { hasErrors: true }),
    },
    <div class="case">
      <BackLink href={addressOf(`${base}/cases`, queryOf(visit))}>{t('caseDesk.title')}</BackLink>
      <Head {...props} procedure={procedure} isAsked={awaitsAnswer(conversation)} />
      {notice ? (
        <div role="status">
          <Notice kind={notice.kind}>
            <p>{notice.text}</p>
          </Notice>
        </div>
      ) : null}
      <Kept words={kept} t={t} />
      <div class="case-parts">
        <MainPart {...props} around={around} typed={message} />
        <div class="case-side">
          <Standing {...props} />
          <CaseAssignee {...props} people={people} />
          <AmendmentsPart {...props} />
          <ReportsPart {...props} offices={offices} />
          <DecisionPart {...props} />
          {notification ? <NotificationPart {...props} of={notification} /> : null}
          <NotesPart {...props} typed={note} />
          {keeping ? <KeepingPart {...props} {...keeping} /> : null}
          <HistoryPart {...props} />
        </div>
      </div>
      <Steps {...props} />
    </div>,
  );
}

/** What was handed in, and what follows from it. */
function MainPart(props: CaseProps & { around: Around; typed: Shown['message'] }) {
  const { visit, work, names, at, around, typed } = props;
  const { opened, form } = work;
  const { outside, cosigners, cosignatures, signatures, payments } = around;
  const { t, dates } = visit;
  return (
    <div class="case-main">
      <VersionNotice visit={visit} at={at} />
      <Answers
        visit={visit}
        opened={asAsked(visit, opened)}
        form={form.form}
        names={names}
        at={at}
      />
      <Registered {...props} outside={outside} />
      <CosignersPart visit={visit} cosigners={cosigners} signatures={cosignatures} at={at} />
      <SignatureOfCase visit={visit} opened={opened} signatures={signatures} at={at} />
      <PaymentsOfCase t={t} dates={dates} payments={payments} />
      <MessagesPart
        {...props}
        names={around.writers}
        conversation={around.conversation}
        typed={typed}
      />
    </div>
  );
}

/** Of a case that was given to somebody else between two reads. */
const NO_MESSAGES: Conversation = {
  messages: [],
  older: 0,
  isTold: false,
  obstacle: 'untaken',
};

type Around = Awaited<ReturnType<typeof readAround>>;

/** Returns what other features know of a case. */
async function readAround(deps: StaffDeps, visit: DeskVisit, id: string) {
  const { viewer, office } = visit;
  const most = visit.c.req.query('messages') === 'all' ? undefined : MESSAGES_SHOWN;
  const conversation = (await deps.caseMessages.ofCase(viewer, office, id, most)) ?? NO_MESSAGES;
  const wrote = conversation.messages.flatMap(({ by }) => staffIn(by) ?? []);
  return {
    cosigners: (await deps.cosigning.ofCase(viewer, office, id)) ?? [],
    cosignatures: (await deps.signatures.cosignaturesOf(viewer, office, id)) ?? [],
    offices: officeNames(await deps.offices.list(), visit.t.language),
    people: await peopleFor(deps, visit),
    payments: (await deps.payments.ofCase(viewer, office, id)) ?? [],
    signatures: (await deps.signatures.ofCase(viewer, office, id)) ?? [],
    outside: await deps.outsideRegistering.of(office, aboutApplication(id)),
    notification: await deps.notifications.ofCase(viewer, office, id),
    keeping: await keepingOf(deps, visit, id),
    conversation,
    writers: await deps.staff.namesOf([...new Set(wrote)]),
  };
}

/** Returns how long a case is kept, with the name of whoever holds it; null: it isn't the viewer's. */
async function keepingOf(deps: StaffDeps, { viewer, office }: DeskVisit, id: string) {
  const of = await deps.archive.keeping(viewer, office, id);
  const holder = of?.held ? staffIn(of.held.by) : null;
  return of && { of, names: await deps.staff.namesOf(holder === null ? [] : [holder]) };
}

/** What case it is, of whom, and how it stands. */
function Head(props: CaseProps & { procedure: string; isAsked: boolean }) {
  const { visit, work, procedure, isAsked } = props;
  const { t } = visit;
  const { applicant, opened, form } = work;
  const { reference, state } = opened.case;
  return (
    <header class="case-head">
      <h1>
        <span class="figures">{reference}</span> <span>{procedure}</span>
      </h1>
      <p class="row">
        <strong>{applicant?.name || t('caseDesk.nameless')}</strong>
        {applicant?.masked ? <span class="figures">{applicant.masked}</span> : null}
        <Tag kind={stateKind(state)}>{stateName(state, form.form, t)}</Tag>
        {isAsked ? <a href="#messages">{t('message.unanswered')}</a> : null}
      </p>
      <Acting applicant={applicant} t={t} isByAct={opened.record?.handedInFor !== undefined} />
    </header>
  );
}

/** For whom somebody acts, and how they were identified. */
function Acting(props: {
  applicant: CaseWork['applicant'];
  t: DeskVisit['t'];
  isByAct: boolean;
}): ComponentChildren {
  const { applicant, t, isByAct } = props;
  if (!applicant) return null;
  const { represents, claims } = applicant;
  const name = represents && [represents.name, represents.identifier].filter(Boolean).join(', ');
  return (
    <p class="small soft">
      {name ? t('caseDesk.actsFor', { name }) : null}{' '}
      {claims ? t('caseDesk.claims', { name: claims }) : null}{' '}
      {isByAct
        ? t('onBehalf.identified')
        : t(applicant.masked ? 'caseDesk.identified' : 'caseDesk.unidentified')}
    </p>
  );
}
