import { askOf, type Way } from '../../../domain/appointment.ts';
import { CHANNELS } from '../../../domain/channel.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import { formatLanguage } from '../../../lib/i18n/format-language.ts';
import {
  type EncounterLanguage,
  isSigned,
  LANGUAGE_NAMES,
  LANGUAGES,
  SIGN_LANGUAGES,
  textIn,
} from '../../../lib/i18n/languages.ts';
import { ErrorSummary, Notice } from '../../../ui/parts.tsx';
import type { SlotDay } from '../../../ui/slot-days.ts';
import { languagesOf } from '../../citizen/times/ask.tsx';
import { formatWay, wayCode, waysOf } from '../../citizen/times/ways.ts';
import { ContactFields, OtherFields, Select } from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import type { TypedBooking, Wrong } from './book.tsx';
import { freeDays, TimesGrid } from './free-times.tsx';
import { type Known, KnownFields, WhoCalls } from './known.tsx';
import { chosenBundle, NotTogether, Together, whyNot } from './together.tsx';

/** What is known beside the typed values. */
interface Around {
  /** The appointment whose citizen returns. */
  like?: string;
  /** Who called, where the booking began with a number. */
  known?: Known | null;
  wrong?: Wrong | undefined;
}

/** Shows the partly filled form. */
export async function showBook(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedBooking,
  { like, known = null, wrong }: Around = {},
): Promise<Response> {
  const { t } = visit;
  const { procedure } = typed;
  const title = t('desk.book.title');
  const ask = askOf({ ...typed, procedure: procedure?.code ?? '' });
  const free = procedure && (await freeDays(deps, visit, ask, typed.from));
  const problems = wrong?.problems ?? [];
  return visit.show(
    { title, hasErrors: problems.length > 0, ...(wrong && { status: wrong.status }) },
    <>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      {typed.follows ? (
        <p class="lead">{t('attending.follow.for', { name: typed.person.name })}</p>
      ) : null}
      {known ? <WhoCalls visit={visit} known={known} /> : null}
      {free ? (
        <Second visit={visit} typed={typed} free={free} wrong={wrong} />
      ) : known ? (
        <ProcedureButtons visit={visit} known={known} often={await oftenIn(deps, visit)} />
      ) : (
        <First visit={visit} typed={typed} like={like} error={wrong?.procedure} />
      )}
    </>,
  );
}

/** So many procedures are offered as buttons; the others are in a list. */
const MOST_BUTTONS = 12;

/** Returns the procedures that are offered, what is noted down most in the office first. */
async function oftenIn({ encounter }: StaffDeps, { viewer, office }: DeskVisit) {
  const offered = office.procedures.filter((each) => !each.retired);
  const items = await encounter.frequent(viewer, office);
  const codes = items.flatMap(({ procedure }) => procedure ?? []);
  const rank = (code: string) => (codes.includes(code) ? codes.indexOf(code) : codes.length);
  return offered.toSorted((a, b) => rank(a.code) - rank(b.code));
}

