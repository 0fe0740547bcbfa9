import { randomUUID } from 'node:crypto';
import type { Appointment } from '../../../domain/appointment.ts';
import { isCalled } from '../../../domain/channel.ts';
import { finishableForm } from '../../../features/service/cases/service.ts';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { isLanguage } from '../../../lib/i18n/languages.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { wayCode } from '../../citizen/times/ways.ts';
import { type Form, readForm } from '../../form.ts';
import { checkPerson, personOf, personProblems, readPerson } from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { type ServeWrong, showServe, type TypedServing, waysHere } from './form.tsx';

/** `/console/{office}/serve`: serves somebody who has no appointment, with the form that they came or call for. */
export function servePage(deps: StaffDeps) {
  return {
    get: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      if (!mayAssist(viewer)) return c.notFound();
      const typed = readServing(visit, {
        text: (name: string) => c.req.query(name) ?? '',
        all: (name: string) => c.req.queries(name) ?? [],
      });
      const like = c.req.query('like') ?? '';
      if (!isUuid(like)) return showServe(deps, visit, typed);
      const earlier = await deps.assistance.like(viewer, office, like);
      if (!earlier) return c.notFound();
      const person = personOf(visit, earlier);
      const phone = typed.person.phone || person.phone;
      return showServe(deps, visit, { ...typed, person: { ...person, onBehalfOf: '', phone } });
    },

    post: async (visit: DeskVisit): Promise<Response> => {
      if (!mayAssist(visit.viewer)) return visit.c.notFound();
      const form = await readForm(visit.c);
      return serve(deps, visit, readServing(visit, form), form.text('action') !== 'without');
    },
  };
}

function readServing(visit: DeskVisit, form: Pick<Form, 'text' | 'all'>): TypedServing {
  const { office, t } = visit;
  const found = office.procedure(form.text('procedure'));
  const ways = waysHere(visit);
  const asked = form.text('channel');
  const called = form.text('phone') ? ways.find(({ channel }) => isCalled(channel)) : undefined;
  const way = ways.find((each) => wayCode(each) === asked) ?? called ?? ways[0]!;
  const language = form.text('language');
  const own = office.languages.find((each) => each === t.language) ?? office.languages[0] ?? 'ca';
  return {
    procedure: found && !found.retired ? found : null,
    way,
    language: isLanguage(language) && office.languages.includes(language) ? language : own,
    person: readPerson(form),
    key: /^[\w-]{8,64}$/.test(form.text('key')) ? form.text('key') : randomUUID(),
  };
}

async function serve(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: TypedServing,
  withForm: boolean,
): Promise<Response> {
  const { t, viewer, office, base } = visit;
  const { procedure, way, language, person, key } = typed;
  const checked = checkPerson(visit, way.channel, person, { mayLackContact: true });
  if (!procedure || !checked.ok) {
    const mistakes = checked.ok ? {} : checked.mistakes;
    const missing = procedure ? undefined : t('unbooked.wrong.procedure');
    const problems = [
      ...(missing ? [{ href: '#procedure', text: missing }] : []),
      ...personProblems(visit, person, mistakes),
    ];
    const wrong = { problems, mistakes, ...(missing && { procedure: missing }) };
    return showServe(deps, visit, typed, { status: 422, ...wrong });
  }
  const refuse = (reason: 'no_desk' | 'no_form' | 'repeated', before?: Appointment) => {
    const text = t(`unbooked.refused.${reason}`);
    const problems = [{ href: before ? '#before' : '#procedure', text }];
    const wrong: ServeWrong = { status: 409, problems, ...(before && { before }) };
    return showServe(deps, visit, { ...typed, key: randomUUID() }, wrong);
  };
  if (withForm && !(await finishableForm(deps, office, procedure.code))) return refuse('no_form');
  const ask = { ...way, procedure: procedure.code, language };
  const who = { ...ask, ...checked.details, noticeLanguage: language };
  const done = await deps.serving.serveUnbooked(viewer, office, who, { key, withForm });
  if (done.ok)
    return visit.redirect(
      done.case ? `${base}/form/${done.case}` : `${base}/appointment/${done.appointment}`,
    );
  if (done.reason === 'repeated') return refuse(done.reason, done.appointment);
  return done.reason === 'no_desk' ? refuse(done.reason) : visit.c.notFound();
}
