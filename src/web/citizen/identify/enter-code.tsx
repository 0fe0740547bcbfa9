import type { Context as Request } from 'hono';
import { bookedBundle, namesIn } from '../../../domain/office/bundle.ts';
import { calledOf } from '../../../features/foundation/identification/rules.ts';
import { browserOf as deviceOf } from '../../../features/service/device/rules.ts';
import type { AskedFrom, TypedCode } from '../../../features/service/identifying/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, Notice, SummaryList } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formatBrowser } from '../../words/devices.tsx';
import { worksHere } from '../by-staff.ts';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import { formPage, Problems } from '../shared.tsx';
import { type CitizenDeps, type ProcedureVisit, type Visit, withOffice } from '../visit.tsx';
import { levelOf } from './appointment.tsx';
import { type Reason, showProviders, startChosen } from './choose.tsx';

/** The longest text that is taken for a code, and shown again. */
const MOST_TYPED = 40;

/** The field with the id of the code that a form is of: another one may have been typed in this browser since. */
const WHICH = 'which';

/** Returns where a request comes from, in words for the other device: no version, no address. */
export const askedFrom = ({ senderOf }: Pick<CitizenDeps, 'senderOf'>, c: Request): AskedFrom => {
  const { family, system } = deviceOf(c.req.header('User-Agent') ?? '');
  return { family, system, sender: senderOf(c) };
};

/** What the page of a code that was typed shows: the appointment, and nothing of the people in it. */
interface Checking {
  visit: ProcedureVisit;
  code: TypedCode;
}

/**
 * `/{language}/identify/code`: takes the code of another device, says for what it is, and identifies whoever typed it here. The session
 * opens in this browser alone (docs/adr/0088).
 */
export function enterCodePage(deps: CitizenDeps) {
  const typedIn = async (visit: Visit): Promise<Checking | null> => {
    const code = await deps.identityCodes.typed(visit.c.req.header('Cookie') ?? '');
    if (!code) return null;
    const office = await deps.offices.byId(code.appointment.office);
    const of = withOffice(deps, visit, office);
    const procedure = bookedBundle(of.office, code.appointment);
    if (!procedure) throw new Error(`Appointment ${code.appointment.id} names no procedure`);
    return { visit: { ...of, procedure }, code };
  };

  const enter = async (visit: Visit, typed: string): Promise<Response> => {
    const { c, t, to } = visit;
    const entered = await deps.identityCodes.enter(typed, c.req.header('Cookie') ?? '');
    if (entered.ok) {
      c.header('Set-Cookie', entered.cookie, { append: true });
      return visit.redirect(to.identityCode());
    }
    const { reason } = entered;
    deps.security.note('identity.code_refused', { what: reason }, deps.addressOf(c));
    return showForm(
      visit,
      typed,
      t(reason === 'too_many' ? 'anotherDevice.busy' : 'anotherDevice.refused'),
    );
  };

  const answer = async ({ visit, code }: Checking, isTheirs: boolean): Promise<Response> => {
    const { c, to, office } = visit;
    const isSaid = await deps.identityCodes.answer(code.id, c.req.header('Cookie') ?? '', isTheirs);
    if (!isSaid || isTheirs) return visit.redirect(to.identityCode());
    const facts = { appointment: code.appointment.id, office: office.id };
    deps.security.note('identity.code_denied', facts, deps.addressOf(c));
    return showDenied(visit);
  };

  return {
    get: async (visit: Visit): Promise<Response> => {
      if (await worksHere(deps, visit.c)) return problem(visit, 'staff_here');
      const found = await typedIn(visit);
      if (visit.c.req.query('end'))
        return found?.code.state === 'done' ? showDone(found.visit) : showOver(visit);
      if (found?.code.state === 'taken') return showCheck(deps, found);
      if (found?.code.state === 'confirmed')
        return showProviders(deps, found.visit, await reasonOf(deps, found));
      return showForm(visit, '');
    },

    post: async (visit: Visit): Promise<Response> => {
      if (await worksHere(deps, visit.c)) return problem(visit, 'staff_here');
      const form = await readForm(visit.c);
      if (form.has('code')) return enter(visit, form.line('code').slice(0, MOST_TYPED));
      const found = await typedIn(visit);
      if (!found || form.line(WHICH) !== found.code.id) return showOver(visit);
      if (form.has('answer')) return answer(found, form.text('answer') === 'yes');
      if (found.code.state !== 'confirmed') return visit.redirect(visit.to.identityCode());
      return startChosen(deps, found.visit, await reasonOf(deps, found), form);
    },
  };
}

/** Returns the office, the procedure and the hour of the appointment that a code is for. */
function valuesOf({ visit, code: { appointment } }: Checking) {
  const { office, language, dates, procedure } = visit;
  return {
    office: textIn(office.name, language),
    procedure: namesIn(procedure, language),
    day: dates.day(appointment.start),
    time: dates.time(appointment.start),
  };
}

