import { INDICATORS, type Indicator } from '../../features/insight/statistics/rules.ts';
import { translateTo } from '../../lib/i18n/translate.ts';

/** The file's columns, named as Open Data BCN names its own. */
export const COLUMNS = [
  'Any',
  'Mes',
  'Canal',
  'Tema',
  'Idioma',
  'Indicador',
  'Valor',
  'Unitat',
] as const;

/** The languages of data descriptions, in any town: the languages of the data catalogues. */
export const DESCRIBED_IN = ['ca', 'es', 'en'] as const;
type Described = Record<(typeof DESCRIBED_IN)[number], string>;

export const inEach = (say: (t: ReturnType<typeof translateTo>) => string): Described =>
  Object.fromEntries(DESCRIBED_IN.map((each) => [each, say(translateTo(each))])) as Described;

/** Returns the unit of an indicator. */
export function unitOf(
  indicator: Indicator,
): 'appointments' | 'items' | 'days' | 'minutes' | 'answers' | 'cases' {
  switch (indicator) {
    case 'procedures':
    case 'queries':
      return 'items';
    case 'wait':
      return 'days';
    case 'delay':
    case 'length':
      return 'minutes';
    case 'cases':
    case 'casesOnline':
    case 'casesAssisted':
      return 'cases';
    case 'appointments':
    case 'attended':
    case 'missed':
    case 'cancelled':
    case 'open':
      return 'appointments';
    default:
      return 'answers';
  }
}

export const known = (indicator: string): Indicator =>
  INDICATORS.find((each) => each === indicator) ?? 'appointments';

/** Returns the descriptions of columns and indicators. */
export const dictionary = () => ({
  columns: COLUMNS.map((name) => ({ name, description: inEach((t) => t(`open.column.${name}`)) })),
  indicators: INDICATORS.map((code) => ({
    code,
    unit: unitOf(code),
    name: inEach((t) => t(`open.indicator.${code}`)),
  })),
});
