import type { ComponentChildren } from 'preact';
import { actKeptUntil } from '../../../features/service/consent/rules.ts';
import { formatIdentity } from '../../../features/service/consent/service.ts';
import type { ActSeen } from '../../../features/service/consent/types.ts';
import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { canonicalJson } from '../../../lib/envelope/canonical-json.ts';
import { TextInput } from '../../../ui/forms.tsx';
import { Notice, type ProblemLink } from '../../../ui/parts.tsx';
import { dispositionOf } from '../../files/served.ts';
import { readForm } from '../../form.ts';
import { ActTag } from '../../words/acts.tsx';
import { here, showAppointment } from '../encounter/appointment.tsx';
import { FormOfAct, NextOfAct } from '../on-behalf/hand-in.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { actName, BackAction } from './acts.tsx';
import {
  keepScan,
  OnPaper,
  type PaperAgain,
  paperMistake,
  readPaper,
  signOnPaper,
} from './paper.tsx';

const idOf = ({ c }: DeskVisit) => ({
  appointment: c.req.param('id') ?? '',
  act: c.req.param('act') ?? '',
});

type Consent = StaffDeps['consent'];
type On = Parameters<Consent['hear']>;

/** `…/acts/{act}`: one act: the citizen's text, its state, and the official's possible actions. */
export function actPage(deps: StaffDeps) {
  return {
    get: (visit: DeskVisit) => show(deps, visit),

    post: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const form = await readForm(c);
      const { appointment, act } = idOf(visit);
      const on: On = [viewer, office, appointment, act];
      const what = form.text('do');
      if (what === 'look') return show(deps, visit, { typed: readPaper(form) });
      if (what === 'paper' || what === 'seen') {
        const typed = readPaper(form);
        const signed = await signOnPaper(deps, visit, { what, typed });
        if (signed.ok) return visit.redirect(`${here(visit)}/acts/${act}#acts`);
        const mistake = paperMistake(visit, signed);
        return mistake ? show(deps, visit, { mistake, typed }) : c.notFound();
      }
      const answered = await answer(deps.consent, on, what, form.line('code'));
      if (!answered) return show(deps, visit);
      if (!answered.ok) {
        const mistake = mistakeOf(visit, answered);
        return mistake ? show(deps, visit, { mistake }) : c.notFound();
      }
      const more = what === 'send' ? '?sent=1' : '';
      return visit.redirect(`${here(visit)}/acts/${act}${more}#acts`);
    },

    scan: async (visit: DeskVisit): Promise<Response> => {
      const { c, viewer, office } = visit;
      const { appointment, act } = idOf(visit);
      const read = await deps.consent.read(viewer, office, appointment, act);
      if (!read) return c.notFound();
      // Only whoever saw them sign scans the paper, while it is asked for.
      if (read.state !== 'prepared' || !read.isMine)
        return visit.redirect(`${here(visit)}/acts/${act}#acts`);
      const { wrong, typed } = await keepScan(deps, visit);
      return show(deps, visit, wrong ? { mistake: wrong, typed } : { typed, isAdded: true });
    },

    record: (visit: DeskVisit) => sendRecord(deps.consent, visit),
  };
}

async function show(deps: StaffDeps, visit: DeskVisit, again: PaperAgain = {}): Promise<Response> {
  const wrong = again.mistake;
  const { viewer, office, c } = visit;
  const { appointment, act: id } = idOf(visit);
  const act = await deps.consent.read(viewer, office, appointment, id);
  if (!act) return c.notFound();
  const documents = (await deps.documents.list(viewer, office, appointment)) ?? [];
  return showAppointment(deps, visit, {
    title: actName(visit, act),
    ...(wrong && { problems: [wrong], status: wrong.href === '#acts' ? 409 : 422 }),
    instead: async (dossier) => (
      <Act
        visit={visit}
        dossier={dossier}
        act={act}
        again={again}
        documents={documents}
        next={await NextOfAct(deps, visit, { act, dossier })}
      />
    ),
  });
}

/** Does the pressed action; null when it isn't possible. */
function answer(consent: Consent, on: On, what: string, code: string) {
  if (what === 'send') return consent.sendCode(...on);
  if (what === 'code') return consent.consentByCode(...on, code);
  if (what === 'hear') return consent.hear(...on);
  if (what === 'witness') return consent.witness(...on);
  return what === 'withdraw' ? consent.withdraw(...on) : null;
}

