import { documentsFor } from '../../../domain/office/requested.ts';
import { isCopy } from '../../../features/service/documents/rules.ts';
import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button, ButtonLink, LinkButton } from '../../../ui/buttons.tsx';
import { BackLink, Notice, type ProblemLink, Say, Tag } from '../../../ui/parts.tsx';
import { formatWhy, StandingTag } from '../../words/documents.tsx';
import { standing } from '../appointment/card.tsx';
import { hasEnded } from '../ending/ending.tsx';
import { Problems } from '../shared.tsx';
import type { AppointmentVisit } from '../visit.tsx';
import { fileField } from './fields.ts';
import { Verification } from './verification.tsx';

/** The data of the page. */
export interface Papers {
  /** Without destroyed documents. */
  entries: readonly DocumentEntry[];
  isProved: boolean;
  isOpen: boolean;
  megabytes: number;
  /** The address for verification, readable on paper too. */
  verifyAddress: string;
  /** A mistake in a file, and its line. */
  wrong?: { line: string; text: string };
}

interface Props {
  visit: AppointmentVisit;
  papers: Papers;
}

export function DocumentsPage({ visit, papers, problems }: Props & { problems: ProblemLink[] }) {
  const { t, to, secret, procedure, appointment } = visit;
  const inbox = papers.entries.filter((each) => each.kind === 'inbox');
  const asked = documentsFor(procedure, appointment);
  const others = inbox.filter(({ requested }) => !asked.some(({ code }) => code === requested));
  return (
    <>
      <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{t('documents.title')}</h1>
      <SayDone visit={visit} />
      <p class="lead">{t(papers.isOpen ? 'documents.lead' : 'documents.closed')}</p>
      <div data-live="outbox">
        <Outbox visit={visit} papers={papers} />
      </div>
      <div class="papers" id="papers">
        {asked.map((each) => (
          <section key={each.code} class="paper stack" aria-labelledby={`paper-${each.code}`}>
            <h2 id={`paper-${each.code}`}>
              <Say of={each.name} t={t} />
            </h2>
            {each.note ? (
              <p class="soft">
                <Say of={each.note} t={t} />
              </p>
            ) : null}
            <Sent
              visit={visit}
              papers={papers}
              entries={inbox.filter(({ requested }) => requested === each.code)}
              line={each.code}
              missing={missingOf(visit, each.required)}
            />
            <Hand
              visit={visit}
              papers={papers}
              line={each.code}
              name={textIn(each.name, t.language)}
            />
          </section>
        ))}
        <section class="paper stack" aria-labelledby="paper-other">
          <h2 id="paper-other">{t('documents.other.title')}</h2>
          <p class="soft">{t('documents.other.text')}</p>
          <Sent visit={visit} papers={papers} entries={others} line="" missing={null} />
          <Hand visit={visit} papers={papers} line="" name={t('documents.other.title')} />
        </section>
      </div>
      <div data-live="locked">
        <Locked visit={visit} papers={papers} />
      </div>
      <Words t={t} megabytes={papers.megabytes} />
      <Kept visit={visit} papers={papers} />
    </>
  );
}

/** What a line without files says; nothing once the appointment is over, since nobody waits for it any more. */
function missingOf(visit: AppointmentVisit, isRequired: boolean) {
  if (hasEnded(standing(visit))) return null;
  return isRequired ? 'documents.state.missing' : 'documents.optional';
}

const DONE = ['sent', 'withdrawn', 'unlocked'] as const;

/** The result of a form. It takes the focus, so that screen readers read it first. */
function SayDone({ visit: { t, c } }: { visit: AppointmentVisit }) {
  const done = DONE.find((each) => each === c.req.query('done'));
  if (!done) return null;
  return (
    <div role="status" id="done" tabIndex={-1} autofocus>
      <Notice kind="good">
        <p>{t(`documents.${done}`)}</p>
      </Notice>
    </div>
  );
}

