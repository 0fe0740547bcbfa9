import { HtmlValidate } from 'html-validate';
import { renderToString } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { datesIn } from '../lib/i18n/dates.ts';
import { translateTo } from '../lib/i18n/translate.ts';
import { DateInput, Radios, TextInput } from './forms.tsx';
import { daysOf, instantOf } from './slot-days.ts';
import { SlotPicker } from './slot-picker.tsx';
import { styleOf } from './theme.ts';

const zone = 'Europe/Madrid';
const at = (text: string) =>
  Temporal.ZonedDateTime.from(`${text}[${zone}]`).epochMilliseconds / 60_000;

test('each time is named by its day and hour, and the chosen one is checked', () => {
  const html = renderToString(
    <SlotPicker
      t={translateTo('en')}
      dates={datesIn('en', zone)}
      now={instantOf(at('2026-12-08T12:00'))}
      days={daysOf([at('2026-12-09T09:20'), at('2026-12-09T09:40')], zone)}
      chosen={instantOf(at('2026-12-09T09:40'))}
      legend="Choose a time"
    />,
  );
  expect(html).toMatch(/aria-label="Wednesday.? 9 December, 0?9:20"\/><span>0?9:20</);
  expect(html.match(/ checked/g)).toHaveLength(1);
  expect(html).toMatch(/value="2026-12-09T08:40:00Z" checked/);
  expect(html).toContain('<span class="soft"> (tomorrow)</span></h2>');
});

const picker = (count: number, chosen?: number) =>
  renderToString(
    <SlotPicker
      t={translateTo('en')}
      dates={datesIn('en', zone)}
      now={instantOf(at('2026-12-08T12:00'))}
      days={daysOf(
        Array.from({ length: count }, (_, i) => at('2026-12-09T08:00') + 15 * i),
        zone,
      )}
      chosen={chosen === undefined ? undefined : instantOf(chosen)}
      legend="Choose a time"
    />,
  );
/** A page with a time every five minutes, from 8:00. */
const fiveMinutely = (times: number, chosen?: number) =>
  renderToString(
    <SlotPicker
      t={translateTo('en')}
      dates={datesIn('en', zone)}
      now={instantOf(at('2026-12-09T07:00'))}
      days={daysOf(
        Array.from({ length: times }, (_, i) => at('2026-12-09T08:00') + 5 * i),
        zone,
      )}
      chosen={chosen === undefined ? undefined : instantOf(chosen)}
      legend="Choose a time"
    />,
  );
const labels = (html: string) =>
  [...html.matchAll(/<label[^>]*><input[^>]*><span>([^<]+)</g)].map(([, time]) => time);

test('of each hour four times are shown; the others open below, in the order of time', () => {
  const html = fiveMinutely(24);
  const [shown = '', rest = ''] = html.split('<details class="rest">');
  expect(labels(shown)).toEqual(
    ['8:00', '8:15', '8:30', '8:45', '9:00', '9:15', '9:30', '9:45'].map((each) =>
      expect.stringMatching(new RegExp(`^0?${each}$`)),
    ),
  );
  expect(labels(rest)).toHaveLength(16);
  expect(rest).toMatch(/<summary>More times \(16\)/);
  expect(html).toContain('24 free times');
  expect(html).toContain(' (today)</span></h2>');
  expect(fiveMinutely(4)).not.toContain('class="rest"');
});

test('a chosen time is open, even a less round one', () => {
  expect(fiveMinutely(24, at('2026-12-09T08:20'))).toContain('<details class="rest" open');
});

const count = (html: string, what: RegExp) => html.match(what)?.length ?? 0;

test('beyond a dozen times, each hour has a line', () => {
  expect(count(picker(12), /class="slots"/g)).toBe(1);
  expect(count(picker(13), /class="slots"/g)).toBe(4);
});

test('a long day is split into morning and afternoon, and a very long one into parts that open and close', () => {
  const parted = picker(24 + 1).replace(/9 December/g, '');
  expect(count(parted, /<details class="part"/g)).toBe(2);
  expect(count(parted, /<details class="part" open/g)).toBe(1);
  expect(parted).toMatch(
    /<h3>Morning<\/h3> <span class="soft"><span class="hide">, <\/span>24 free times/,
  );
  expect(parted).toMatch(
    /<h3>Afternoon<\/h3> <span class="soft"><span class="hide">, <\/span>1 free time</,
  );
  expect(picker(24)).not.toContain('class="part"'); // all in the morning
});

test('the open part is the one with the chosen time', () => {
  const html = picker(30, at('2026-12-09T14:15'));
  expect(html).toMatch(/<details class="part"><summary><h3>Morning/);
  expect(html).toMatch(/<details class="part" open><summary><h3>Afternoon/);
});

test('an error is linked to its field', async () => {
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
