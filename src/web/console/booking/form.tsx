import { askOf, type Way } from '../../../domain/appointment.ts';
import { CHANNELS } from '../../../domain/channel.ts';
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
import { FreeTimes, freeDays } from './free-times.tsx';

/** Shows the partly filled form. `like`: the appointment whose citizen returns. */
export async function showBook(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedBooking,
  like?: string,
  wrong?: Wrong,
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
      {free ? (
        <Second visit={visit} typed={typed} free={free} wrong={wrong} />
      ) : (
        <First visit={visit} typed={typed} like={like} error={wrong?.procedure} />
      )}
    </>,
  );
}

/** The first step: the subject, because the times depend on it. */
interface FirstProps {
  visit: DeskVisit;
  typed: TypedBooking;
  like?: string | undefined;
  error?: string | undefined;
}

function First({ visit, typed, like, error }: FirstProps) {
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
    </form>
  );
}

interface WhatAndWhenProps extends Pick<SecondProps, 'visit' | 'typed' | 'free'> {
  error: string | undefined;
}

function WhatAndWhen({ visit, typed, free: { days, more }, error }: WhatAndWhenProps) {
  const { t } = visit;
  return (
    <div class="form">
      <What visit={visit} typed={typed} />
      <p>
        <button type="submit" name="action" value="times" class="button quiet">
          {t('desk.times.show')}
        </button>
      </p>
      {days.length > 0 ? (
        <FreeTimes visit={visit} days={days} chosen={typed.start} error={error} />
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
      <p>
        <button type="submit" name="action" value="book" class="button" id="action">
          {t('desk.book.submit')}
        </button>
      </p>
    </div>
  );
}

function What({ visit, typed, error }: Omit<FirstProps, 'like'>) {
  const { t, office } = visit;
  const { procedure, language } = typed;
  const languages: readonly EncounterLanguage[] = procedure
    ? languagesOf(office, procedure)
    : [...office.languages, ...SIGN_LANGUAGES];
  const ways = procedure
    ? waysOf(office, procedure, isSigned(language) ? language : undefined)
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
