import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES } from '../../src/lib/i18n/languages.ts';
import type { Finding, Source } from './imports.ts';

type Ast = ReturnType<IntlMessageFormat['getAst']>;
interface Message {
  line: number;
  text: string;
}

/** An hour that is not written "9:30": "9.30", "{time} h", "14 h", "9 am". `{hours} h` is how long something takes. */
const OTHER_HOUR =
  /\{(?!hours\b)\w+\} ?h\b|\b\d{1,2} ?h\b|\b\d{1,2}\.\d{2}\b(?!\.)|\b\d{1,2} ?[ap]\.?m\b/i;

/**
 * Checks that every text exists in every language, with the same values to fill in, and once: of two
 * with one key only the last would be used. Hours have one form.
 */
export function checkLocales(sources: Source[]): Finding[] {
  const catalogues = new Map<string, Map<string, Message>>();
  for (const { path, text } of sources) catalogues.set(path, messagesOf(text));
  const names = new Set([...catalogues.keys()].map((path) => path.split('/').slice(3).join('/')));
  const different = [...names].sort().flatMap((name) => {
    const paths = LANGUAGES.map((language) => `src/locales/${language}/${name}`);
    const keys = new Set(paths.flatMap((path) => [...(catalogues.get(path)?.keys() ?? [])]));
    return [...keys].flatMap((key) => compare(key, paths, catalogues));
  });
  return [
    ...different,
    ...LANGUAGES.flatMap((language) => repeated(language, catalogues)),
    ...otherHours(catalogues),
  ];
}

function otherHours(catalogues: Map<string, Map<string, Message>>): Finding[] {
  return [...catalogues].flatMap(([path, messages]) =>
    [...messages]
      .filter(([, { text }]) => OTHER_HOUR.test(text))
      .map(([key, { line }]) => ({
        path,
        line,
        message: `"${key}" has an hour that is not "9:30"`,
      })),
  );
}

function repeated(language: string, catalogues: Map<string, Map<string, Message>>): Finding[] {
  const first = new Map<string, string>();
  const own = [...catalogues].filter(([path]) => path.startsWith(`src/locales/${language}/`));
  return own.flatMap(([path, messages]) =>
    [...messages].flatMap(([key, { line }]) => {
      const other = first.get(key);
      first.set(key, path);
      return other ? [{ path, line, message: `the text "${key}" stands in ${other} too` }] : [];
    }),
  );
}

/** Checks that every text is used: its key is in the code, whole or as a template that may produce it. */
export function checkTextsUsed(locales: Source[], code: Source[]): Finding[] {
  const said = code.map(({ text }) => text).join('\n');
  const whole = new Set(
    [...said.matchAll(/['"]([a-z][\w-]*(?:\.[\w-]+)+)['"]/gi)].map((m) => m[1]),
  );
  const templates = [...said.matchAll(/`([\w-]+\.[^`\s]*?\$\{[^`]*)`/g)].map(
    ([, template = '']) =>
      new RegExp(
        `^${template
          .split(/\$\{[^}]*\}/)
          .map((each) => each.replaceAll(/[^\w-]/g, '\\$&'))
          .join('[\\w.-]+')}$`,
      ),
  );
  return locales
    .filter(({ path }) => path.startsWith(`src/locales/${LANGUAGES[0]}/`))
    .flatMap(({ path, text }) =>
      [...messagesOf(text)]
        .filter(([key]) => !whole.has(key) && !templates.some((each) => each.test(key)))
        .map(([key, { line }]) => ({ path, line, message: `the text "${key}" is said nowhere` })),
    );
}

function compare(
  key: string,
  paths: string[],
  catalogues: Map<string, Map<string, Message>>,
): Finding[] {
  const findings: Finding[] = [];
  let expected: { values: string; path: string } | null = null;
  for (const path of paths) {
    const message = catalogues.get(path)?.get(key);
    if (message === undefined) {
      findings.push({ path, line: 1, message: `the text "${key}" is missing` });
      continue;
    }
    const { line, text } = message;
    if (text.trim() === '') {
      findings.push({ path, line, message: `the text "${key}" is empty` });
      continue;
    }
    const values = valuesOf(text);
    if (values === null) {
      findings.push({ path, line, message: `"${key}" is no valid ICU message` });
    } else if (expected === null) {
      expected = { values, path };
    } else if (values !== expected.values) {
      const here = `"${key}" is filled with {${values}} here`;
      findings.push({
        path,
        line,
        message: `${here} but with {${expected.values}} in ${expected.path}`,
      });
    }
  }
  return findings;
}

function messagesOf(text: string): Map<string, Message> {
  const messages = new Map<string, Message>();
  const lines = text.split('\n');
  const add = (value: unknown, key: string, last: string) => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        add(inner, key === '' ? name : `${key}.${name}`, name);
      }
      return;
    }
    const line = lines.findIndex((one) => one.trimStart().startsWith(`${JSON.stringify(last)}:`));
    messages.set(key, { line: line + 1, text: String(value) });
  };
  add(JSON.parse(text), '', '');
  return messages;
}

/** The names that a message is filled with, in order; null when it can't be parsed. */
function valuesOf(text: string): string | null {
  try {
    const names = new Set<string>();
    collect(new IntlMessageFormat(text, 'ca').getAst(), names);
    return [...names].sort().join(', ');
  } catch {
    return null;
  }
}

function collect(ast: Ast, names: Set<string>): void {
  for (const element of ast) {
    // 0 is literal text, 7 the # of a plural: neither takes a value.
    if (element.type !== 0 && element.type !== 7) names.add(element.value);
    if ('options' in element && element.options) {
      for (const option of Object.values(element.options)) collect(option.value, names);
    }
    if ('children' in element) collect(element.children, names);
  }
}
