/** Returns the number formats of a language; an unknown number becomes a dash. */
export function numbersIn(language: string) {
  const format = (options: Intl.NumberFormatOptions) => {
    const formatter = new Intl.NumberFormat(language, options);
    return (value: number | null | undefined) => (value == null ? '–' : formatter.format(value));
  };
  const percent = format({ style: 'percent', maximumFractionDigits: 1 });
  const unit = (name: string, digits: number) =>
    format({ style: 'unit', unit: name, maximumFractionDigits: digits });
  return {
    count: format({ maximumFractionDigits: 0 }),
    number: format({ maximumFractionDigits: 1 }),
    /** For figures in a column. */
    oneDecimal: format({ minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    share: (part: number, of: number) => percent(of > 0 ? part / of : null),
    /** A share with its sign. */
    growth: format({ style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
    percent: (value: number | null) => percent(value === null ? null : value / 100),
    ms: unit('millisecond', 0),
    seconds: unit('second', 1),
    minutes: unit('minute', 0),
  };
}
export type Numbers = ReturnType<typeof numbersIn>;
