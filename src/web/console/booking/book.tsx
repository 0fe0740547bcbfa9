import { randomUUID } from 'node:crypto';
import { type Ask, askOf, type Way } from '../../../domain/appointment.ts';
import { CHANNELS } from '../../../domain/channel.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { nearInstant } from '../../../lib/calendar/near.ts';
import { ENCOUNTER_LANGUAGES, isLanguage, type Language } from '../../../lib/i18n/languages.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { ProblemLink } from '../../../ui/parts.tsx';
import { languagesOf } from '../../citizen/times/ask.tsx';
import { wayNamed, waysOf } from '../../citizen/times/ways.ts';
import { type Form, readForm } from '../../form.ts';
import {
  checkPerson,
  type PersonMistakes,
  personOf,
  personProblems,
  readPerson,
  type TypedPerson,
} from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { showBook } from './form.tsx';
import { knownBy } from './known.tsx';
import { showStart } from './start.tsx';
import { chosenBundle, formatWhyNot, readExtent, whyNot } from './together.tsx';

/** The present state of a booking form. */
export interface TypedBooking extends Omit<Ask, 'procedure'> {
  /** Null: not chosen yet. */
  procedure: Procedure | null;
  noticeLanguage: Language;
  /** The instant of the chosen time; empty: none yet. */
  start: string;
  /** The local day from which times are shown; empty: today. */
  from: string;
  person: TypedPerson;
  /** The key of this form: sent twice it books once. */
  key: string;
  /** The id of the earlier appointment that this one follows; empty: none. */
  follows: string;
}

export interface Wrong {
  status: 409 | 422;
  problems: ProblemLink[];
  mistakes?: PersonMistakes;
  /** The mistakes in the procedure, and in the time. */
  procedure?: string;
  start?: string;
}

/** `/console/{office}/book`: books for a citizen on the telephone or at the desk. */
export function bookPage(deps: StaffDeps) {
  return {
    get: async (visit: DeskVisit) => {
      const { c, viewer, office } = visit;
      if (!mayAssist(viewer)) return c.notFound();
      const query = {
        text: (name: string) => c.req.query(name) ?? '',
        all: (name: string) => c.req.queries(name) ?? [],
      };
      const typed = readBooking(visit, query);
      const known = await knownBy(deps, visit);
      if (known && 'problem' in known) return showStart(visit, typed, known);
      const like = c.req.query('like') ?? known?.who ?? '';
      if (!like) {
        const wrong = withoutProcedure(visit, typed);
        if (!known && !typed.procedure) return showStart(visit, typed, null, wrong);
        const person = { ...typed.person, phone: known?.typed ?? typed.person.phone };
        return showBook(deps, visit, { ...typed, person }, { known, wrong });
      }
      const appointment = await deps.assistance.like(viewer, office, like);
      if (!appointment) return c.notFound();
      const { noticeLanguage, channel, language, site } = appointment;
      const how = { channel, language, site };
      const isChosen = typed.procedure && c.req.query('channel');
      const filled = isChosen ? typed : { ...typed, ...how };
      const person = personOf(visit, appointment);
      const wrong = withoutProcedure(visit, typed);
      const shown = { ...filled, noticeLanguage, person };
      return showBook(deps, visit, shown, known ? { known, wrong } : { like, wrong });
    },

    post: async (visit: DeskVisit) => {
      if (!mayAssist(visit.viewer)) return visit.c.notFound();
      const form = await readForm(visit.c);
      const typed = readBooking(visit, form);
      const { procedure } = typed;
      if (form.has('more')) return showBook(deps, visit, { ...typed, from: form.text('more') });
      if (!procedure || form.text('action') !== 'book') return showBook(deps, visit, typed);
      return book(deps, visit, { ...typed, procedure });
    },
  };
}

/** The form asked for times without a procedure. */
function withoutProcedure({ c, t }: DeskVisit, typed: TypedBooking): Wrong | undefined {
  if (typed.procedure || c.req.query('procedure') === undefined) return undefined;
  const text = t('desk.book.choose');
  return { status: 422, problems: [{ href: '#procedure', text }], procedure: text };
}

