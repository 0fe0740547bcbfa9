import { hasRoom } from '../../../domain/channel.ts';
import { LONGEST, nextOf } from '../../../features/service/encounter/rules.ts';
import {
  ATTEMPT_OUTCOMES,
  type DayEntry,
  type Dossier,
} from '../../../features/service/encounter/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, type ProblemLink } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { engineOf } from '../../room-screen.tsx';
import { guestsOf } from '../call/company.tsx';
import { CallRegion } from '../call/room.tsx';
import { askedOf } from '../colleagues/panel.tsx';
import { frozenOf } from '../contact/proof.tsx';
import { DayRegion } from '../day/day.tsx';
import { formsOf } from '../filling/panel.tsx';
import { Identity, type IdentityProps } from '../identify/identity.tsx';
import { Live } from '../live.tsx';
import { Authorisations } from '../representation/card.tsx';
import { DoubtPanel, type DoubtPanelProps } from '../undo/doubt.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { dayTitle } from '../words.ts';
import { SayDone } from './links.tsx';
import { PersonRegion } from './person.tsx';
import { type WorkProps, WorkRegion } from './work.tsx';

interface Around {
  problems?: ProblemLink[];
  status?: 409 | 422;
  work?: Pick<WorkProps, 'typed' | 'conflict' | 'unticked' | 'unsettled'>;
  /** Replaces the right region, unless it returns nothing. */
  instead?: (dossier: Dossier) => preact.ComponentChildren | Promise<preact.ComponentChildren>;
  title?: string;
  revealed?: IdentityProps['revealed'];
}

/** Reads everything that the page of an appointment needs; null: there is no such appointment. */
async function readAround(deps: StaffDeps, visit: DeskVisit) {
  const { viewer, office } = visit;
  const card = await deps.cards.open(viewer, office, visit.c.req.param('id') ?? '');
  if (!card) return null;
  const { dossier, entries, standing } = card;
  const { id, status } = dossier.appointment;
  const isAttended = status === 'in_progress';
  const others = entries.filter((each) => each.id !== id && isToCome(each));
  return {
    ...card,
    isAttended,
    frequent: isAttended ? await deps.encounter.frequent(viewer, office) : [],
    following: isAttended ? nextOf(others, visit.now) : null,
    asked: await askedOf(deps, visit, dossier),
    forms: await formsOf(deps, visit, dossier),
    frozen: await frozenOf(deps, visit, standing),
  };
}

type AroundAppointment = NonNullable<Awaited<ReturnType<typeof readAround>>>;

/** The three regions around one appointment. */
export async function showAppointment(deps: StaffDeps, visit: DeskVisit, around: Around = {}) {
  const read = await readAround(deps, visit);
  if (!read) return visit.c.notFound();
  const { t, base } = visit;
  const { dossier, day, desk, entries, isAttended } = read;
  const { appointment } = dossier;
  const { problems = [], status } = around;
  const isSeen = isAttended && hasRoom(appointment.channel);
  const inRoom = isSeen ? ['room', 'persistent-call'] : [];
  const instead = await around.instead?.(dossier);
  return visit.show(
    {
      title: around.title ?? `${appointment.citizen.name}, ${visit.dates.time(appointment.start)}`,
      layout: 'regions',
      skipToAction: true,
      islands: isAttended ? ['console', 'encounter', ...inRoom] : ['console'],
      ...(isSeen && { devices: ['camera', 'microphone', 'display-capture'] }),
      hasErrors: problems.length > 0,
      ...(status && { status }),
    },
    <>
      {problems.length > 0 ? (
        <div class="over">
          <ErrorSummary title={t('staff.error.title')} problems={problems} />
        </div>
      ) : (
        <SayDone visit={visit} dossier={dossier} />
      )}
      <div class="back-narrow">
        <BackLink href={`${base}?day=${day}`}>{dayTitle(visit)}</BackLink>
      </div>
      <DayRegion visit={visit} day={day} desk={desk} entries={entries} current={appointment.id} />
      <CallRegion
        visit={visit}
        dossier={dossier}
        engine={engineOf(deps, visit.office, appointment)}
      />
      <Person visit={visit} read={read} revealed={around.revealed} />
      {instead ?? (
        <Work
          visit={visit}
          read={read}
          guests={await guestsOf(deps, visit, appointment)}
          work={around.work}
        />
      )}
      <Live visit={visit} after={read.after} current={appointment.id} />
    </>,
  );
}

function Person({
  visit,
  read,
  revealed,
}: {
  visit: DeskVisit;
  read: AroundAppointment;
  revealed: IdentityProps['revealed'];
}) {
  const { dossier, written, space, frozen, identity, authorisations, forms } = read;
  return (
    <PersonRegion
      visit={visit}
      dossier={dossier}
      written={hasRoom(dossier.appointment.channel) ? written : []}
      papers={space?.papers ?? null}
      refusals={space?.refusals ?? null}
      frozen={frozen}
      forms={forms}
      identity={
        <>
          <Identity
            visit={visit}
            dossier={dossier}
            identity={identity}
            revealed={revealed}
            mayAsk={space !== null}
          />
          <Authorisations
            visit={visit}
            dossier={dossier}
            found={authorisations}
            mayOpen={space !== null}
          />
        </>
      }
    />
  );
}

interface AppointmentWorkProps {
  visit: DeskVisit;
  read: AroundAppointment;
  guests: WorkProps['guests'];
  work: Around['work'];
}

