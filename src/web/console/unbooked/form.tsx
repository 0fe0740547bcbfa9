import type { Appointment, Way } from '../../../domain/appointment.ts';
import { CHANNELS, isAtSite, isCalled } from '../../../domain/channel.ts';
import { siteOf } from '../../../domain/office/site.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import { finishableForms } from '../../../features/service/cases/service.ts';
import { LANGUAGE_NAMES, type Language, textIn } from '../../../lib/i18n/languages.ts';
import { Radios } from '../../../ui/forms.tsx';
import { ErrorSummary, Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { wayCode } from '../../citizen/times/ways.ts';
import { ContactFields, type PersonMistakes, Select, type TypedPerson } from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** What an official has chosen and typed. */
export interface TypedServing {
  /** Null: not chosen yet. */
  procedure: Procedure | null;
  way: Way;
  language: Language;
  person: TypedPerson;
  /** The key of this form: sent twice it books once. */
  key: string;
}

export interface ServeWrong {
  status: 409 | 422;
  problems: ProblemLink[];
  mistakes?: PersonMistakes;
  procedure?: string;
  /** The encounter that this page began before, with something else in it. */
  before?: Appointment;
}

/** Returns where somebody without an appointment may be: at a counter of the office, or on the telephone. That of the viewer's desk is first. */
export function waysHere({ office, viewer }: DeskVisit): Way[] {
  const desk = office.rota.desks.find(({ id }) => id === viewer.desk);
  const { sites } = office.settings;
  const codes = sites.map(({ code }) => code);
  const own = codes.filter((code) => code === desk?.site);
  const others = codes.filter((code) => code !== desk?.site);
  const places = codes.length > 0 ? [...own, ...others] : [null];
  const counters = CHANNELS.filter(isAtSite).flatMap((channel) =>
    places.map((site): Way => ({ channel, site })),
  );
  const calls = CHANNELS.filter(isCalled).map((channel): Way => ({ channel }));
  return own.length > 0 ? [...counters, ...calls] : [...calls, ...counters];
}

/** Shows what is asked to serve somebody who has no appointment. */
export async function showServe(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedServing,
  wrong?: ServeWrong,
): Promise<Response> {
  const { t, base, viewer, office } = visit;
  const online = await finishableForms(deps, office);
  const all = office.procedures.filter(({ retired }) => !retired);
  const offered = [
    ...all.filter(({ code }) => online.has(code)),
    ...all.filter(({ code }) => !online.has(code)),
  ];
  const turn = await deps.encounter.next(viewer, office);
  const problems = wrong?.problems ?? [];
  const title = t('unbooked.title');
  return visit.show(
    { title, hasErrors: problems.length > 0, ...(wrong && { status: wrong.status }) },
    <>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('unbooked.lead')}</p>
      {turn?.status === 'in_progress' ? (
        <Notice kind="warn">
          <p>
            {t('unbooked.busy')}{' '}
            <a href={`${base}/appointment/${turn.id}#forms`}>{t('unbooked.busy.link')}</a>
          </p>
        </Notice>
      ) : null}
      {wrong?.before ? <Before visit={visit} before={wrong.before} /> : null}
      <Fields visit={visit} typed={typed} wrong={wrong} offered={offered} />
    </>,
  );
}

/** What this page began before, and where its contact data are changed. */
function Before({ visit, before }: { visit: DeskVisit; before: Appointment }) {
  const { t, base } = visit;
  const { name, phone, email } = before.citizen;
  const contact = [phone, email].filter(Boolean).join(', ');
  return (
    <Notice kind="warn">
      <p id="before">
        {t('unbooked.before', { name, contact: contact || t('unbooked.before.none') })}
      </p>
      <p>
        <a href={`${base}/appointment/${before.id}`}>{t('unbooked.before.link')}</a>
      </p>
    </Notice>
  );
}

interface FieldsProps {
  visit: DeskVisit;
  typed: TypedServing;
  wrong: ServeWrong | undefined;
  offered: readonly Procedure[];
}

function Fields({ visit, typed, wrong, offered }: FieldsProps) {
  const { t, base, office } = visit;
  return (
    <form method="post" action={`${base}/serve`} class="form" novalidate>
      <input type="hidden" name="key" value={typed.key} />
      <Select
        name="procedure"
        label={t('desk.field.procedure')}
        value={typed.procedure?.code ?? ''}
        empty={t('desk.field.procedureEmpty')}
        error={wrong?.procedure}
        options={offered.map(({ code, name }) => ({
          value: code,
          label: textIn(name, t.language),
        }))}
      />
      <Radios
        name="channel"
        label={t('unbooked.where')}
        value={wayCode(typed.way)}
        options={waysHere(visit).map((each) => ({
          value: wayCode(each),
          label: placeName(visit, each),
        }))}
      />
      <p class="soft small">{t('unbooked.contact')}</p>
      <ContactFields visit={visit} typed={typed.person} mistakes={wrong?.mistakes ?? {}} />
      <Select
        name="language"
        label={t('staff.card.language')}
        value={typed.language}
        options={office.languages.map((each) => ({
          value: each,
          label: LANGUAGE_NAMES[each],
          lang: each,
        }))}
      />
      <p class="row">
        <button type="submit" name="action" value="form" class="button" id="action">
          {t('unbooked.open')}
        </button>
        <button type="submit" name="action" value="without" class="button quiet">
          {t('unbooked.without')}
        </button>
      </p>
    </form>
  );
}

function placeName({ t, office }: DeskVisit, way: Way): string {
  if (isCalled(way.channel)) return t('unbooked.where.phone');
  const site = siteOf(office, way);
  return site
    ? t('unbooked.where.site', { site: textIn(site.name, t.language) })
    : t('unbooked.where.counter');
}
