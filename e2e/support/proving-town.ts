import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the lines of an office, as a town file has them: see `writeTown`. */
function provingOffice(
  code: string,
  desks: number,
  { booking = '{}', languages = ['ca'] }: { booking?: string; languages?: string[] } = {},
): string[] {
  const named = (text: string) => `{ ${languages.map((each) => `${each}: ${text}`).join(', ')} }`;
  const codes = Array.from({ length: desks }, (_, index) => `taula-${index + 1}`);
  const everyDay = '[mon, tue, wed, thu, fri, sat, sun]';
  return [
    `  ${code}:`,
    `    name: ${named('Oficina de proves')}`,
    '    phone: { caller: "+34 930 000 010" }',
    '    slots: { leadMinutes: 60, horizonDays: 60, buffer: 5 }',
    `    booking: ${booking}`,
    '    procedures:',
    `      prova: { kind: procedure, name: ${named('Prova')}, channels: { phone: 10 }, identity: none }`,
    '    desks:',
    ...codes.map(
      (code) => `      ${code}: { name: ${code}, skills: all, languages: [ca], channels: [phone] }`,
    ),
    '    shifts:',
    ...codes.map(
      (code) =>
        `      - { desk: ${code}, weekdays: ${everyDay}, from: "00:00", to: "23:59", since: 2026-01-01 }`,
    ),
  ];
}

/** Returns the file of a town in four languages with one more office, `proves`. */
export const withProvingOffice = (town: string, desks: number): string => {
  const office = provingOffice('proves', desks, { languages: ['ca', 'es', 'en', 'eu'] });
  return town.replace(/^offices:$/m, (line) => [line, ...office].join('\n'));
};

/**
 * Writes a small town: one office, `oac`, whose desks work day and night, so that there are thousands of starts; one
 * procedure, `prova`, of ten minutes by phone. `booking`: the office's limits, as YAML has them. Answers the file's path.
 */
export function writeTown(folder: string, desks: number, booking = '{}'): string {
  const lines = [
    'town: { name: Provavila, timeZone: Europe/Madrid, languages: [ca], holidays: ES-CT }',
    'offices:',
    ...provingOffice('oac', desks, { booking }),
  ];
  const file = join(folder, 'town.yaml');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
