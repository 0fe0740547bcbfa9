import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a small town: one office, `oac`, whose desks work day and night, so that there are thousands of starts; one
 * procedure, `prova`, of ten minutes by phone. `booking`: the office's limits, as YAML has them. Answers the file's path.
 */
export function writeTown(folder: string, desks: number, booking = '{}'): string {
  const codes = Array.from({ length: desks }, (_, index) => `taula-${index + 1}`);
  const everyDay = '[mon, tue, wed, thu, fri, sat, sun]';
  const lines = [
    'town: { name: Provavila, timeZone: Europe/Madrid, languages: [ca], holidays: ES-CT }',
    'offices:',
    '  oac:',
    '    name: { ca: Oficina de proves }',
    '    phone: { caller: "+34 930 000 010" }',
    '    slots: { leadMinutes: 60, horizonDays: 60, buffer: 5 }',
    `    booking: ${booking}`,
    '    procedures:',
    '      prova: { kind: procedure, name: { ca: Prova }, channels: { phone: 10 }, identity: none }',
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
  const file = join(folder, 'town.yaml');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
