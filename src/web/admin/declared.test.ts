import { expect, test } from 'vitest';
import type { z } from 'zod';
import { isTexts } from '../../domain/office/fields.ts';
import { townFileSchema } from '../../domain/office/schema.ts';
import { partsOf, WORDED_KINDS } from '../../domain/office/wording.ts';
import type { Declaration } from '../../features/booking/administration/types.ts';
import { defOf, unwrapped } from '../../formats/town-file/reading/words.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { deskFields } from './desks.tsx';
import { pageForMending } from './places.ts';
import { procedureFields } from './procedures/fields.ts';
import { fieldsOf } from './section-fields.ts';
import { SECTIONS } from './sections.ts';
import type { Field } from './types.ts';

/**
 * The parts that no form of the administration shows, with the reason. `*` stands for any code or place
 * in a list.
 */
const FILE_ONLY: Record<string, string> = {
  town: "the town is nobody's of its offices: an administrator acts within one office's walls",
  staff: 'people have pages of their own, and an operator theirs',
  'offices.*.timeZone': 'it moves every time of day that was promised to somebody',
  'offices.*.phone.exchange':
    'who sets an extension is given its password, and one exchange is many offices’',
  'offices.*.video.captions': 'who sets the engine’s address is given what people say in calls',
  'offices.*.teams': 'it names people, as roles do, and decides who reads their cases',
  'offices.*.chat': 'topics have hours, a list within a list, which no form has',
  'offices.*.requests':
    'its types name teams, which are only in the file, and areas, which are drawn elsewhere',
  'offices.*.shifts': 'shifts are changed in the rota, by who coordinates',
  'offices.*.absences': 'absences are written down in the rota, by who coordinates',
};

/**
 * Returns every place of the schema that holds a value, as a path with `*` for codes and places in a list.
 */
function placesOf(schema: z.core.$ZodType, at: string): string[] {
  const inner = unwrapped(schema);
  const def = defOf(inner);
  const below = (key: string, child: z.core.$ZodType) => placesOf(child, at ? `${at}.${key}` : key);
  if (isTexts(inner)) return [at];
  if (def.type === 'object')
    return Object.entries(def.shape).flatMap(([key, child]) => below(key, child));
  if (def.type === 'record') return below('*', def.valueType);
  if (def.type === 'array' && defOf(unwrapped(def.element)).type === 'object')
    return below('*', def.element);
  return [at];
}

const t = translateTo('ca');
const state = {
  settings: { themes: [], languages: [], sites: [{ code: 'centre', name: {} }] },
  procedures: new Map(),
} as unknown as Declaration['state'];

const asked = (fields: readonly Field[], at: string): string[] =>
  fields.flatMap((field) => {
    const here = `${at}.${field.key}`;
    if (field.kind === 'group') return asked(field.fields, here);
    // Forms ask for closed days as two days; a `date` is the short form of that.
    const more = field.key === 'from' ? [`${at}.date`] : [];
    if (field.kind === 'words') return [`${here}.*`];
    if (field.kind !== 'rows') return [here, ...more];
    const code = field.coded ? [`${here}.*.code`] : [];
    return [here, ...code, ...asked(field.fields, `${here}.*`)];
  });

test('each part of an office in the town file is in a form, or only in the file for a reason', () => {
  const offered = { openDays: [], regions: [], procedures: [] };
  const shown = new Set([
    ...SECTIONS.flatMap((each) => asked(fieldsOf(t, each, offered), 'offices.*')),
    ...asked(procedureFields({ t }, { state }), 'offices.*.procedures.*'),
    ...asked(deskFields({ t }, { state }), 'offices.*.desks.*'),
    ...WORDED_KINDS.flatMap((kind) =>
      partsOf(kind).map((part) => `offices.*.wording.*.${part.join('.')}`),
    ),
  ]);
  const places = placesOf(townFileSchema, '');
  const isFileOnly = (place: string) =>
    Object.keys(FILE_ONLY).some((each) => place === each || place.startsWith(`${each}.`));
  expect(places.length).toBeGreaterThan(120);
  expect(places.filter((each) => !isFileOnly(each) && !shown.has(each))).toEqual([]);
  // The file-only parts are in no form, and are still in the file.
  for (const each of Object.keys(FILE_ONLY)) {
    expect([each, places.some((place) => place === each || place.startsWith(`${each}.`))]).toEqual([
      each,
      true,
    ]);
    expect([...shown].filter((place) => place.startsWith(each))).toEqual([]);
  }
});

test('every mistake in a part has a page where it can be corrected', () => {
  const officeSchema = defOf(
    unwrapped((defOf(unwrapped(townFileSchema)) as z.core.$ZodObjectDef).shape.offices!),
  ) as z.core.$ZodRecordDef;
  const parts = Object.keys((defOf(officeSchema.valueType) as z.core.$ZodObjectDef).shape);
  const without = parts.filter(
    (part) => pageForMending({ field: [part, 'x'], slip: undefined }) === null,
  );
  expect(without).toEqual(['timeZone', 'shifts', 'absences', 'teams', 'chat', 'requests']);
  expect(pageForMending({ field: ['wording', WORDED_KINDS[0]], slip: undefined })).toBe(
    'wording?kind=confirmation',
  );
});
