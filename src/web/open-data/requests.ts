import type { Office, Town } from '../../domain/office/types.ts';
import { FEWEST } from '../../features/insight/statistics/rules.ts';
import type { OpenRequestRow, PublishedFigures } from '../../features/insight/statistics/types.ts';
import { REQUEST_INDICATORS } from '../../features/insight/statistics/types.ts';
import { inEach } from './dictionary.ts';
import { KEPT_BACK, LICENCE, nameIn } from './files.ts';

/** The columns of the figures of requests. */
export const REQUEST_COLUMNS = [
  'Any',
  'Mes',
  'Classe',
  'Tipus',
  'Districte',
  'Indicador',
  'Valor',
  'Unitat',
] as const;

/** Returns the unit of an indicator of requests. */
export const requestUnitOf = (indicator: OpenRequestRow['indicator']): 'days' | 'requests' =>
  indicator === 'requestDays' || indicator === 'requestWorkingDays' ? 'days' : 'requests';

const cellsOf = (row: OpenRequestRow) => ({
  Any: Number(row.month.slice(0, 4)),
  Mes: Number(row.month.slice(5, 7)),
  Classe: row.kind,
  Tipus: row.type,
  Districte: row.area,
  Indicador: row.indicator,
  Valor: row.value,
  Unitat: requestUnitOf(row.indicator),
});

/** Returns one figure per line (RFC 4180). Codes have no comma, so nothing is quoted. */
export function requestsCsv(rows: readonly OpenRequestRow[]): string {
  const lines = rows.map((row) => {
    const cells = { ...cellsOf(row), Valor: row.value ?? KEPT_BACK };
    return REQUEST_COLUMNS.map((name) => cells[name] ?? '').join(',');
  });
  return `${[REQUEST_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Returns the same with its dictionary, and the types and districts that the office has now. */
export function requestsJson(
  about: { town: Town; office: Office; districts: readonly { code: string; name: object }[] },
  { edition, rows }: PublishedFigures<OpenRequestRow>,
): object {
  const { town, office, districts } = about;
  const named = (t: { language: keyof Office['name'] }) => ({ office: nameIn(office, t.language) });
  return {
    title: inEach((t) => t('open.requests.title', named(t))),
    description: inEach((t) => t('open.requests.text', named(t))),
    publisher: town.mailFrom ?? town.name,
    licence: LICENCE,
    issued: edition?.at.toString() ?? null,
    fewest: FEWEST,
    columns: REQUEST_COLUMNS.map((name) => ({
      name,
      description: inEach((t) => t(`open.column.${name}`)),
    })),
    indicators: REQUEST_INDICATORS.map((code) => ({
      code,
      unit: requestUnitOf(code),
      name: inEach((t) => t(`open.indicator.${code}`)),
    })),
    types: (office.settings.requests?.types ?? []).map(({ code, kind, name }) => ({
      code,
      kind,
      name,
    })),
    districts: districts.map(({ code, name }) => ({ code, name })),
    figures: rows.map(cellsOf),
  };
}
