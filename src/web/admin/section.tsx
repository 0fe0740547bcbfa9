import { holidayRegions, publicHolidays } from '../../domain/office/calendar/holidays.ts';
import type { TownDesk, TownProcedure } from '../../domain/office/schema.ts';
import type { OfficeSettings } from '../../domain/office/types.ts';
import type { Declaration } from '../../features/booking/administration/types.ts';
import { floored, LEAST_CONTRAST, meetings } from '../../formats/town-file/look/colours.ts';
import { SIGN_LANGUAGES, textIn } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Notice, Table, Tag } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { numbersIn } from '../numbers.ts';
import { adminBase } from './places.ts';
import type { Offered } from './section-fields.ts';
import { type SectionName, sheetOf } from './sections.ts';
import { type AdminDeps, type SheetPage, sheetPage } from './sheet.tsx';
import type { Choice, Value } from './types.ts';

/** `/console/{office}/admin/{section}`: one form over one part of the office's declaration. */
export function sectionPage(deps: AdminDeps, section: SectionName) {
  const pageOf = (visit: DeskVisit, declaration: Declaration): SheetPage => {
    const { t } = visit;
    return {
      title: t(`admin.section.${section}`),
      lead: t(`admin.lead.${section}`),
      here: `${adminBase(visit)}/${section}`,
      back: { href: adminBase(visit), text: t('admin.title') },
      // The register of officials is in no version.
      canDraft: section !== 'acts',
      sheet: sheetOf(t, section, offeredBy(visit, declaration, section)),
      before: section === 'retention' ? <Notice>{t('admin.retention.law')}</Notice> : undefined,
      ...(section === 'languages' && { besides: withoutLanguages }),
      after: afterOf(t, section, declaration),
    };
  };
  return sheetPage(deps, pageOf);
}

/** Returns the choices of a section that depend on the office. */
function offeredBy(visit: DeskVisit, declaration: Declaration, section: SectionName): Offered {
  const { t } = visit;
  const { settings, procedures } = declaration.state;
  return {
    openDays: section === 'closures' ? holidaysOf(visit, declaration) : [],
    regions: section === 'languages' ? regionsOf(t, settings) : [],
    procedures: [...procedures]
      .filter(([, each]) => !each.retired)
      .map(([value, each]) => ({ value, label: textIn(each.settings.name, t.language) || value })),
  };
}

/** Returns the regions of the town's country, "none", and the office's present one. */
function regionsOf(t: Translate, { country, holidays }: OfficeSettings): Choice[] {
  const regions = holidayRegions(country, t.language).map(({ code, name }) => ({
    value: code,
    label: name,
  }));
  const all = [...regions, { value: 'none', label: t('admin.choice.holidays.none') }];
  return all.some(({ value }) => value === holidays)
    ? all
    : [...all, { value: holidays, label: holidays }];
}

/** Removes languages that the office doesn't offer from its desks and search words. */
function withoutLanguages(office: Value): Value {
  const offered = [...(office.languages as string[]), ...SIGN_LANGUAGES];
  const each = <T,>(things: unknown, change: (thing: T) => object) =>
    Object.fromEntries(
      Object.entries((things ?? {}) as Record<string, T>).map(([code, thing]) => [
        code,
        { ...thing, ...change(thing) },
      ]),
    );
  const searched = ({ keywords }: Partial<Pick<TownProcedure, 'keywords'>>) =>
    keywords
      ? {
          keywords: Object.fromEntries(
            Object.entries(keywords).filter(([language]) => offered.includes(language)),
          ),
        }
      : {};
  const requests = office['requests'] as { types?: unknown } | undefined;
  return {
    ...office,
    desks: each(office['desks'], ({ languages }: TownDesk) => ({
      languages: languages.filter((language) => offered.includes(language)),
    })),
    procedures: each(office['procedures'], searched),
    ...(requests && { requests: { ...requests, types: each(requests.types, searched) } }),
  };
}

function afterOf(t: Translate, section: SectionName, declaration: Declaration): SheetPage['after'] {
  if (section === 'look') return (value) => <Contrasts t={t} value={value} />;
  if (section === 'telephone') return () => <Exchange t={t} declaration={declaration} />;
  return undefined;
}