type Answered = Awaited<ReturnType<typeof answer>>;
type Refusal = Exclude<NonNullable<Answered>, { ok: true }>;

/** Returns the page's words for a refusal; null: there is no such act. */
function mistakeOf({ t, dates }: DeskVisit, refusal: Refusal): ProblemLink | null {
  switch (refusal.reason) {
    case 'not_found':
      return null;
    case 'over':
      return { href: '#acts', text: t('acts.desk.over') };
    case 'no_address':
    case 'frozen':
      return { href: '#acts', text: t('acts.desk.nowhere') };
    case 'not_independent':
      return { href: '#acts', text: t('acts.desk.not_independent') };
    case 'not_habilitated':
      return { href: '#acts', text: t('acts.ineligibility.not_habilitated') };
    case 'wrong':
      return { href: '#code', text: t('acts.code.wrong', { left: refusal.left }) };
    case 'too_soon': {
      const at = { day: dates.day(refusal.at), time: dates.time(refusal.at) };
      return { href: '#acts', text: t('acts.code.too_soon', at) };
    }
    default:
      return { href: '#code', text: t('acts.code.ended') };
  }
}

/** Sends the kept evidence, whose SHA-256 is on the trail. */
async function sendRecord(consent: Consent, visit: DeskVisit): Promise<Response> {
  const { c, viewer, office } = visit;
  const { appointment, act: id } = idOf(visit);
  const act = await consent.read(viewer, office, appointment, id);
  if (!act) return c.notFound();
  if (act.state !== 'consented' || !act.record) return visit.redirect(`${here(visit)}/acts/${id}`);
  const name = `${act.record.appointment.reference}-${act.template}.json`;
  c.header('Content-Type', 'application/json');
  c.header('Content-Disposition', dispositionOf(name));
  c.header('Cache-Control', 'no-store');
  return c.body(canonicalJson(act.record));
}

interface ActProps {
  visit: DeskVisit;
  dossier: Dossier;
  act: ActSeen;
  again: PaperAgain;
  documents: readonly DocumentEntry[];
}

function Act(props: ActProps & { next: ComponentChildren }) {
  const { visit, dossier, act, documents, again, next } = props;
  const { t } = visit;
  return (
    <section
      class="region work stack"
      id="acts"
      data-from={`${here(visit)}/acts/${act.id}`}
      aria-labelledby="acts-title"
    >
      <h2 id="acts-title">{act.record?.title ?? actName(visit, act)}</h2>
      <p>
        <ActTag t={t} state={act.state} />
      </p>
      <When visit={visit} act={act} />
      {act.record ? (
        <div class="act-text" lang={act.record.language}>
          {act.record.text.split(/\n\s*\n/).map((each) => (
            <p key={each}>{each}</p>
          ))}
        </div>
      ) : (
        <p class="soft">
          {act.destroyedAt
            ? t('acts.desk.destroyed', { day: visit.dates.longDay(act.destroyedAt) })
            : t('acts.desk.gone')}
        </p>
      )}
      <FormOfAct visit={visit} act={act} />
      <Concerned visit={visit} act={act} />
      {act.state === 'prepared' ? (
        <>
          <Ask {...props} />
          <OnPaper visit={visit} dossier={dossier} act={act} documents={documents} {...again} />
        </>
      ) : null}
      {act.state === 'consented' ? <Evidence visit={visit} dossier={dossier} act={act} /> : null}
      {act.state === 'prepared' ? (
        <form method="post" action={`${here(visit)}/acts/${act.id}`}>
          <button type="submit" class="link" name="do" value="withdraw">
            {t('acts.desk.withdraw')}
          </button>
        </form>
      ) : null}
      {next}
      {next && act.state === 'consented' ? null : <BackAction t={t} href={here(visit)} />}
    </section>
  );
}

function When({ visit, act }: Pick<ActProps, 'visit' | 'act'>) {
  const { t, dates } = visit;
  const on = (at: Temporal.Instant) => ({ day: dates.longDay(at), time: dates.time(at) });
  return (
    <p class="soft small">
      {t('acts.desk.prepared', on(act.preparedAt))}
      {act.state === 'consented' && act.settledAt
        ? ` ${t('acts.desk.consented', on(act.settledAt))}`
        : null}
      {act.state === 'prepared'
        ? ` ${t('acts.desk.until', { time: dates.time(act.expiresAt) })}`
        : null}
    </p>
  );
}

