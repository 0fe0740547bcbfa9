import { isEnough } from '../../../domain/identity.ts';
import { ownPath } from '../../../features/foundation/identification/rules.ts';
import { isLive, lastDayOf } from '../../../features/service/representation/rules.ts';
import {
  ACTING_LEVEL,
  type Representation,
  type Side,
} from '../../../features/service/representation/types.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { proceduresIn } from '../../words/procedures.ts';
import { type Offices, officesOf, placeOf } from '../folder/parts.tsx';
import { browserOf } from '../identify/session.ts';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';
import { StopActing, whomIn } from './parts.tsx';

const SIDES = ['representative', 'represented'] as const satisfies Side[];
const DONE = ['asked', 'given', 'ended'] as const;

/** `/{language}/folder/representations`: for whom a person may act, and who may act for them. */
export function representationsPage(deps: CitizenDeps) {
  return {
    get: (visit: PersonVisit): Promise<Response> => showRepresentations(deps, visit),

    post: async (visit: PersonVisit): Promise<Response> => {
      const { c, viewer, session, to } = visit;
      const form = await readForm(c);
      const which = form.text('which');
      const here = to.folder('representations');
      switch (form.text('do')) {
        case 'end': {
          const isEnded = await deps.representations.end(viewer, which);
          return visit.redirect(isEnded ? `${here}?done=ended` : here);
        }
        case 'act': {
          const isHere = isUuid(which) && !session.represents;
          const acting = isHere ? await deps.representations.acting(viewer, which) : null;
          if (acting?.isValid) await deps.identification.act(browserOf(c), which);
          const back = ownPath(form.text('back'), deps.baseUrl);
          return visit.redirect((acting?.isValid && back) || here);
        }
        case 'stop':
          await deps.identification.act(browserOf(c), null);
          return visit.redirect(ownPath(form.text('back'), deps.baseUrl) ?? here);
        default:
          return visit.redirect(here);
      }
    },
  };
}

async function showRepresentations(deps: CitizenDeps, visit: PersonVisit): Promise<Response> {
  const { t, to, viewer, session } = visit;
  const all = await deps.representations.own(viewer);
  const offices = await officesOf(deps, all);
  const papers = await papersOf(deps, visit, all, offices);
  const title = t('representation.title');
  const isHigh = isEnough(session.level, ACTING_LEVEL);
  return visit.show(
    { title, isPersonal: true },
    <>
      <BackLink href={to.folder()}>{t('folder.title')}</BackLink>
      <h1>{title}</h1>
      <Done visit={visit} />
      <p class="lead">{t('representation.lead')}</p>
      <ActingNow visit={visit} offices={offices} />
      {isHigh ? null : <TooLow visit={visit} />}
      {session.represents ? <p class="note">{t('representation.company')}</p> : null}
      {SIDES.map((side) => (
        <Part
          key={side}
          visit={visit}
          side={side}
          all={all}
          offices={offices}
          papers={papers}
          mayAsk={isHigh}
        />
      ))}
    </>,
  );
}

/** Returns the pages where the signed authorisations are handed over that the person has asked for, by the id of the appointment. */
async function papersOf(
  deps: CitizenDeps,
  { to, viewer }: PersonVisit,
  all: readonly Representation[],
  offices: Offices,
): Promise<ReadonlyMap<string, string>> {
  const asked = all.filter((each) => each.state === 'asked' && each.appointment);
  const ids = new Set(asked.map((each) => each.office));
  const found = [...offices.values()].filter(({ id }) => ids.has(id));
  const askable = await Promise.all(
    found.map((office) => deps.representations.askable(viewer, office)),
  );
  return new Map(
    askable
      .flat()
      .map((each) => [each.id, to.appointment(deps.appointments.secretOf(each), 'documents')]),
  );
}

function Done({ visit: { c, t } }: { visit: PersonVisit }) {
  const done = DONE.find((each) => each === c.req.query('done'));
  if (!done) return null;
  return (
    <div role="status">
      <Notice kind="good">
        <p>{t(`representation.done.${done}`)}</p>
      </Notice>
    </div>
  );
}

/** For whom the session acts now, with the ways to book something for them and to stop. */
function ActingNow({ visit, offices }: { visit: PersonVisit; offices: Offices }) {
  const { t, to, acting } = visit;
  if (!acting?.isValid || acting.office === null) return null;
  const { office } = placeOf(visit, offices, acting.office);
  const name = whomIn(t, acting);
  return (
    <Notice kind="warn">
      <p>{t('representation.acting', { name })}</p>
      <p>
        <ButtonLink href={to.office(office.code)}>{t('representation.book', { name })}</ButtonLink>
      </p>
      <StopActing visit={visit} text={t('representation.stop', { name })} />
    </Notice>
  );
}