async function reasonOf(
  { identifying }: Pick<CitizenDeps, 'identifying'>,
  found: Checking,
): Promise<Reason> {
  const { visit, code } = found;
  const { t, to, office } = visit;
  const { appointment, id } = code;
  return {
    level: levelOf(visit, await identifying.standing(appointment)),
    purpose: { for: 'appointment', appointment: appointment.id, office: office.id, code: id },
    transaction: null,
    next: to.identityCode('end'),
    here: to.identityCode(),
    back: to.town,
    why: t('anotherDevice.choose', valuesOf(found)),
    hidden: { name: WHICH, value: id },
  };
}

function showForm(visit: Visit, typed: string, mistake?: string): Response {
  const { t, to } = visit;
  const problems = mistake ? [{ href: '#code', text: mistake }] : [];
  const title = t('anotherDevice.enter.title');
  return visit.show(
    formPage(title, problems),
    <>
      <BackLink href={to.town}>{t('citizen.back')}</BackLink>
      <Problems t={t} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('anotherDevice.enter.lead')}</p>
      <Notice kind="warn">
        <p>{t('anotherDevice.enter.warning')}</p>
      </Notice>
      <form class="form" action={to.identityCode()} method="post" novalidate>
        <TextInput
          name="code"
          label={t('anotherDevice.enter.label')}
          hint={t('anotherDevice.enter.hint')}
          error={mistake}
          value={typed}
          short
          autocomplete="off"
          spellcheck={false}
          maxLength={MOST_TYPED}
        />
        <Button>{t('anotherDevice.enter.button')}</Button>
      </form>
    </>,
  );
}

/** Says what whoever typed a code is about to do: for which appointment, and where it was asked for. */
function showCheck(deps: Pick<CitizenDeps, 'senderOf'>, found: Checking): Response {
  const { visit, code } = found;
  const { t, to, c, dates } = visit;
  const { office, procedure, day, time } = valuesOf(found);
  const isNear = code.sender.equals(deps.senderOf(c));
  const asked = t('anotherDevice.check.asked', {
    time: dates.time(code.askedAt),
    browser: formatBrowser(t, code),
  });
  const title = t('anotherDevice.check.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('anotherDevice.check.lead')}</p>
      <SummaryList
        rows={[
          { label: t('anotherDevice.check.office'), value: office },
          { label: t('anotherDevice.check.procedure'), value: procedure },
          {
            label: t('anotherDevice.check.when'),
            value: t('anotherDevice.check.at', { day, time }),
          },
          {
            label: t('anotherDevice.check.from'),
            value: `${asked}\n${t(isNear ? 'anotherDevice.check.near' : 'anotherDevice.check.far')}`,
          },
        ]}
      />
      <p>{t('anotherDevice.check.gives')}</p>
      <Notice kind="warn">
        <p>{t('anotherDevice.check.stop')}</p>
      </Notice>
      <form class="form" action={to.identityCode()} method="post">
        <input type="hidden" name={WHICH} value={code.id} />
        <Button name="answer" value="yes">
          {t('anotherDevice.check.yes')}
        </Button>
        <Button kind="quiet" name="answer" value="no">
          {t('anotherDevice.check.no')}
        </Button>
      </form>
    </>,
  );
}

function showDenied(visit: Visit): Response {
  const { t, to } = visit;
  const title = t('anotherDevice.stopped.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('anotherDevice.stopped.text')}</p>
      <Reach visit={visit} lead={t('anotherDevice.stopped.call')} />
      <p>
        <a href={to.town}>{t('citizen.problem.start')}</a>
      </p>
    </>,
  );
}

/** Says that the appointment got nothing: the code was over before the identification came. */
function showOver(visit: Visit): Response {
  const { t, to, session } = visit;
  const title = t('anotherDevice.over.title');
  return visit.show(
    { title, isPersonal: true, status: 410 },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('anotherDevice.over.text')}</p>
      {session ? <p>{t('anotherDevice.over.session', { name: calledOf(session) })}</p> : null}
      <p>
        <ButtonLink href={to.identityCode()}>{t('anotherDevice.over.again')}</ButtonLink>
      </p>
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}

function showDone(visit: Visit): Response {
  const { t, to, session } = visit;
  const title = t('anotherDevice.finished.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('anotherDevice.finished.text')}</p>
      {session ? (
        <>
          <p>{t('anotherDevice.finished.leave', { name: calledOf(session) })}</p>
          <p>
            <ButtonLink href={to.leave}>{t('identify.leave.button')}</ButtonLink>
          </p>
          <p>
            <a href={to.folder()}>{t('identify.bar.folder')}</a>
          </p>
        </>
      ) : null}
    </>,
  );
}
