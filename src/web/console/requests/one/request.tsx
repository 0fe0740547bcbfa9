import type { Area } from '../../../../domain/requests/areas.ts';
import type {
  NearRequest,
  RequestWork,
  ShownOfRequest,
} from '../../../../features/service/requests/service.ts';
import { settingsOf } from '../../../../features/service/requests/service.ts';
import { BackLink, Notice } from '../../../../ui/parts.tsx';
import { RequestStateTag } from '../../../words/request-states.tsx';
import { addressOf } from '../../cases/filter.ts';
import { Kept, type KeptWords, keptPage } from '../../cases/kept.tsx';
import { peopleFor } from '../../handling/people.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { LinkPart } from '../giving/link.tsx';
import { requestQueryOf } from '../inbox/filter.ts';
import { requestTypeName } from '../words.ts';
import { ContactPart, NearPart, PhotosPart, ShowingPart, WhatPart, WherePart } from './parts.tsx';
import { RequestAssignee, RequestStanding, RequestSteps } from './standing.tsx';
import { HistoryPart, NotesPart, TalkPart } from './talk.tsx';

/** What the parts of the page of a request need. */
export interface RequestProps {
  visit: DeskVisit;
  work: RequestWork;
  /** The address of its page. */
  at: string;
  areas: readonly Area[];
  near: readonly NearRequest[];
  /** What everybody may see; null: nothing of its type is public. */
  shown: ShownOfRequest | null;
  /** To whom it can be given by somebody who coordinates. */
  people: readonly { staff: number; name: string }[];
}

/** What the page shows besides the request. */
export interface RequestShown {
  status?: 409 | 422;
  /** A message above the request. */
  notice?: { kind: 'good' | 'warn'; text: string };
  /** Whether it was written down just now for somebody who gets no message. */
  isUntold?: boolean;
  /** A note that was typed and not kept, and why. */
  note?: { text: string; error?: string };
  /** A message that was typed and not sent, and why. */
  message?: { text: string; error?: string };
  /** What was typed for everybody and not kept, and why. */
  showing?: { words: string; error: string };
  /** What was typed on another page, which can't be sent any more. */
  kept?: readonly KeptWords[];
}

/** Returns the address of a request's page. */
export const requestAt = ({ base, c }: Pick<DeskVisit, 'base' | 'c'>): string =>
  `${base}/requests/${c.req.param('id') ?? ''}`;

/** Returns a request with all that its page shows; null: it isn't the viewer's. */
export async function readRequestWork(
  deps: StaffDeps,
  visit: DeskVisit,
): Promise<RequestProps | null> {
  const { viewer, office, c } = visit;
  const id = c.req.param('id') ?? '';
  const work = settingsOf(office) && (await deps.requests.work(viewer, office, id));
  if (!work) return null;
  return {
    visit,
    work,
    at: requestAt(visit),
    areas: await deps.offices.areas(),
    near: await deps.requests.near(viewer, office, id),
    shown: await deps.requests.shown(viewer, office, id),
    people: await peopleFor(deps, visit),
  };
}

/** `…/requests/{id}`: a request on one screen. */
export function requestPage(deps: StaffDeps) {
  return (visit: DeskVisit): Promise<Response> => showRequest(deps, visit, doneIn(visit));
}

const DONE = [
  'moved',
  'moved-untold',
  'given',
  'noted',
  'called',
  'sent',
  'sent-untold',
  'shown',
  'made',
  'made-untold',
] as const;

/** Returns the message of what was just done, as the address has it. */
function doneIn({ c, t }: DeskVisit): RequestShown {
  const done = DONE.find((each) => each === c.req.query('done'));
  if (!done) return {};
  const notice = { kind: 'good', text: t(`requestDesk.done.${done}`) } as const;
  return { notice, isUntold: done === 'made-untold' };
}

/** Shows a request; 404 where it isn't the viewer's, with what was typed. */
export async function showRequest(
  deps: StaffDeps,
  visit: DeskVisit,
  { status, notice, isUntold = false, note, message, showing, kept = [] }: RequestShown = {},
): Promise<Response> {
  const { t, base } = visit;
  const props = await readRequestWork(deps, visit);
  if (!props) return kept.length > 0 ? keptPage(visit, kept, 'request') : visit.c.notFound();
  const { row } = props.work;
  const type = requestTypeName(visit, row.type);
  const hasErrors = Boolean(note?.error || message?.error || showing?.error);
  return visit.show(
    {
      title: t('caseDesk.case.title', { reference: row.reference, procedure: type }),
      ...(status && { status }),
      ...(hasErrors && { hasErrors }),
    },
    <div class="case">
      <BackLink href={addressOf(`${base}/requests`, requestQueryOf(visit))}>
        {t('requestDesk.title')}
      </BackLink>
      <Head {...props} type={type} />
      {notice ? (
        <div role="status">
          <Notice kind={notice.kind}>
            <p>{notice.text}</p>
          </Notice>
        </div>
      ) : null}
      <Kept words={kept} t={t} />
      {isUntold ? <LinkPart {...props} isFirst /> : null}
      <div class="case-parts">
        <div class="case-main">
          <WhatPart {...props} />
          <PhotosPart {...props} />
          <WherePart {...props} />
          <TalkPart {...props} typed={message} />
          <NearPart {...props} />
        </div>
        <div class="case-side">
          <RequestStanding {...props} />
          <RequestAssignee {...props} />
          <ContactPart {...props} />
          {isUntold ? null : <LinkPart {...props} isFirst={false} />}
          <NotesPart {...props} typed={note} />
          <ShowingPart {...props} typed={showing} />
          <HistoryPart {...props} />
        </div>
      </div>
      <RequestSteps {...props} />
    </div>,
  );
}

/** What request it is, and how it stands. */
function Head({ visit, work, type }: RequestProps & { type: string }) {
  const { t, base } = visit;
  const { row, into, followers, messages } = work;
  const isAsked = messages.at(-1)?.side === 'person';
  return (
    <header class="case-head">
      <h1>
        <span class="figures">{row.reference}</span> <span>{type}</span>
      </h1>
      <p class="row">
        <RequestStateTag t={t} state={row.state} reason={row.reason} />
        <span>{t(`requestDesk.kind.${row.kind}`)}</span>
        <span class="soft">{t(`requestDesk.door.${row.door}`)}</span>
        {followers > 0 ? (
          <span class="soft">{t('requestDesk.followers', { count: followers })}</span>
        ) : null}
        {isAsked ? <a href="#messages">{t('message.unanswered')}</a> : null}
      </p>
      {into ? (
        <p>
          {t('requestDesk.mergedInto')}{' '}
          <a href={`${base}/requests/${into.id}`} class="figures">
            {into.reference}
          </a>
        </p>
      ) : null}
      {work.merged.length > 0 ? (
        <p>
          {t('requestDesk.merged')}{' '}
          {work.merged.map(({ id, reference }, nth) => (
            <span key={id}>
              {nth > 0 ? ', ' : ''}
              <a href={`${base}/requests/${id}`} class="figures">
                {reference}
              </a>
            </span>
          ))}
        </p>
      ) : null}
    </header>
  );
}