/** The session's level is too low, with the way to a higher one. */
export function TooLow({ visit }: { visit: PersonVisit }) {
  const { t, to } = visit;
  const next = to.folder('representations');
  return (
    <Notice kind="warn">
      <p>{t('representation.low')}</p>
      <p>
        <a href={to.identify({ next, level: ACTING_LEVEL })}>{t('representation.low.link')}</a>
      </p>
    </Notice>
  );
}

interface PartProps {
  visit: PersonVisit;
  side: Side;
  all: readonly Representation[];
  offices: Offices;
  papers: ReadonlyMap<string, string>;
  mayAsk: boolean;
}

/** The authorisations in which the person is one of the two. */
function Part({ visit, side, all, offices, papers, mayAsk }: PartProps) {
  const { t, to, viewer } = visit;
  const own = all.filter((each) => each[side].person === viewer.person);
  const page = side === 'representative' ? 'ask' : 'give';
  return (
    <section class="stack" aria-labelledby={`representation-${side}`}>
      <h2 id={`representation-${side}`}>{t(`representation.${side}.title`)}</h2>
      {own.length === 0 ? (
        <p>{t(`representation.${side}.none`)}</p>
      ) : (
        <ul class="sent">
          {own.map((each) => (
            <li key={each.id} class="stack">
              <Entry
                visit={visit}
                side={side}
                of={each}
                offices={offices}
                papers={papers}
                mayAct={mayAsk}
              />
            </li>
          ))}
        </ul>
      )}
      {mayAsk ? (
        <p>
          <ButtonLink kind="quiet" href={to.folder(`representations/${page}`)}>
            {t(`representation.${side}.ask`)}
          </ButtonLink>
        </p>
      ) : null}
    </section>
  );
}

interface EntryProps {
  visit: PersonVisit;
  side: Side;
  of: Representation;
  offices: Offices;
  papers: ReadonlyMap<string, string>;
  mayAct: boolean;
}

function Entry({ visit, side, of, offices, papers, mayAct }: EntryProps) {
  const { t, to, acting, session } = visit;
  const { office, dates, name: where } = placeOf(visit, offices, of.office);
  const other = side === 'representative' ? of.represented : of.representative;
  const name = other.name || t('representation.unknown');
  const isAsking = side === 'representative' && of.askedBy === side && of.state === 'asked';
  const handIn = isAsking && of.appointment ? papers.get(of.appointment) : undefined;
  const mayBegin = mayAct && side === 'representative' && !session.represents;
  return (
    <>
      <div>
        <b>
          {name} {other.masked ? <span class="figures nowrap">({other.masked})</span> : null}
        </b>
        <div class="soft">
          {where} · {proceduresIn(office, of.procedures, t.language) ?? t('representation.all')} ·{' '}
          {t(of.opens ? 'representation.opens' : 'representation.opens.not')} ·{' '}
          {t(`representation.state.${of.state}`, { day: dates.shortDay(lastDayOf(of)) })}
        </div>
      </div>
      {of.reason ? <p>{t('representation.reason', { reason: of.reason })}</p> : null}
      {handIn ? (
        <p>
          <a href={handIn}>{t('representation.handIn')}</a>
        </p>
      ) : null}
      {isLive(of) ? (
        <form class="row" action={to.folder('representations')} method="post">
          <input type="hidden" name="which" value={of.id} />
          {of.state === 'valid' && mayBegin && acting?.id !== of.id ? (
            <Button kind="quiet" name="do" value="act">
              {t('representation.act', { name })}
            </Button>
          ) : null}
          <button
            type="submit"
            class="link"
            name="do"
            value="end"
            aria-label={`${endText(visit, side, of)}: ${name}`}
          >
            {endText(visit, side, of)}
          </button>
        </form>
      ) : null}
    </>
  );
}

/** What ending an authorisation is called for one of its people. */
function endText({ t }: PersonVisit, side: Side, of: Representation): string {
  if (of.state === 'asked')
    return t(`representation.end.${side === 'representative' ? 'withdraw' : 'object'}`);
  return t(`representation.end.${side === 'representative' ? 'renounce' : 'revoke'}`);
}
