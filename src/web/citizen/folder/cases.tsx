import type { Office } from '../../../domain/office/types.ts';
import { AMENDING } from '../../../features/service/cases/rules.ts';
import { type Case, DRAFT } from '../../../features/service/cases/types.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { Say } from '../../../ui/parts.tsx';
import { actsForIt } from '../cases/applicant/represented.tsx';
import type { CitizenDeps, PersonVisit } from '../visit.tsx';

type Deps = Pick<CitizenDeps, 'cases'>;

/** A case of a person, with the office that has it. */
export interface OwnCase {
  of: Case;
  office: Office;
  /** The name of the person for whom they began it; null: it is their own, or an organisation's. */
  whom: string | null;
}

/** Returns the cases that a person began, of an organisation only while they identify with its certificate, and the drafts that officials began with them, with their offices. */
export async function casesOf(
  { cases, offices, representations }: Pick<CitizenDeps, 'cases' | 'offices' | 'representations'>,
  { viewer, session, t }: PersonVisit,
): Promise<OwnCase[]> {
  const own = await cases.ofPerson(viewer);
  const found = [
    ...own.filter(({ representation: by }) => !by?.organisation || actsForIt(session, by)),
    ...(await cases.begunWith(viewer)),
  ];
  const whomOf = async ({ person, representation: by }: Case) =>
    by?.id && person !== viewer.person
      ? (await representations.acting(viewer, by.id)).name || t('representation.somebody')
      : null;
  return Promise.all(
    found.map(async (of) => ({
      of,
      office: await offices.byId(of.office),
      whom: await whomOf(of),
    })),
  );
}

/** What a person began on-line, and what they handed in, in their folder. Nothing where there is none. */
export function Cases(props: { deps: Deps; visit: PersonVisit; cases: readonly OwnCase[] }) {
  const { deps, visit, cases } = props;
  const { t, to } = visit;
  if (cases.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="folder-cases">
      <h2 id="folder-cases">{t('case.folder.title')}</h2>
      <ul class="sent">
        {cases.map((each) => (
          <li key={each.of.id}>
            <p>
              <a href={to.case(deps.cases.secretOf(each.of))}>
                <Say of={each.office.procedure(each.of.procedure)?.name} t={t} />
              </a>
            </p>
            <p class="soft">
              <Say of={each.office.name} t={t} />. {whenOf(visit, each)}
            </p>
            {each.whom ? <p class="soft">{t('case.folder.for', { name: each.whom })}</p> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function whenOf({ t, language }: PersonVisit, { of, office }: OwnCase): string {
  const { longDay } = datesIn(language, office.timeZone);
  if (of.state === DRAFT)
    return t('case.folder.draft', { day: of.discardAt ? longDay(of.discardAt) : '' });
  if (of.state === AMENDING && of.stateDue) {
    const due = of.stateDue.toZonedDateTime(office.timeZone).toInstant();
    return t('case.folder.amend', { day: longDay(due) });
  }
  if (of.atOnce === 'issued') return t('case.folder.issued', { day: longDay(of.stateAt) });
  return t('case.folder.handedIn', { day: longDay(of.handedInAt ?? of.stateAt) });
}
