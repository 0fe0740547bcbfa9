import {
  floored,
  LEAST_CONTRAST,
  meetings,
  publicHolidays,
} from '../../features/town-file/rules.ts';
import type { Declaration } from '../../features/town-file/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Notice, Table, Tag } from '../../ui/parts.tsx';
import type { DeskVisit } from '../console/visit.tsx';
import { numbersIn } from '../numbers.ts';
import { adminBase } from './places.ts';
import { type SectionName, sheetOf } from './sections.ts';
import { type AdminDeps, type SheetPage, sheetPage } from './sheet.tsx';
import type { Value } from './types.ts';

/** `/console/{body}/admin/{section}`: one form over one part of what the body declares. */
export function sectionPage(deps: AdminDeps, section: SectionName) {
  const pageOf = (visit: DeskVisit, declaration: Declaration): SheetPage => {
    const { t } = visit;
    const days = section === 'closures' ? holidaysOf(visit, declaration) : [];
    return {
      title: t(`admin.section.${section}`),
      lead: t(`admin.lead.${section}`),
      here: `${adminBase(visit)}/${section}`,
      back: { href: adminBase(visit), text: t('admin.title') },
      sheet: sheetOf(t, section, days),
      before: section === 'retention' ? <Notice>{t('admin.retention.law')}</Notice> : undefined,
      after: section === 'look' ? (value) => <Contrasts t={t} value={value} /> : undefined,
    };
  };
  return sheetPage(deps, pageOf);
}

/** The public holidays from today on, and whatever else the body says it works on. */
function holidaysOf(visit: DeskVisit, { state, full }: Declaration) {
  const { t, now, body } = visit;
  const today = now.toZonedDateTimeISO(body.timeZone).toPlainDate();
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

/** How far each of the form's colours stands out from what it meets, in figures and words. */
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
      <p>
        <button type="submit" class="button quiet" name="act" value="look-at">
          {t('admin.look.check')}
        </button>
      </p>
    </div>
  );
}