/** The actions of the preparing official while the citizen decides. */
function Ask({ visit, act, again: { mistake } }: ActProps) {
  const { t, c } = visit;
  const address = `${here(visit)}/acts/${act.id}`;
  const isSent = c.req.query('sent') === '1';
  if (!act.isMine) return <Witness visit={visit} act={act} />;
  const press = (what: 'send' | 'hear', text: string) => (
    <form method="post" action={address}>
      <button type="submit" class="button quiet" name="do" value={what}>
        {text}
      </button>
    </form>
  );
  return (
    <>
      <p>
        {t('acts.desk.tell')} {act.identity.way === 'open' ? t('acts.desk.byIdentity') : null}
      </p>
      {act.isIndependent ? byPhone() : <p>{t('acts.desk.not_independent')}</p>}
      <h3>{t('acts.desk.aloud')}</h3>
      {act.heardAt ? (
        <p>{t(act.isIndependent ? 'acts.desk.heardTwo' : 'acts.desk.heardSecond')}</p>
      ) : (
        press('hear', t('acts.desk.hear'))
      )}
    </>
  );

  function byPhone() {
    return (
      <>
        <h3>{t('acts.desk.byPhone')}</h3>
        {isSent ? (
          <Notice>
            <p role="status">{t('acts.desk.sent')}</p>
          </Notice>
        ) : null}
        {press('send', t(isSent ? 'acts.desk.more' : 'acts.desk.send'))}
        <form method="post" action={address} class="stack">
          <TextInput
            name="code"
            label={t('acts.desk.code')}
            error={mistake?.href === '#code' ? mistake.text : undefined}
            short
            inputMode="numeric"
            autocomplete="off"
          />
          <button type="submit" class="button quiet" name="do" value="code">
            {t('acts.desk.enter')}
          </button>
        </form>
      </>
    );
  }
}

/**
 * The action of a second member of staff: after the official has noted the spoken consent, the second
 * person may note that they heard it too.
 */
function Witness({ visit, act }: Pick<ActProps, 'visit' | 'act'>) {
  const { t } = visit;
  const name = act.record?.official.name ?? '';
  if (!act.heardAt) return act.noted ? null : <p>{t('acts.desk.others')}</p>;
  return (
    <form method="post" action={`${here(visit)}/acts/${act.id}`} class="stack">
      <p>{t('acts.desk.witnessHint', { name })}</p>
      <button type="submit" class="button" name="do" value="witness">
        {t('acts.desk.witness')}
      </button>
    </form>
  );
}

/** The documents of the act, identified to the byte. */
function Concerned({ visit: { t }, act }: Pick<ActProps, 'visit' | 'act'>) {
  const documents = act.record?.documents ?? [];
  if (documents.length === 0) return null;
  return (
    <>
      <h3>{t('acts.documents')}</h3>
      <ul>
        {documents.map((each) => (
          <li key={each.id}>
            <span class="said">{each.name}</span>
            <br />
            <span class="soft small hash">SHA-256: {each.sha256}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Evidence({ visit, dossier, act }: Omit<ActProps, 'again' | 'documents'>) {
  const { t, dates, office } = visit;
  const until = actKeptUntil(act, dossier.appointment, office.settings.retention);
  const page = here(visit);
  const identity = act.record?.consent?.identity;
  return (
    <>
      <dl class="facts">
        {act.method ? (
          <div>
            <dt>{t('acts.desk.method')}</dt>
            <dd>
              {t(`acts.method.${act.method}`)}
              {identity
                ? formatIdentity(identity, t, dates).map((each) => (
                    <div class="identified" key={each}>
                      {each}
                    </div>
                  ))
                : null}
            </dd>
          </div>
        ) : null}
        {act.hash ? (
          <div>
            <dt>{t('acts.desk.hash')}</dt>
            <dd class="hash small">{act.hash}</dd>
          </div>
        ) : null}
      </dl>
      {act.destroyedAt ? null : (
        <>
          <p>
            {act.copiedAt ? (
              <a href={`${page}/documents/${act.copy}`}>{t('acts.desk.copy')}</a>
            ) : (
              t('acts.desk.copying')
            )}
          </p>
          <p>
            <a href={`${page}/acts/${act.id}/record`} download>
              {t('acts.desk.record')}
            </a>
          </p>
          <p class="soft small">{t('acts.desk.kept', { day: dates.longDay(until) })}</p>
        </>
      )}
    </>
  );
}