function Work({ visit, read, guests, work }: AppointmentWorkProps) {
  const { dossier, frequent, following, space, asked } = read;
  return (
    <WorkRegion
      visit={visit}
      dossier={dossier}
      frequent={frequent}
      following={following}
      guests={guests}
      acts={space?.acts ?? null}
      asked={asked}
      {...work}
    />
  );
}

/**
 * Returns whether a citizen waits for their hour, which excludes begun encounters and citizens without a
 * number.
 */
const isToCome = (entry: DayEntry) => entry.status !== 'in_progress' && !entry.lacksNumber;

export function appointmentPage(deps: StaffDeps) {
  return (visit: DeskVisit) => showAppointment(deps, visit);
}

export const here = (visit: DeskVisit) => `${visit.base}/appointment/${visit.c.req.param('id')}`;

/** Answers a conflict: the page has the present state and the typed values. */
export function conflict(
  deps: StaffDeps,
  visit: DeskVisit,
  typed: string,
  { text, ...work }: Around['work'] & { text?: string } = {},
) {
  const { t } = visit;
  const lost = typed && !work.typed ? ` ${t('staff.conflict.typed', { text: typed })}` : '';
  const problem = { href: '#action', text: `${text ?? t('staff.conflict.text')}${lost}` };
  return showAppointment(deps, visit, { status: 409, problems: [problem], work });
}

/** Asks before a step that is probably a mistake; nothing was written yet. */
const ask = (
  deps: StaffDeps,
  visit: DeskVisit,
  { doubt, sent }: Pick<DoubtPanelProps, 'doubt' | 'sent'>,
) =>
  showAppointment(deps, visit, {
    status: 409,
    instead: (dossier) => <DoubtPanel visit={visit} dossier={dossier} doubt={doubt} sent={sent} />,
  });

/** Logs a call. */
export function attemptPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const form = await readForm(visit.c);
    const outcome = ATTEMPT_OUTCOMES.find((each) => each === form.text('outcome'));
    if (!outcome) return visit.redirect(here(visit));
    const note = form.line('note').slice(0, LONGEST.note);
    const number = Number(form.text('number'));
    const { viewer, office, c } = visit;
    const attempt = { number, outcome, note, anyway: form.text('anyway') === '1' };
    const result = await deps.encounter.logAttempt(
      viewer,
      office,
      c.req.param('id') ?? '',
      attempt,
    );
    if (result.ok) return visit.redirect(here(visit));
    const fields = { number: `${number}`, outcome, note };
    switch (result.reason) {
      case 'not_found':
        return c.notFound();
      case 'early':
      case 'busy':
        return ask(deps, visit, { doubt: result, sent: { to: 'attempt', fields } });
      default:
        return conflict(deps, visit, note, result.reason === 'stale' ? { typed: { note } } : {});
    }
  };
}

/** Begins an encounter that no logged call reached. */
export function startPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { viewer, office, c } = visit;
    const anyway = (await readForm(c)).text('anyway') === '1';
    const id = c.req.param('id') ?? '';
    const result = await deps.encounter.start(viewer, office, id, { anyway });
    if (result.ok) return visit.redirect(here(visit));
    if (result.reason === 'busy')
      return ask(deps, visit, { doubt: result, sent: { to: 'start', fields: {} } });
    return result.reason === 'not_found' ? c.notFound() : conflict(deps, visit, '');
  };
}

/** Ends an appointment that can't be called, because the number belongs to another person. */
export function giveUpPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { viewer, office, c } = visit;
    const result = await deps.encounter.giveUp(viewer, office, c.req.param('id') ?? '');
    if (result.ok) return visit.redirect(here(visit));
    return result.reason === 'not_found' ? c.notFound() : conflict(deps, visit, '');
  };
}

/** Cancels for the office; the citizen gets the reason. */
export function cancelPage(deps: StaffDeps) {
  const show = (visit: DeskVisit, error?: string, typed = '') => {
    const { t } = visit;
    const status = error
      ? { status: 422 as const, problems: [{ href: '#reason', text: error }] }
      : {};
    return showAppointment(deps, visit, {
      ...status,
      title: t('staff.cancel.title'),
      instead: () => (
        <section class="region work stack" aria-labelledby="cancel">
          <h2 id="cancel">{t('staff.cancel.title')}</h2>
          <p>{t('staff.cancel.text')}</p>
          <form method="post" class="stack">
            <TextArea
              name="reason"
              label={t('staff.cancel.reason')}
              hint={t('staff.cancel.hint')}
              error={error}
              value={typed}
            />
            <div class="action row">
              <ButtonLink kind="quiet" href={here(visit)}>
                {t('staff.cancel.back')}
              </ButtonLink>
              <button type="submit" class="button grave" id="action">
                {t('staff.cancel.submit')}
              </button>
            </div>
          </form>
        </section>
      ),
    });
  };
  return {
    get: (visit: DeskVisit) => show(visit),
    post: async (visit: DeskVisit) => {
      const reason = (await readForm(visit.c)).lines('reason');
      const { t, viewer, office, c } = visit;
      if (reason === '') return show(visit, t('staff.cancel.missing'));
      if (reason.length > LONGEST.note) return show(visit, t('staff.wrong.too_long'), reason);
      const result = await deps.encounter.cancel(viewer, office, c.req.param('id') ?? '', reason);
      if (result.ok) return visit.redirect(here(visit));
      return result.reason === 'not_found' ? c.notFound() : conflict(deps, visit, reason);
    },
  };
}
