import type { Channel } from '../../domain/channel.ts';
import type { TownState } from '../../domain/office/state.ts';
import { type Finding, right, warning, wrong } from './report.ts';

/** Checks that there is a town, and that a desk serves each of its procedures. Pure. */
export function aboutTown(state: TownState, now: Temporal.Instant): Finding[] {
  if (!state.town) {
    return [
      wrong(
        'No town file was applied, so there is nothing to book.',
        'finestreta town apply FILE (docs/town-file.md).',
      ),
    ];
  }
  const offices = [...state.offices].filter(([, { retired }]) => !retired);
  const codes = offices.map(([code]) => code).join(', ') || 'none';
  return [
    right(`The town is ${state.town.name}; its offices: ${codes}.`),
    ...offices.flatMap(([code, office]) => aboutOffice(code, office, now)),
  ];
}

type OfficeState = TownState['offices'] extends ReadonlyMap<string, infer T> ? T : never;

function aboutOffice(code: string, office: OfficeState, now: Temporal.Instant): Finding[] {
  const findings: Finding[] = [];
  const today = dayIn(office.settings.timeZone, now);
  if (!today) {
    return [
      wrong(
        `${code}: this machine doesn't know the time zone ${office.settings.timeZone}.`,
        'Correct timeZone in the town file and apply it.',
      ),
    ];
  }
  findings.push(...aboutFeasts(code, office.settings, Temporal.PlainDate.from(today)));
  const desks = [...office.desks].filter(([, { retired }]) => !retired);
  const todo = 'Mend the town file and apply it.';
  const working = new Set(
    office.shifts.filter(({ until }) => !until || until >= today).map(({ desk }) => desk),
  );
  for (const [desk] of desks) {
    if (!working.has(desk)) {
      findings.push(
        warning(`${code}: ${desk} has no shift, now or later, so attends nobody.`, todo),
      );
    }
  }
  const attending = desks.filter(([desk]) => working.has(desk)).map(([, desk]) => desk);
  for (const [procedure, { retired, settings }] of office.procedures) {
    if (retired) continue;
    const able = attending.filter(({ skills }) => skills === 'all' || skills.includes(procedure));
    const channels = Object.keys(settings.channels) as Channel[];
    const alone = channels.filter((each) => !able.some(({ channels: of }) => of.includes(each)));
    if (alone.length === 0) continue;
    findings.push(
      warning(
        alone.length === channels.length
          ? `${code}: nobody attends ${procedure}, so it never has free times.`
          : `${code}: nobody attends ${procedure} by ${alone.join(', ')}.`,
        todo,
      ),
    );
  }
  return findings;
}

/** From this month on, the feasts of the next year are asked for: they have been published, appointments are offered then, and periods run into it. */
const NEXT_YEAR_FROM = 11;

/** Reports the years without local feasts. A town has two each year (Estatuto de los Trabajadores, art. 37.2), which don't count as working days (Ley 39/2015, art. 30). */
function aboutFeasts(
  code: string,
  { holidays, feastDays }: Pick<OfficeState['settings'], 'holidays' | 'feastDays'>,
  today: Temporal.PlainDate,
): Finding[] {
  if (holidays === 'none') return [];
  const { year, month } = today;
  const has = (each: number) => feastDays.some(({ from }) => from.startsWith(`${each}-`));
  return [year, ...(month >= NEXT_YEAR_FROM ? [year + 1] : [])]
    .filter((each) => !has(each))
    .map((each) =>
      warning(
        `${code}: no local feasts of ${each} are declared, so appointments are offered on them, and periods count them as working days.`,
        'Add them to feastDays of the town or of the office (docs/town-file.md), and apply the town file.',
      ),
    );
}

function dayIn(timeZone: string, now: Temporal.Instant): string | null {
  try {
    return now.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  } catch {
    return null;
  }
}

/** Reports staff who can't sign in yet. Pure. */
export function aboutStaff(staff: { total: number; withoutAccount: string[] }): Finding[] {
  if (staff.total === 0) {
    return [
      warning(
        'Nobody works here yet: nobody can sign in.',
        'List staff in the town file, or: finestreta staff add.',
      ),
    ];
  }
  const { withoutAccount } = staff;
  if (withoutAccount.length === 0) {
    return [right(`Staff: ${staff.total}, all set up.`)];
  }
  const some = withoutAccount.slice(0, 10).join(', ');
  const more = withoutAccount.length > 10 ? ` and ${withoutAccount.length - 10} more` : '';
  return [
    warning(
      `Staff: ${withoutAccount.length} of ${staff.total} haven't set themselves up: ${some}${more}.`,
      'finestreta staff invite EMAIL makes a link for them again.',
    ),
  ];
}