/** Returns the choices that the procedure has. */
function readBooking(visit: DeskVisit, form: Pick<Form, 'text' | 'all'>): TypedBooking {
  const { office, t } = visit;
  const known = office.procedure(form.text('procedure'));
  const procedure = known && !known.retired ? known : null;
  const wanted = ENCOUNTER_LANGUAGES.find((each) => each === form.text('language'));
  const extent = readExtent(form, procedure);
  const bundle = procedure && (chosenBundle(office, procedure, extent) ?? procedure);
  const languages = bundle ? languagesOf(office, bundle) : ENCOUNTER_LANGUAGES;
  const own = languages.find((each) => each === t.language) ?? languages[0] ?? 'ca';
  const language = languages.find((each) => each === wanted) ?? own;
  const ways = bundle
    ? waysOf(office, bundle, language)
    : CHANNELS.map((channel): Way => ({ channel }));
  const way = wayNamed(ways, form.text('channel')) ?? ways[0] ?? { channel: CHANNELS[0] };
  const notices = form.text('noticeLanguage');
  return {
    procedure,
    ...extent,
    language,
    channel: way.channel,
    site: way.site ?? null,
    noticeLanguage: isLanguage(notices) ? notices : isLanguage(language) ? language : t.language,
    start: form.text('start'),
    from: form.text('from'),
    person: readPerson(form),
    key: /^[\w-]{8,64}$/.test(form.text('key')) ? form.text('key') : randomUUID(),
    follows: isUuid(form.text('follows')) ? form.text('follows') : '',
  };
}

async function book(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedBooking & { procedure: Procedure },
): Promise<Response> {
  const { t, viewer, office, base, dates } = visit;
  const { channel, noticeLanguage, person, key, follows } = typed;
  const start = nearInstant(typed.start);
  const checked = checkPerson(visit, channel, person);
  if (!start || !checked.ok) {
    const mistakes = checked.ok ? {} : checked.mistakes;
    const missing = start ? undefined : t('desk.times.choose');
    const problems = [
      ...(missing ? [{ href: '#start', text: missing }] : []),
      ...personProblems(visit, person, mistakes),
    ];
    const wrong: Wrong = { status: 422, problems, mistakes, ...(missing && { start: missing }) };
    return showBook(deps, visit, typed, { wrong });
  }
  const ask = askOf({ ...typed, procedure: typed.procedure.code });
  const choice = { ...ask, start, noticeLanguage };
  const request = { ...choice, ...checked.details };
  const result = await deps.assistance.book(viewer, office, request, key, follows || null);
  if (result.ok) {
    const { id } = result.appointment;
    // After a follow-up the encounter is closed: the agent returns to their day.
    if (follows) return visit.redirect(`${base}?followed=${id}`);
    return visit.redirect(`${base}/appointment/${id}?done=booked`);
  }
  const refused = (text: string, href = '#start'): Wrong => ({
    status: 409,
    problems: [{ href, text }],
  });
  switch (result.reason) {
    case 'not_allowed':
      return visit.c.notFound();
    case 'idempotency_conflict': {
      const { id, reference } = result.appointment;
      const wrong = refused(t('desk.book.already', { reference }), `${base}/appointment/${id}`);
      return showBook(deps, visit, { ...typed, key: randomUUID() }, { wrong });
    }
    case 'slot_taken': {
      const text = t('desk.times.taken', { day: dates.day(start), time: dates.time(start) });
      const wrong = { ...refused(text), start: text };
      return showBook(deps, visit, { ...typed, start: '' }, { wrong });
    }
    case 'unmet_need':
      return showBook(deps, visit, typed, { wrong: refused(t('needs.mistake')) });
    default: {
      const why = whyNot(office, typed.procedure, typed);
      const text = why
        ? formatWhyNot({ visit, procedure: typed.procedure, extent: typed, why })
        : t('desk.book.notOffered');
      return showBook(deps, visit, typed, { wrong: refused(text, '#procedure') });
    }
  }
}