/** The documents of a line, each with its state. */
function Sent(
  props: Props & {
    entries: readonly DocumentEntry[];
    line: string;
    missing: 'documents.state.missing' | 'documents.optional' | null;
  },
) {
  const { visit, papers, entries, line, missing } = props;
  const { t } = visit;
  const isEmpty = entries.length === 0;
  return (
    <div data-live={`sent-${line || 'other'}`}>
      {isEmpty && missing ? (
        <p>
          <Tag kind="plain">{t(missing)}</Tag>
        </p>
      ) : null}
      {isEmpty ? null : (
        <ul class="sent">
          {entries.map((each) => (
            <li
              key={each.id}
              class="stack"
              data-checking={each.state === 'checking' ? '' : undefined}
            >
              <p class="row">
                {each.name ? <span class="said">{each.name}</span> : null}
                <StandingTag t={t} entry={each} />
              </p>
              <Why t={t} entry={each} isProved={papers.isProved} />
              {papers.isProved ? <Acts visit={visit} entry={each} /> : null}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The reason why a document is useless, and the next step. */
function Why({ t, entry, isProved }: { t: Translate; entry: DocumentEntry; isProved: boolean }) {
  const { review, reason } = entry;
  if (review === 'again') {
    if (!isProved) return <p class="soft">{t('documents.why.locked')}</p>;
    return reason ? (
      <p>
        {t('documents.why.again')}: {reason}
      </p>
    ) : null;
  }
  const said = formatWhy(t, entry);
  return said ? <p>{said}</p> : null;
}

function Acts({ visit, entry }: { visit: AppointmentVisit; entry: DocumentEntry }) {
  const { t, to, secret } = visit;
  const { id, state, review, name } = entry;
  return (
    <div class="row">
      {state === 'clean' ? (
        <a href={to.document(secret, id)} download={name ?? ''}>
          {t('documents.download')}
          <span class="hide"> {name}</span>
        </a>
      ) : null}
      {entry.kind === 'inbox' && review !== 'accepted' && !entry.heldAt ? (
        <form action={to.document(secret, id, 'withdraw')} method="post">
          <LinkButton>
            {t('documents.withdraw')}
            <span class="hide"> {name}</span>
          </LinkButton>
        </form>
      ) : null}
    </div>
  );
}

/** The form for choosing and sending a file, which the island enhances. */
function Hand({ visit, papers, line, name }: Props & { line: string; name: string }) {
  const { t, to, secret } = visit;
  if (!papers.isOpen) return null;
  const field = fileField(line);
  const wrong = papers.wrong?.line === line ? papers.wrong.text : undefined;
  return (
    <form
      class="stack hand"
      action={`${to.appointment(secret, 'documents')}?for=${line}`}
      method="post"
      enctype="multipart/form-data"
      data-upload={to.appointment(secret, 'documents/upload')}
      data-for={line}
      data-name={line ? name : t('photos.name')}
    >
      <div class={wrong ? 'field wrong' : 'field'}>
        <label for={field}>{t('documents.choose', { document: name })}</label>
        <p class="hint" id={`${field}-hint`}>
          {t('documents.hint', { megabytes: papers.megabytes })}
        </p>
        {wrong ? (
          <p class="mend" id={`${field}-error`}>
            {wrong}
          </p>
        ) : null}
        <input
          id={field}
          name="file"
          type="file"
          multiple
          accept={ACCEPT}
          aria-describedby={`${field}-hint${wrong ? ` ${field}-error` : ''}`}
          aria-invalid={wrong ? 'true' : undefined}
        />
      </div>
      <div class="choice" data-join>
        <input id={`${field}-join`} name="join" type="checkbox" value="yes" />
        <label for={`${field}-join`}>{t('photos.join')}</label>
      </div>
      <p class="row">
        <Button kind="quiet">{t('documents.send')}</Button>
      </p>
    </form>
  );
}

/** The types that are likely to be accepted; the check decides. */
const ACCEPT =
  'image/*,application/pdf,.pdf,.heic,.docx,.xlsx,.pptx,.odt,.ods,.odp,.txt,text/plain';

/** The office's documents for the citizen: the results, and apart from them the copies of consents. */
function Outbox({ visit, papers }: Props) {
  const { t } = visit;
  const there = papers.entries.filter(({ kind, state }) => kind === 'outbox' && state === 'clean');
  const results = there.filter((each) => !isCopy(each));
  const copies = there.filter(isCopy);
  return (
    <>
      {results.length > 0 ? (
        <section class="stack lit" aria-labelledby="outbox">
          <h2 id="outbox">{t('documents.outbox.title')}</h2>
          {papers.isProved ? (
            <Left visit={visit} papers={papers} entries={results} />
          ) : (
            <>
              <p>{t('documents.outbox.locked', { count: results.length })}</p>
              <Unlock visit={visit} isMain />
            </>
          )}
        </section>
      ) : null}
      {copies.length > 0 ? (
        <section class="stack" aria-labelledby="copies">
          <h2 id="copies">{t('ending.copies.title', { count: copies.length })}</h2>
          <p>{t('ending.copies.text')}</p>
          {papers.isProved ? (
            <Left visit={visit} papers={papers} entries={copies} />
          ) : (
            <Unlock visit={visit} isMain={results.length === 0} />
          )}
        </section>
      ) : null}
    </>
  );
}

/** Documents that the office left, to open and to verify. */
function Left({ visit, papers, entries }: Props & { entries: readonly DocumentEntry[] }) {
  return (
    <ul class="sent">
      {entries.map((each) => (
        <li key={each.id} class="stack">
          <span class="said">{each.name}</span>
          <Acts visit={visit} entry={each} />
          <Verification visit={visit} entry={each} address={papers.verifyAddress} />
        </li>
      ))}
    </ul>
  );
}

function Unlock({ visit, isMain }: { visit: AppointmentVisit; isMain: boolean }) {
  const { t, to, secret } = visit;
  return (
    <p>
      <ButtonLink kind={isMain ? 'main' : 'quiet'} href={to.appointment(secret, 'documents/code')}>
        {t('documents.locked.button')}
      </ButtonLink>
    </p>
  );
}

/** The purpose of the code; nothing when there are no documents or the code was typed. */
function Locked({ visit, papers }: Props) {
  const { t } = visit;
  if (papers.entries.length === 0) return null;
  if (papers.isProved)
    return (
      <p>
        <a href={visit.to.appointment(visit.secret, 'documents/seen')}>
          {t('documents.seen.link')}
        </a>
      </p>
    );
  return (
    <section class="stack" aria-labelledby="locked">
      <h2 id="locked">{t('documents.locked.title')}</h2>
      <p>{t('documents.locked.text')}</p>
      <Unlock visit={visit} isMain={false} />
    </section>
  );
}

const WORDS = ['waiting', 'sending', 'paused', 'lost', 'done', 'progress'] as const;
const MISTAKES = [
  ...(['empty', 'too_large', 'full', 'not_requested', 'no_room', 'failed'] as const),
];

const PHOTOS = [
  ...(['title', 'hint', 'page', 'send', 'one', 'apart', 'up', 'down', 'remove'] as const),
  ...(['moved', 'removed', 'preparing', 'alone'] as const),
];
/** The island replaces these. */
const FILLED_IN = { page: '{page}', pages: '{pages}', name: '{name}' };

/** The island's texts. */
function Words({ t, megabytes }: { t: Translate; megabytes: number }) {
  return (
    <>
      <p id="upload-status" role="status" class="hide" />
      <template id="words">
        {WORDS.map((each) => (
          <p key={each} data-word={each}>
            {t(`documents.word.${each}`)}
          </p>
        ))}
        {MISTAKES.map((each) => (
          <p key={each} data-word={`mistake.${each}`}>
            {t(`documents.mistake.${each}`, { megabytes })}
          </p>
        ))}
        {PHOTOS.map((each) => (
          <p key={each} data-word={`photos.${each}`}>
            {t(`photos.${each}`, FILLED_IN)}
          </p>
        ))}
        <p data-word="mistake.not_open">{t('documents.closed')}</p>
        {(['pause', 'resume', 'withdraw', 'photo'] as const).map((each) => (
          <p key={each} data-word={each}>
            {t(`documents.${each}`)}
          </p>
        ))}
      </template>
    </>
  );
}

/**
 * The end of the retention, counted from the last document, or from the appointment without any.
 * Documents that are kept for longer
 * say so themselves.
 */
function Kept({ visit, papers }: Props) {
  const { t, dates, appointment, office } = visit;
  const { documentsHours: hours, contactDays } = office.settings.retention;
  const lastOf = (shelf: DocumentEntry['shelf']) =>
    papers.entries
      .filter((each) => each.shelf === shelf)
      .map((each) => each.until)
      .sort(Temporal.Instant.compare)
      .at(-1);
  const until = lastOf('working') ?? appointment.end.add({ hours });
  const proof = lastOf('evidence');
  return (
    <p class="soft small">
      {t('documents.kept', { day: dates.day(until), time: dates.time(until) })}
      {proof
        ? ` ${t('acts.papers.kept', {
            day: dates.longDay(proof),
            // After the deletion of personal data there is no address for the one-time code.
            fetch: dates.longDay(appointment.end.add({ hours: 24 * contactDays })),
          })}`
        : null}
    </p>
  );
}
