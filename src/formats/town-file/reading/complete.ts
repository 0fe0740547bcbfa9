import { listedChat } from '../../../domain/office/chat/topics.ts';
import { DEFAULT_OUTCOMES, DEFAULT_WRAP_UP_CODES } from '../../../domain/office/defaults.ts';
import { lookOf } from '../../../domain/office/look.ts';
import type {
  Coded,
  Named,
  TownClosure,
  TownFile,
  TownOffice,
  WrittenOffice,
  WrittenTown,
} from '../../../domain/office/schema.ts';
import type { RequestSettings, WrittenRequests } from '../../../domain/requests/schema.ts';
import type { Texts } from '../../../lib/i18n/languages.ts';

/** Fills in the values that offices inherit from the town, and normalises days and moments. */
export function completeTown(written: WrittenTown): TownFile {
  const offices = Object.entries(written.offices).map(
    ([code, office]) => [code, completeOffice(written, office)] as const,
  );
  const staff = written.staff.map((each) => ({ ...each, email: each.email.toLowerCase() }));
  return { ...written, offices: Object.fromEntries(offices), staff };
}

function completeOffice({ town }: WrittenTown, office: WrittenOffice): TownOffice {
  const { requests, ...rest } = office;
  return {
    ...rest,
    ...(requests && { requests: completeRequests(requests) }),
    timeZone: office.timeZone ?? town.timeZone,
    country: town.country,
    smsFrom: office.smsFrom ?? town.name,
    languages: office.languages ?? town.languages,
    holidays: office.holidays ?? town.holidays,
    feastDays: [...town.feastDays, ...office.feastDays].map(completeClosure),
    openDays: [...new Set([...town.openDays, ...office.openDays])],
    closures: office.closures.map(completeClosure),
    absences: office.absences.map((each) => ({
      ...each,
      from: each.from.includes('T') ? each.from : `${each.from}T00:00`,
      to: each.to.includes('T') ? each.to : `${nextDay(each.to)}T00:00`,
    })),
    themes: listed(office.themes),
    outcomes: listed(office.outcomes ?? DEFAULT_OUTCOMES),
    wrapUpCodes: listed(office.wrapUpCodes ?? DEFAULT_WRAP_UP_CODES),
    queries: listed(office.queries),
    sites: withCodes(office.sites),
    acts: withCodes(office.acts),
    teams: withCodes(office.teams),
    chat: listedChat(office.chat),
    habilitated: office.habilitated.map((each) => ({ ...each, email: each.email.toLowerCase() })),
    look: { ...lookOf(town), ...office.look },
  };
}

const completeRequests = ({
  reasons,
  templates,
  types,
  ...rest
}: WrittenRequests): RequestSettings => ({
  ...rest,
  reasons: withCodes(reasons),
  templates: withCodes(templates),
  types: withCodes(types),
});

function completeClosure(each: {
  date?: string;
  from?: string;
  to?: string;
  why?: Texts;
}): TownClosure {
  const from = each.date ?? each.from ?? '';
  return { from, to: each.date ?? each.to ?? from, ...(each.why && { why: each.why }) };
}

const withCodes = <T extends object>(byCode: Record<string, T>): (T & { code: string })[] =>
  Object.entries(byCode).map(([code, each]) => ({ code, ...each }));

const listed = (byCode: Record<string, Named>): Coded[] => withCodes(byCode);

function nextDay(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString();
}
