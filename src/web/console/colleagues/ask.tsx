import { isCalled } from '../../../domain/channel.ts';
import { LONGEST_NOTE, matches } from '../../../features/service/colleagues/rules.ts';
import type {
  AskResult,
  Candidate,
  RequestKind,
} from '../../../features/service/colleagues/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { askedText, readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** With more people than these, the page has a search. */
const FEW = 6;
const PATHS = { join: 'colleague', hand_over: 'hand-over' } as const;
const TITLES = { join: 'ask', hand_over: 'handOver' } as const;

interface Typed {
  search: string;
  to: number | null;
  note: string;
  error?: string | undefined;
}

type Why = Extract<AskResult, { ok: false }>['reason'];

/**
 * `…/colleague`: asks a colleague into the video call; `…/hand-over`: offers the encounter to a colleague. Both list who can be asked
 * now, and why the others can't.
 */
export function askPage(deps: StaffDeps, kind: RequestKind) {
  const find = ({ c, viewer, office }: DeskVisit) =>
    deps.colleagues.candidates(viewer, office, c.req.param('id') ?? '', kind);

  const show = async (visit: DeskVisit, typed: Typed, status?: 409 | 422) => {
    const { t } = visit;
    const found = await find(visit);
    // The appointment's own page says whose the encounter is.
    if (found?.appointment.status !== 'in_progress') return showAppointment(deps, visit);
    const { error } = typed;
    return showAppointment(deps, visit, {
      title: t(`colleagues.${TITLES[kind]}.title`),
      ...(status && error && { status, problems: [{ href: '#to', text: error }] }),
      instead: ({ appointment }) => (
        <Region
          visit={visit}
          kind={kind}
          isCall={isCalled(appointment.channel)}
          candidates={found.candidates}
          typed={typed}
        />
      ),
    });
  };

  return {
    get: (visit: DeskVisit) =>
      show(visit, { search: askedText(visit.c, 'q', 100), to: null, note: '' }),

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, office } = visit;
      const form = await readForm(c);
      const note = form.line('note');
      const typed = {
        search: form.text('q').slice(0, 100),
        to: Number(form.text('to')) || null,
        note,
      };
      if (!typed.to) return show(visit, { ...typed, error: t('colleagues.wrong.missing') }, 422);
      const wish = { kind, to: typed.to, note };
      const asked = await deps.colleagues.ask(viewer, office, c.req.param('id') ?? '', wish);
      if (asked.ok) return visit.redirect(`${here(visit)}#colleagues`);
      switch (asked.reason) {
        case 'not_found':
        case 'not_open':
        case 'no_room':
          return conflict(deps, visit, note);
      }
      const name = (await find(visit))?.candidates.find(({ staff }) => staff === typed.to)?.name;
      return show(visit, { ...typed, error: mistakeIn(visit, asked.reason, name ?? '') }, 409);
    },
  };
}

function mistakeIn(
  { t }: DeskVisit,
  why: Exclude<Why, 'not_found' | 'not_open' | 'no_room'>,
  name: string,
): string {
  switch (why) {
    case 'unknown':
    case 'full':
    case 'in_hand':
      return t(`colleagues.wrong.${why}`);
    case 'too_long':
      return t('colleagues.wrong.too_long', { most: LONGEST_NOTE });
    default:
      return t('colleagues.wrong.changed', { name, why: t(`colleagues.why.${why}`) });
  }
}

interface RegionProps {
  visit: DeskVisit;
  kind: RequestKind;
  /** Whether the citizen is on the telephone. */
  isCall: boolean;
  candidates: readonly Candidate[];
  typed: Typed;
}

