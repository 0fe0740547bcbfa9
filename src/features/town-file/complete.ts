import type { Texts } from '../../lib/i18n/languages.ts';
import { DEFAULT_LOOK, DEFAULT_OUTCOMES, DEFAULT_WRAP_UP_CODES } from './defaults.ts';
import type {
  Coded,
  Named,
  TownBody,
  TownClosure,
  TownFile,
  WrittenBody,
  WrittenTown,
} from './schema.ts';

/** Fills in what bodies inherit from the town, and gives days and moments one form. */
export function completeTown(written: WrittenTown): TownFile {
  const bodies = Object.entries(written.bodies).map(
    ([code, body]) => [code, completeBody(written, body)] as const,
  );
  const staff = written.staff.map((each) => ({ ...each, email: each.email.toLowerCase() }));
  return { ...written, bodies: Object.fromEntries(bodies), staff };
}

/** The look of what speaks for no body. */
export const lookOf = ({ look }: Pick<WrittenTown['town'], 'look'>): TownBody['look'] => ({
  ...DEFAULT_LOOK,
  ...look,
});

function completeBody({ town }: WrittenTown, body: WrittenBody): TownBody {
  return {
    ...body,
    timeZone: body.timeZone ?? town.timeZone,
    country: town.country,
    languages: body.languages ?? town.languages,
    holidays: body.holidays ?? town.holidays,
    feastDays: [...town.feastDays, ...body.feastDays].map(completeClosure),
    openDays: [...new Set([...town.openDays, ...body.openDays])],
    closures: body.closures.map(completeClosure),
    absences: body.absences.map((each) => ({
      ...each,
      from: each.from.includes('T') ? each.from : `${each.from}T00:00`,
      to: each.to.includes('T') ? each.to : `${nextDay(each.to)}T00:00`,
    })),
    themes: listed(body.themes),
    outcomes: listed(body.outcomes ?? DEFAULT_OUTCOMES),
    wrapUpCodes: listed(body.wrapUpCodes ?? DEFAULT_WRAP_UP_CODES),
    queries: listed(body.queries),
    acts: Object.entries(body.acts).map(([code, act]) => ({ code, ...act })),
    habilitated: body.habilitated.map((each) => ({ ...each, email: each.email.toLowerCase() })),
    look: { ...lookOf(town), ...body.look },
  };
}

function completeClosure(each: {
  date?: string;
  from?: string;
  to?: string;
  why?: Texts;
}): TownClosure {
  const from = each.date ?? each.from ?? '';
  return { from, to: each.date ?? each.to ?? from, ...(each.why && { why: each.why }) };
}

const listed = (byCode: Record<string, Named>): Coded[] =>
  Object.entries(byCode).map(([code, named]) => ({ code, ...named }));

function nextDay(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString();
}
