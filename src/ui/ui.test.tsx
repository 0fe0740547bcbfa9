import { HtmlValidate } from 'html-validate';
import { renderToString } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { datesIn } from '../lib/i18n/dates.ts';
import { translateTo } from '../lib/i18n/translate.ts';
import { DateInput, Radios, TextInput } from './forms.tsx';
import { daysOf, SlotPicker } from './slot-picker.tsx';
import { styleOf } from './theme.ts';

const zone = 'Europe/Madrid';
const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[${zone}]`).toInstant();

test('days are those of the zone, not of UTC', () => {
  const starts = [at('2026-12-09T23:45'), at('2026-12-10T00:15'), at('2026-12-10T09:00')];
  expect(daysOf(starts, zone).map((each) => [each.key, each.starts.length])).toEqual([
    ['2026-12-09', 1],
    ['2026-12-10', 2],
  ]);
});

test('each time is named by its day and hour, and the chosen one is checked', () => {
  const html = renderToString(
    <SlotPicker
      t={translateTo('en')}
      dates={datesIn('en', zone)}
      timeZone={zone}
      starts={[at('2026-12-09T09:20'), at('2026-12-09T09:40')]}
      chosen={at('2026-12-09T09:40').toString()}
      legend="Choose a time"
    />,
  );
  expect(html).toMatch(/aria-label="Wednesday.? 9 December, 0?9:20"\/><label for="start">0?9:20</);
  expect(html.match(/ checked/g)).toHaveLength(1);
  expect(html).toMatch(/value="2026-12-09T08:40:00Z" checked/);
});

test('beyond a dozen times, morning and afternoon stand apart', () => {
  const picker = (count: number) =>
    renderToString(
      <SlotPicker
        t={translateTo('en')}
        dates={datesIn('en', zone)}
        timeZone={zone}
        starts={Array.from({ length: count }, (_, i) =>
          at('2026-12-09T09:00').add({ minutes: 40 * i }),
        )}
        legend="Choose a time"
      />,
    );
  expect(picker(12)).not.toContain('Afternoon');
  expect(picker(13)).toContain('Afternoon');
});

test('an error is tied to its field', async () => {
  const html = renderToString(
    <form action="/x" method="post">
      <TextInput name="phone" label="Phone" hint="With prefix" error="Write it again" type="tel" />
      <Radios name="a" label="A" options={[{ value: 'b', label: 'B' }]} error="Choose one" />
      <DateInput
        name="on"
        label="Day"
        labels={{ day: 'Day', month: 'Month', year: 'Year' }}
        error="Write a day"
      />
      <button type="submit">Go</button>
    </form>,
  );
  expect(html).toContain('aria-describedby="phone-hint phone-error"');
  expect(html).toContain('aria-invalid="true"');
  const report = await new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: { 'void-style': 'off' },
  }).validateString(html);
  expect(report.results.flatMap((each) => each.messages)).toEqual([]);
});

test('a theme overrides the accent in both schemes, and only with colours', () => {
  const accentInk = { light: '#ffffff', dark: '#000000' };
  const style = styleOf({ accent: { light: '#7a1f3d', dark: '#f0a0b8' }, accentInk });
  expect(style?.css).toContain('--accent:#7a1f3d');
  expect(style?.css).toContain('--accent:#f0a0b8');
  expect(style?.source).toMatch(/^'sha256-[\w+/]+=*'$/);
  const evil = 'red}</style><script>';
  expect(styleOf({ accent: { light: evil, dark: evil }, accentInk })).toBeNull();
});