/** The subject of somebody who is on the telephone: one press leads to the times. */
function ProcedureButtons(props: { visit: DeskVisit; known: Known; often: readonly Procedure[] }) {
  const { visit, known, often } = props;
  const { t, base } = visit;
  const others = often.slice(MOST_BUTTONS);
  return (
    <form action={`${base}/book`} class="stack">
      <KnownFields known={known} />
      <fieldset>
        <legend class="legend">{t('freeNow.book.what')}</legend>
        <div class="press-list">
          {often.slice(0, MOST_BUTTONS).map((each, nth) => (
            <button
              key={each.code}
              type="submit"
              name="procedure"
              value={each.code}
              class="button quiet"
              id={nth === 0 ? 'action' : undefined}
            >
              {textIn(each.name, t.language)}
            </button>
          ))}
        </div>
      </fieldset>
      {others.length > 0 ? (
        <ul class="unmarked">
          {others.map((each) => (
            <li key={each.code}>
              <button type="submit" name="procedure" value={each.code} class="link">
                {textIn(each.name, t.language)}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </form>
  );
}

/** The first step: the subject, because the times depend on it. */
interface FirstProps {
  visit: DeskVisit;
  typed: TypedBooking;
  like?: string | undefined;
  error?: string | undefined;
}

export function First({ visit, typed, like, error }: FirstProps) {
  const { t, base } = visit;
  return (
    <form action={`${base}/book`} class="form">
      {like ? <input type="hidden" name="like" value={like} /> : null}
      {typed.follows ? <input type="hidden" name="follows" value={typed.follows} /> : null}
      {like && !typed.follows ? (
        <p class="lead">{t('desk.book.for', { name: typed.person.name })}</p>
      ) : null}
      <What visit={visit} typed={typed} error={error} />
      <p>
        <button type="submit" class="button" id="action">
          {t('desk.times.show')}
        </button>
      </p>
    </form>
  );
}

interface SecondProps {
  visit: DeskVisit;
  typed: TypedBooking;
  free: { days: SlotDay[]; more: string | null };
  wrong?: Wrong | undefined;
}

/** The whole form: the subject, the time and the person. Every button keeps the typed values. */
function Second({ visit, typed, free, wrong }: SecondProps) {
  const { t, base } = visit;
  return (
    <form action={`${base}/book`} method="post" class="form desk-form" novalidate>
      {/* Enter in a field presses the form's first button, which books. */}
      <button
        type="submit"
        name="action"
        value="book"
        class="hide"
        tabIndex={-1}
        aria-hidden="true"
      >
        {t('desk.book.submit')}
      </button>
      <input type="hidden" name="key" value={typed.key} />
      <input type="hidden" name="from" value={typed.from} />
      {typed.follows ? <input type="hidden" name="follows" value={typed.follows} /> : null}
      <WhatAndWhen visit={visit} typed={typed} free={free} error={wrong?.start} />
      <Who visit={visit} typed={typed} mistakes={wrong?.mistakes ?? {}} />
      <p class="book-bar">
        <button type="submit" name="action" value="book" class="button" id="action">
          {t('desk.book.submit')}
        </button>
      </p>
    </form>
  );
}

interface WhatAndWhenProps extends Pick<SecondProps, 'visit' | 'typed' | 'free'> {
  error: string | undefined;
}

function WhatAndWhen({ visit, typed, free: { days, more }, error }: WhatAndWhenProps) {
  const { t, office } = visit;
  const { procedure } = typed;
  const why = procedure && whyNot(office, procedure, typed);
  return (
    <div class="form">
      <div class="what-row">
        <What visit={visit} typed={typed} />
        <p>
          <button type="submit" name="action" value="times" class="button quiet">
            {t('desk.times.show')}
          </button>
        </p>
      </div>
      {procedure ? <Together visit={visit} procedure={procedure} chosen={typed} /> : null}
      {procedure && why ? (
        <NotTogether visit={visit} procedure={procedure} extent={typed} why={why} />
      ) : days.length > 0 ? (
        <TimesGrid visit={visit} days={days} chosen={typed.start} error={error} />
      ) : (
        <Notice kind="warn">{t('desk.times.none')}</Notice>
      )}
      <p class="row">
        {more ? (
          <button type="submit" name="more" value={more} class="link">
            {t('desk.times.more')}
          </button>
        ) : null}
        {typed.from ? (
          <button type="submit" name="more" value="" class="link">
            {t('desk.times.first')}
          </button>
        ) : null}
      </p>
    </div>
  );
}

interface WhoProps extends Pick<SecondProps, 'visit' | 'typed'> {
  mistakes: NonNullable<Wrong['mistakes']>;
}

function Who({ visit, typed, mistakes }: WhoProps) {
  const { t } = visit;
  const person = { visit, typed: typed.person, mistakes };
  return (
    <div class="form">
      <h2>{t('desk.book.who')}</h2>
      <ContactFields {...person} />
      <Select
        name="noticeLanguage"
        label={t('desk.field.noticeLanguage')}
        value={typed.noticeLanguage}
        options={LANGUAGES.map((each) => ({
          value: each,
          label: LANGUAGE_NAMES[each],
          lang: each,
        }))}
      />
      <OtherFields {...person} />
    </div>
  );
}

function What({ visit, typed, error }: Omit<FirstProps, 'like'>) {
  const { t, office } = visit;
  const { procedure, language } = typed;
  const bundle = procedure && (chosenBundle(office, procedure, typed) ?? procedure);
  const languages: readonly EncounterLanguage[] = bundle
    ? languagesOf(office, bundle)
    : [...office.languages, ...SIGN_LANGUAGES];
  const ways = bundle
    ? waysOf(office, bundle, isSigned(language) ? language : undefined)
    : CHANNELS.map((channel): Way => ({ channel }));
  const offered = office.procedures.filter((each) => !each.retired);
  return (
    <>
      <Select
        name="procedure"
        label={t('desk.field.procedure')}
        value={procedure?.code ?? ''}
        empty={procedure ? undefined : t('desk.field.procedureEmpty')}
        error={error}
        options={offered.map((each) => ({
          value: each.code,
          label: textIn(each.name, t.language),
        }))}
      />
      <Select
        name="channel"
        label={t('desk.field.channel')}
        value={wayCode(typed)}
        options={ways.map((each) => ({ value: wayCode(each), label: formatWay(t, office, each) }))}
      />
      <Select
        name="language"
        label={t('staff.card.language')}
        value={language}
        options={languages.map((each) => {
          const { name, writtenIn } = formatLanguage(each, t);
          return { value: each, label: name, lang: writtenIn };
        })}
      />
    </>
  );
}