/**
 * The exchange that desks call through, read-only: a person who could change an extension would get its
 * password, and several
 * offices share one exchange.
 */
function Exchange({ t, declaration: { state } }: { t: Translate; declaration: Declaration }) {
  const exchange = state.settings.phone?.exchange;
  const desks = [...state.desks].filter(([, each]) => !each.retired);
  return (
    <section aria-labelledby="exchange">
      <h2 id="exchange">{t('admin.exchange.title')}</h2>
      <p>{t(exchange ? 'admin.exchange.text' : 'admin.exchange.none')}</p>
      {exchange ? (
        <>
          <dl class="facts">
            <dt>{t('admin.exchange.url')}</dt>
            <dd>
              <code>{exchange.url}</code>
            </dd>
            <dt>{t('admin.exchange.domain')}</dt>
            <dd>
              <code>{exchange.domain}</code>
            </dd>
          </dl>
          <Table
            caption={t('admin.exchange.desks')}
            columns={[
              { head: t('admin.stranded.desk'), cell: ([, { name }]) => name },
              {
                head: t('admin.exchange.extension'),
                cell: ([code]) => exchange.desks[code] ?? t('admin.exchange.noExtension'),
              },
            ]}
            rows={desks}
            keyOf={([code]) => code}
          />
        </>
      ) : null}
    </section>
  );
}

/** Returns the public holidays from today on, and the other days on which the office works. */
function holidaysOf(visit: DeskVisit, { state, full }: Declaration) {
  const { t, now, office } = visit;
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const computed = [today.year, today.year + 1].flatMap((year) => [
    ...publicHolidays(state.settings.holidays, year).keys(),
  ]);
  const own = (full.openDays ?? []) as string[];
  const shared = new Set(state.settings.openDays.filter((day) => !own.includes(day)));
  const coming = computed.filter((day) => day >= today.toString() && !shared.has(day));
  return [...new Set([...coming, ...own])]
    .sort()
    .map((day) => ({ value: day, label: dayIn(t, day) }));
}

const dayIn = (t: Translate, day: string): string =>
  new Intl.DateTimeFormat(t.language, { dateStyle: 'full', timeZone: 'UTC' }).format(
    Temporal.Instant.from(`${day}T12:00:00Z`).epochMilliseconds,
  );

/** The contrast of each of the form's colours, in figures and words. */
function Contrasts({ t, value }: { t: Translate; value: Value }) {
  const { oneDecimal } = numbersIn(t.language);
  const look = (value.look ?? {}) as Record<string, Record<string, string> | undefined>;
  const rows = (['light', 'dark'] as const).flatMap((mode) =>
    (['ink', 'paper', 'tint', 'hovered'] as const).flatMap((what) => {
      const met = meetings(mode, look.accent?.[mode] ?? '', look.accentInk?.[mode] ?? '');
      const ratios = met.filter((each) => each.with === what).map((each) => each.ratio);
      return ratios.length > 0 ? [{ mode, what, ratio: Math.min(...ratios) }] : [];
    }),
  );
  return (
    <div>
      {rows.length > 0 ? (
        <Table
          caption={t('admin.look.caption')}
          columns={[
            { head: t('admin.look.pair'), cell: ({ what }) => t(`admin.look.with.${what}`) },
            { head: t('admin.look.mode'), cell: ({ mode }) => t(`admin.field.${mode}`) },
            {
              head: t('admin.look.ratio'),
              number: true,
              cell: ({ ratio }) => `${oneDecimal(floored(ratio))} : 1`,
            },
            {
              head: t('admin.look.verdict'),
              cell: ({ ratio }) =>
                ratio >= LEAST_CONTRAST ? (
                  <Tag kind="good">{t('admin.look.good')}</Tag>
                ) : (
                  <Tag kind="bad">{t('admin.look.bad')}</Tag>
                ),
            },
          ]}
          rows={rows}
          keyOf={({ mode, what }) => `${mode} ${what}`}
        />
      ) : null}
      <p>
        <button type="submit" class="button quiet" name="act" value="look-at">
          {t('admin.look.check')}
        </button>
      </p>
    </div>
  );
}