function Region({ visit, kind, isCall, candidates, typed }: RegionProps) {
  const { t, office } = visit;
  const { search } = typed;
  const deskOf = ({ desk }: Candidate) => (desk === null ? '' : (office.desk(desk)?.name ?? ''));
  const found = candidates.filter((each) => matches(search, [each.name, deskOf(each)]));
  const possible = found.filter(({ objection }) => objection === null);
  const others = found.filter(({ objection }) => objection !== null);
  return (
    <section class="region work stack" aria-labelledby="ask">
      <h2 id="ask">{t(`colleagues.${TITLES[kind]}.title`)}</h2>
      <p>{t(`colleagues.${TITLES[kind]}.text`)}</p>
      {kind === 'hand_over' && isCall ? <p>{t('colleagues.handOver.phone')}</p> : null}
      {candidates.length > FEW || search ? (
        <Search visit={visit} kind={kind} search={search} />
      ) : null}
      {found.length === 0 && search ? (
        <Notice kind="warn">{t('colleagues.notFound', { search })}</Notice>
      ) : possible.length === 0 ? (
        <Notice kind="warn">{t('colleagues.nobody')}</Notice>
      ) : null}
      {possible.length > 0 ? (
        <form method="post" action={`${here(visit)}/${PATHS[kind]}`} class="stack" novalidate>
          <input type="hidden" name="q" value={search} />
          <Possible visit={visit} possible={possible} typed={typed} deskOf={deskOf} />
          <Others visit={visit} others={others} deskOf={deskOf} />
          <div class="action row">
            <ButtonLink kind="quiet" href={here(visit)}>
              {t('desk.back')}
            </ButtonLink>
            <button type="submit" class="button" id="action">
              {t(`colleagues.submit.${kind}`)}
            </button>
          </div>
        </form>
      ) : (
        <>
          <Others visit={visit} others={others} deskOf={deskOf} />
          <p class="action">
            <a class="button" id="action" href={here(visit)}>
              {t('desk.back')}
            </a>
          </p>
        </>
      )}
    </section>
  );
}

function Search({ visit, kind, search }: { visit: DeskVisit; kind: RequestKind; search: string }) {
  const { t } = visit;
  return (
    <search>
      <form method="get" action={`${here(visit)}/${PATHS[kind]}`} class="stack">
        <TextInput name="q" label={t('colleagues.search')} value={search} autocomplete="off" />
        <p>
          <button type="submit" class="button quiet">
            {t('colleagues.search.button')}
          </button>
        </p>
      </form>
    </search>
  );
}

interface ListProps {
  visit: DeskVisit;
  deskOf(candidate: Candidate): string;
}

function Possible(props: ListProps & { possible: readonly Candidate[]; typed: Typed }) {
  const { visit, possible, typed, deskOf } = props;
  const { t } = visit;
  return (
    <>
      <fieldset class={typed.error ? 'wrong' : undefined}>
        <legend class="legend">{t('colleagues.which')}</legend>
        <div class="choices">
          {possible.map((each, nth) => {
            const id = nth === 0 ? 'to' : `to-${each.staff}`;
            return (
              <div key={each.staff}>
                <div class="choice">
                  <input
                    type="radio"
                    name="to"
                    id={id}
                    value={each.staff}
                    checked={typed.to === each.staff}
                    aria-describedby={`${id}-more`}
                  />
                  <label for={id}>{each.name}</label>
                </div>
                <p class="choice-hint" id={`${id}-more`}>
                  {[deskOf(each), standingIn(visit, each)].filter(Boolean).join(' · ')}
                </p>
              </div>
            );
          })}
        </div>
      </fieldset>
      <TextInput
        name="note"
        label={t('colleagues.note')}
        hint={t('colleagues.note.hint')}
        value={typed.note}
        maxLength={LONGEST_NOTE}
        autocomplete="off"
      />
    </>
  );
}

function standingIn({ t }: DeskVisit, { state }: Candidate): string {
  if (state === 'available' || state === 'wrap_up' || state === 'in_call')
    return t(`colleagues.is.${state}`);
  return t('colleagues.is.unknown');
}

/** The people who can't be asked, with the reasons. */
function Others({ visit, others, deskOf }: ListProps & { others: readonly Candidate[] }) {
  const { t } = visit;
  if (others.length === 0) return null;
  return (
    <>
      <h3>{t('colleagues.others')}</h3>
      <ul class="unmarked">
        {others.map((each) => (
          <li key={each.staff}>
            {[each.name, deskOf(each)].filter(Boolean).join(', ')}:{' '}
            {t(`colleagues.why.${each.objection ?? 'away'}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
